"""Sound on the ESP32-C3: a microphone on I2S, and GDMA, as the technical reference manual says."""

import struct

import numpy as np
import pytest

from lab.engines.builtin.devices.esp32c3_gdma import ESP32C3_GDMA
from lab.engines.builtin.devices.esp32c3_i2s import ESP32C3_I2S
from lab.engines.builtin.devices.inmp441 import INMP441
from lab.errors import ConfigurationError, DeviceFault
from lab.signals.signal import Signal

from .fake_board import FakeBoard, FakeBus
from .test_devices_esp32c3 import Device

RAM, BUFFERS = 0x3FC8_0000, 0x3FC8_1000
MS = 10**6
RAW, ST, ENA, CLR, CONF0, CONF1, LINK, EOF_AT, DSCR, PERI = 0, 4, 8, 0xC, 0x70, 0x74, 0x80, 0x88, 0x90, 0xA0
DONE, SUC_EOF, DSCR_ERR, DSCR_EMPTY = 1, 2, 1 << 5, 1 << 7
OWNER, END = 1 << 31, 1 << 30
LINK_START, LINK_STOP, LINK_RESTART, PARKED = 1 << 22, 1 << 21, 1 << 23, 1 << 24
RX_CONF, RX_CONF1, CLKM, DIV, TDM, EOF_NUM = 0x20, 0x28, 0x30, 0x38, 0x50, 0x64
MODE, UPDATE, START, MONO, FIRST, SLAVE = 1 << 19, 1 << 8, 1 << 2, 1 << 5, 1 << 9, 1 << 3
LEFT, RIGHT, BOTH = 1 << 16 | 1, 1 << 16 | 2, 1 << 16 | 3
PHILIPS = 1 << 29


class Sound:
    """A microphone that hears 1, 2, 3, ..., its controller, and where samples go."""

    def __init__(self, *, right=False):
        self.board = FakeBoard(bus=FakeBus(RAM))
        self.dma = Device(ESP32C3_GDMA(self.board.calling("sysbus.gdma")))
        self.i2s = Device(ESP32C3_I2S(self.board.calling("sysbus.i2s0"), gdma=self.dma.model))
        self.microphone = Device(INMP441(self.board.calling("sysbus.i2s0.mic"), right=right))
        self.i2s.model.attach(self.microphone.model, 0)
        self.microphone.model.feed(Signal.of_sound(np.arange(1, 1001, dtype=np.int16), 16_000))
        self.wire = self.dma.wired(self.board, "CH0")
        self.i2s.poke((DIV, 15 << 18 | 1), (CLKM, 2 << 27 | 1 << 26 | 39))  # 16 kHz with 64 bits a frame

    def link(self, *sizes, around=False, owner=OWNER):
        """A descriptor of each size in a row, 256 bytes of buffer each."""
        for index, size in enumerate(sizes):
            is_last = index == len(sizes) - 1
            following = (RAM if around else 0) if is_last else RAM + 12 * (index + 1)
            self.board.bus.write(RAM + 12 * index, struct.pack("<3I", owner | size, BUFFERS + 256 * index, following))
        self.dma.poke((CONF0, 1), (CONF0, 0), (PERI, 3), (ENA, SUC_EOF), (LINK, RAM & 0xFFFFF | LINK_START))

    def start(self, size, *, bits=16, channels=LEFT, mode=MODE, slots=PHILIPS | 31 << 24 | 3 << 7):
        self.i2s.poke((RX_CONF1, slots | bits - 1 << 13), (TDM, channels), (RX_CONF, mode | UPDATE), (EOF_NUM, size))
        self.i2s.poke((RX_CONF, mode | START))

    def after(self, ms):
        self.board.clock.advance_to(self.board.clock.now_ns + int(ms * MS))
        return self

    def buffer(self, index, size, kind="<i2"):
        return np.frombuffer(self.board.bus.read(BUFFERS + 256 * index, size), kind).tolist()

    def head(self, index):
        return int.from_bytes(self.board.bus.read(RAM + 12 * index, 4), "little")


@pytest.fixture
def sound():
    return Sound()


def test_buffers_come_in_turns_at_the_rate_that_the_clock_makes(sound):
    sound.link(64, 64, around=True)
    sound.start(64)
    assert not sound.after(1.999999).wire.level
    assert sound.after(0.000001).wire.level
    assert sound.buffer(0, 64) == list(range(1, 33))
    assert (sound.head(0), sound.head(1)) == (END | 64 << 12 | 64, OWNER | 64)
    assert (sound.dma.peek(EOF_AT), sound.dma.peek(DSCR)) == (RAM, RAM + 12)
    sound.dma.poke((CLR, SUC_EOF))
    assert not sound.wire.level
    assert sound.after(2).buffer(1, 64) == list(range(33, 65))
    assert sound.dma.peek(EOF_AT) == RAM + 12
    assert sound.after(2).buffer(0, 64) == list(range(65, 97))  # given back or not


@pytest.mark.parametrize(
    ("clock", "divider", "frame_hz"),
    [
        (2 << 27 | 1 << 26 | 39, 15 << 18 | 1, 16_000),
        (2 << 27 | 1 << 26 | 10, 0, 62_500),
        (2 << 27 | 1 << 26 | 0, 0, 160_000_000 / 256 / 256),
        (2 << 27 | 1 << 26 | 1, 0, 160_000_000 / 2 / 256),
        (0 << 27 | 1 << 26 | 5, 1 << 27 | 2 << 18 | 1 << 9 | 3, 40_000_000 / (5 + 7 / 10) / 256),
        (3 << 27 | 1 << 26 | 39, 0, 0),
        (2 << 27 | 39, 0, 0),
    ],
)
def test_clocks(sound, clock, divider, frame_hz):
    sound.i2s.poke((CLKM, clock), (DIV, divider), (RX_CONF1, PHILIPS | 31 << 24 | 3 << 7), (TDM, LEFT))
    assert float(sound.i2s.model.frame_clock.frames_hz) == pytest.approx(frame_hz, rel=1e-12)


@pytest.mark.parametrize(
    ("given", "kind", "heard"),
    [
        ({"bits": 16, "channels": BOTH}, "<i2", [1, 0, 2, 0]),
        ({"bits": 16, "channels": RIGHT}, "<i2", [0, 0, 0, 0]),
        ({"bits": 16, "channels": BOTH, "mode": MODE | MONO | FIRST}, "<i2", [1, 2, 3, 4]),
        ({"bits": 16, "channels": BOTH, "mode": MODE | MONO}, "<i2", [0, 0, 0, 0]),
        ({"bits": 32}, "<i4", [1 << 16, 2 << 16]),
        ({"bits": 24}, "u1", [0, 1, 0, 0, 2, 0]),
        ({"bits": 16, "slots": 31 << 24 | 3 << 7}, "<i2", [0, 1, 1, 2]),  # a bit late
    ],
)
def test_what_is_stored_of_a_frame(sound, given, kind, heard):
    sound.link(96)
    sound.start(48, **given)
    assert sound.after(10).buffer(0, 48, kind)[: len(heard)] == heard


def test_a_microphone_on_the_right_is_heard_there():
    sound = Sound(right=True)
    sound.link(96)
    sound.start(48, channels=BOTH)
    assert sound.after(10).buffer(0, 8) == [0, 1, 0, 2]


def test_a_microphone_needs_64_clocks_a_frame(sound):
    sound.link(96)
    sound.start(48, slots=PHILIPS | 15 << 24 | 7 << 7)
    assert sound.after(10).buffer(0, 48) == [0] * 24


def test_a_frame_goes_through_descriptors_until_there_are_none(sound):
    sound.link(48, 48)
    sound.start(64)
    sound.after(2)
    assert (sound.head(0), sound.head(1)) == (48 << 12 | 48, END | 16 << 12 | 48)
    assert sound.buffer(1, 16) == list(range(25, 33))
    assert (sound.dma.peek(RAW), sound.dma.peek(LINK) & PARKED) == (DONE | SUC_EOF, PARKED)
    assert sound.after(2).dma.peek(RAW) == DONE | SUC_EOF | DSCR_EMPTY
    sound.board.bus.write(RAM + 20, struct.pack("<I", RAM))  # more behind the last one
    sound.dma.poke((LINK, LINK_RESTART))
    assert sound.after(2).buffer(0, 48) == list(range(65, 89))


def test_a_descriptor_that_is_the_firmwares_is_an_error_where_that_is_checked(sound):
    sound.link(64, owner=0)
    sound.dma.poke((CONF1, 1 << 12))
    sound.start(64)
    assert sound.after(2).dma.peek(RAW) == DSCR_ERR
    assert sound.buffer(0, 64) == [0] * 32


def test_a_channel_that_was_stopped_receives_nothing(sound):
    sound.link(64, 64, around=True)
    sound.dma.poke((LINK, LINK_STOP))
    sound.start(64)
    assert sound.after(2).dma.peek(RAW) == DSCR_EMPTY


@pytest.mark.parametrize("mode", [MODE | SLAVE, 0])
def test_what_starts_nothing(sound, mode):
    sound.link(64)
    sound.start(64, mode=mode)
    assert sound.after(10).dma.peek(RAW) == 0


def test_a_receiver_that_is_stopped_or_reset_goes_on_with_the_next_sample(sound):
    sound.link(64, 64, around=True)
    sound.start(64)
    sound.after(2).i2s.poke((RX_CONF, MODE))
    sound.after(10)
    sound.i2s.poke((RX_CONF, MODE | START), (RX_CONF, MODE | START | 1), (RX_CONF, MODE), (RX_CONF, MODE | START))
    assert sound.after(2).buffer(1, 64) == list(range(33, 65))


def test_a_start_without_an_update_is_a_misuse(sound):
    sound.link(64)
    sound.i2s.poke((RX_CONF1, PHILIPS | 31 << 24 | 15 << 13 | 3 << 7), (TDM, LEFT), (EOF_NUM, 64))
    with pytest.raises(DeviceFault, match="RX_UPDATE"):
        sound.i2s.poke((RX_CONF, MODE | START))


def test_a_part_of_a_frame_is_a_misuse(sound):
    with pytest.raises(DeviceFault, match="RXEOF_NUM is 63, no whole number of frames of 2 bytes"):
        sound.start(63)


def test_a_descriptor_outside_memory_is_told(sound):
    class Elsewhere(FakeBus):
        def read(self, address, size):
            raise DeviceFault("nothing there", remedy="Look elsewhere.", code="device-misused")

    sound.dma.model.bus = Elsewhere()
    sound.dma.poke((PERI, 3), (LINK, LINK_START))
    sound.start(64)
    with pytest.raises(DeviceFault, match="descriptor at 0x3fc00000 leads outside memory: nothing there"):
        sound.after(2)


def test_only_one_part_that_sends_sound_can_be_attached(sound):
    with pytest.raises(ConfigurationError, match="is not the only part"):
        sound.i2s.model.attach(sound.microphone.model, 0)
    with pytest.raises(ConfigurationError, match="is no I2S device"):
        sound.i2s.model.attach(sound.dma.model, 0)


def test_a_reset_drops_what_was_fed(sound):
    sound.microphone.model.reset()
    sound.link(64)
    sound.start(64)
    assert sound.after(2).buffer(0, 64) == [0] * 32
