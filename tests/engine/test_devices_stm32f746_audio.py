"""The microphones' way into the STM32F746 by itself: WM8994, SAI and DMA. Registers as in their manuals."""

import re
from fractions import Fraction

import numpy as np
import pytest

from lab import places
from lab.engines.builtin.devices.serial_audio import FrameClock, SerialAudio
from lab.engines.builtin.devices.sound_queue import SoundQueue
from lab.engines.builtin.devices.stm32_sai import STM32_SAI
from lab.engines.builtin.devices.stm32f4_rcc import STM32F4_RCC
from lab.engines.builtin.devices.stm32f4_rtc import STM32F4_RTC
from lab.engines.builtin.devices.stm32f7_dma import STM32F7_DMA
from lab.engines.builtin.devices.stm32f7_i2c import STM32F7_I2C
from lab.engines.builtin.devices.wm8994 import WM8994
from lab.errors import ConfigurationError, DeviceFault
from tests.signals import sound

from .fake_board import RAM, FakeBoard, Wire, peek, poke

BASE = 0x4001_5000  # in the fake board a device begins at a multiple of 4 KiB
CR1, CR2, FRCR, SLOTR, IM, SR, CLRFR, DR = range(0x24, 0x44, 4)  # of block B
A = -0x20
SAIEN, DMAEN, OVRUDR, WCKCFG, FREQ = 1 << 16, 1 << 17, 1 << 0, 1 << 2, 1 << 3
MASTER, FOLLOWER = 1 | 4 << 5 | 4 << 20, 3 | 4 << 5 | 1 << 10
I2S, SLOTS = 63 | 31 << 8 | 5 << 16, 3 << 8 | 0b1010 << 16
STREAM = 0x10 + 7 * 0x18
RATE = Fraction(25_000_000 * 426, 25 * 13 * 8 * 256)
LISTENING = {
    0x001: 0x0013,
    0x004: 0x0C30,
    0x608: 0x0002,
    0x609: 0x0002,
    0x210: 0x0033,
    0x300: 0x4010,
    0x302: 0x0000,
    0x208: 0x000A,
    0x200: 0x0001,
}


def samples(values):
    return sound(np.array(values, np.int16))


def due(frames, rate=RATE):
    return -(-frames * 10**9 // rate)


class Counting(SerialAudio):
    """Sends the number of the frame, on the right with its sign turned."""

    def __init__(self):
        self.clock = None
        self.sent = 0

    def send(self, frames, clock):
        self.clock = clock
        numbers = np.arange(self.sent + 1, self.sent + frames + 1)
        self.sent += frames
        return np.stack([numbers, -numbers], axis=1)[:, :, None].repeat(clock.bits // 32, axis=2).astype(np.int16)


class Audio:
    """SAI2 with its clock and DMA around it; what it hears counts."""

    def __init__(self, board):
        self.board = board
        self.wires = Counting()
        self.rcc = STM32F4_RCC(board, rtc_peripheral=STM32F4_RTC(board))
        self.dma = STM32F7_DMA(board)
        self.sai = STM32_SAI(board, rcc=self.rcc, serial_data_b=self.wires, hse_frequency=25_000_000, instance=2)
        self.sai.lines["RequestB"].connect(self.dma, 7)
        board.devices[BASE] = self.sai
        self.wire, self.told = Wire(board), Wire(board)
        self.sai.irq.connect(self.wire, 0)
        self.dma.lines["7"].connect(self.told, 0)
        for device in (self.rcc, self.dma, self.sai):
            device.reset()
        poke(self.rcc, (0x04, 25 | 432 << 6 | 1 << 22 | 9 << 24), (0x84, 426 << 6 | 13 << 24), (0x8C, 1 << 22))
        poke(self.rcc, (0x00, 1 << 16 | 1 << 26))
        poke(self.sai, (CR1 + A, MASTER), (CR1, FOLLOWER))
        poke(self.sai, (FRCR + A, I2S), (FRCR, I2S), (SLOTR + A, 3 << 8), (SLOTR, SLOTS))

    def start(self, bits=0):
        poke(self.sai, (CR1, FOLLOWER | bits | SAIEN), (CR1 + A, MASTER | SAIEN))

    def stream(self, count, mode=1 << 8 | 1 << 3 | 1 << 4):
        poke(self.dma, (STREAM + 4, count), (STREAM + 8, BASE + DR), (STREAM + 12, RAM), (STREAM + 16, RAM + 0x800))
        poke(self.dma, (STREAM, mode | 1 << 13 | 1 << 11 | 1 << 10 | 1))

    def words(self, count, at=RAM):
        return np.frombuffer(self.board.bus.read(at, 2 * count), "<i2").tolist()

    def read(self, count):
        return [peek(self.sai, DR) for _ in range(count)]


@pytest.fixture
def audio():
    return Audio(FakeBoard())


class TestFrames:
    def test_they_come_at_the_rate_that_rcc_and_the_master_make(self, audio):
        audio.start()
        audio.board.clock.advance_to(due(1) - 1)
        assert peek(audio.sai, SR) == 0
        audio.board.clock.advance_to(due(1))
        assert peek(audio.sai, SR) == FREQ | 2 << 16
        assert audio.wires.clock == FrameClock(RATE, 256, 64)
        assert audio.read(3) == [1, 0xFFFF, 0]

    @pytest.mark.parametrize(
        ("registers", "rate"),
        [
            ({0x88: 192 << 6 | 5 << 24, 0x8C: 24 << 8, 0x00: 1 << 28}, Fraction(192_000_000, 5 * 25 * 8 * 256)),
            ({0x8C: 1 << 22 | 1}, RATE / 2),
            ({0x04: 16 | 432 << 6}, Fraction(16_000_000 * 426, 16 * 13 * 8 * 256)),
        ],
    )
    def test_the_clock_is_of_the_pll_that_is_selected(self, audio, registers, rate):
        poke(audio.rcc, *registers.items())
        audio.start()
        audio.board.clock.advance_to(due(1, rate))
        assert audio.wires.clock.frames_hz == rate

    @pytest.mark.parametrize("registers", [{0x00: 1 << 16}, {0x8C: 2 << 22}, {0x04: 0}, {0x84: 426 << 6}])
    def test_without_a_clock_there_are_none(self, audio, registers):
        poke(audio.rcc, *registers.items())
        audio.start()
        audio.board.clock.advance_to(10**9)
        assert peek(audio.sai, SR) == 0

    def test_without_a_divider_there_is_no_master_clock(self, audio):
        poke(audio.sai, (CR1 + A, 1 | 4 << 5 | 1 << 19))
        poke(audio.sai, (CR1, FOLLOWER | SAIEN), (CR1 + A, 1 | 4 << 5 | 1 << 19 | SAIEN))
        rate = Fraction(25_000_000 * 426, 25 * 13 * 64)
        audio.board.clock.advance_to(due(1, rate))
        assert audio.wires.clock == FrameClock(rate, 0, 64)

    def test_a_follower_that_is_late_joins_at_the_next_one(self, audio):
        poke(audio.sai, (CR1 + A, MASTER | SAIEN))
        audio.board.clock.advance_to(due(1) + due(1) // 2)
        poke(audio.sai, (CR1, FOLLOWER | SAIEN))
        audio.board.clock.advance_to(due(3) - 1)
        assert peek(audio.sai, SR) == 0
        audio.board.clock.advance_to(due(3))
        assert audio.read(2) == [1, 0xFFFF]

    def test_a_transmitter_begins_them_with_its_first_word(self, audio):
        poke(audio.sai, (CR1 + A, MASTER & ~1))
        poke(audio.sai, (CR1, FOLLOWER | SAIEN), (CR1 + A, MASTER & ~1 | SAIEN))
        audio.board.clock.advance_to(10**6)
        assert peek(audio.sai, SR) == 0
        poke(audio.sai, (DR + A, 0))
        audio.board.clock.advance_to(10**6 + due(1))
        assert peek(audio.sai, SR) == FREQ | 2 << 16

    def test_a_length_that_the_master_clock_cannot_have_is_told_and_switches_the_block_off(self, audio):
        poke(audio.sai, (FRCR + A, 47), (IM + A, WCKCFG), (CR1 + A, MASTER & ~1 | SAIEN))
        assert peek(audio.sai, SR + A) == WCKCFG | FREQ
        assert (peek(audio.sai, CR1 + A) & SAIEN, audio.wire.level) == (0, True)
        poke(audio.sai, (CLRFR + A, WCKCFG))
        assert not audio.wire.level

    @pytest.mark.parametrize("slots", [3 << 8 | 0b10 << 16, 1 << 8 | 0b11 << 16, 3 << 8 | 0xF << 16])
    def test_slots_that_are_enabled_are_received(self, audio, slots):
        poke(audio.sai, (SLOTR, slots))
        audio.start()
        audio.board.clock.advance_to(due(1))
        expected = {0b10: [1], 0b11: [1, 0xFFFF], 0xF: [1, 1, 0xFFFF, 0xFFFF]}[slots >> 16]
        assert audio.read(len(expected) + 1) == [*expected, 0]

    @pytest.mark.parametrize("slots", [3 << 8, 0xFFF0 << 16 | 3 << 8])
    def test_no_slot_is_nothing(self, audio, slots):
        poke(audio.sai, (SLOTR, slots))
        audio.start()
        audio.board.clock.advance_to(10**9)
        assert peek(audio.sai, SR) == 0

    @pytest.mark.parametrize(
        ("register", "value"),
        [(CR1, FOLLOWER & ~(7 << 5) | 7 << 5), (FRCR, I2S | 1 << 17), (SLOTR, SLOTS | 2 << 6), (SLOTR, SLOTS | 1)],
    )
    def test_other_formats_are_refused(self, audio, register, value):
        poke(audio.sai, (register, value))
        with pytest.raises(DeviceFault, match="block B: was enabled with a format that is not modelled"):
            poke(audio.sai, (CR1, peek(audio.sai, CR1) | SAIEN))

    @pytest.mark.parametrize(("register", "value"), [(CR1, FOLLOWER | SAIEN | 1 << 9), (FRCR, 7), (SLOTR, 3 << 8)])
    def test_settings_may_not_change_while_a_block_is_on(self, audio, register, value):
        audio.start()
        with pytest.raises(DeviceFault, match=r"block B: .* was written while SAIEN is set"):
            poke(audio.sai, (register, value))

    def test_a_description_that_no_chip_follows_is_refused(self, audio):
        with pytest.raises(ConfigurationError, match="hseFrequency is 1, instance 2"):
            STM32_SAI(audio.board, rcc=audio.rcc, serial_data_b=audio.wires, hse_frequency=1, instance=2)


class TestFifo:
    @pytest.mark.parametrize(("threshold", "requests"), [(0, 1), (1, 1), (2, 2), (3, 3), (4, 4), (7, 4)])
    def test_words_are_asked_for_from_its_threshold_on(self, audio, threshold, requests):
        poke(audio.sai, (CR2, threshold), (IM, FREQ))
        audio.start()
        audio.board.clock.advance_to(due(requests) - 1)
        assert not audio.wire.level
        audio.board.clock.advance_to(due(requests))
        assert audio.wire.level
        audio.read(8)
        assert not audio.wire.level

    def test_its_level_is_told(self, audio):
        poke(audio.sai, (SLOTR, 3 << 8 | 1 << 16))
        audio.start()
        levels = []
        for frame in range(1, 9):
            audio.board.clock.advance_to(due(frame))
            levels.append(peek(audio.sai, SR) >> 16)
        assert levels == [1, 2, 2, 3, 3, 4, 4, 5]

    def test_what_comes_while_it_is_full_is_lost_and_told(self, audio):
        poke(audio.sai, (IM, OVRUDR))
        audio.start()
        audio.board.clock.advance_to(due(4))
        assert not audio.wire.level
        audio.board.clock.advance_to(due(40))
        assert audio.wire.rose == [due(5)]
        poke(audio.sai, (CLRFR, OVRUDR))
        assert [word for word in audio.read(9) if word < 0x8000] == [1, 2, 3, 4, 0]
        audio.board.clock.advance_to(due(41))
        assert audio.read(2) == [41, 0x10000 - 41]

    def test_it_is_flushed_on_request(self, audio):
        audio.start()
        audio.board.clock.advance_to(due(2))
        poke(audio.sai, (CR2, 1 << 3))
        assert (peek(audio.sai, SR), peek(audio.sai, CR2)) == (0, 0)


class TestDma:
    def test_halves_of_a_circle_are_told_when_their_last_word_has_come(self, audio):
        audio.stream(16)
        audio.start(DMAEN)
        audio.board.clock.advance_to(due(4))
        assert (peek(audio.dma, 0x04), peek(audio.dma, STREAM + 4)) == (1 << 26, 8)
        assert audio.words(10) == [1, -1, 2, -2, 3, -3, 4, -4, 0, 0]
        poke(audio.dma, (0x0C, 1 << 26))
        audio.board.clock.advance_to(due(12))
        assert audio.told.rose == [due(4), due(8)]
        assert audio.words(16)[::2] == [9, 10, 11, 12, 5, 6, 7, 8]
        assert peek(audio.sai, SR) == 0

    def test_two_buffers_take_turns(self, audio):
        audio.stream(4, 1 << 18 | 1 << 4)
        audio.start(DMAEN)
        audio.board.clock.advance_to(due(6))
        assert (audio.words(4)[::2], audio.words(4, RAM + 0x800)[::2]) == ([5, 6], [3, 4])
        assert peek(audio.dma, STREAM) >> 19 & 1 == 1

    def test_a_stream_that_has_ended_lets_the_fifo_run_over(self, audio):
        audio.stream(4, 1 << 4)
        audio.start(DMAEN)
        audio.board.clock.advance_to(due(7))
        assert (audio.words(6), peek(audio.sai, SR) & OVRUDR) == ([1, -1, 2, -2, 0, 0], OVRUDR)
        audio.stream(4, 1 << 4)
        audio.board.clock.advance_to(due(8))
        assert audio.words(4) == [3, -3, 4, -4]

    def test_a_threshold_keeps_words_back(self, audio):
        poke(audio.sai, (CR2, 2))
        audio.stream(8)
        audio.start(DMAEN)
        audio.board.clock.advance_to(due(3))
        assert audio.words(4) == [0, 0, 0, 0]
        audio.board.clock.advance_to(due(4))
        assert audio.told.rose == [due(4)]

    def test_what_has_come_is_handed_over_when_the_receiver_is_switched_off(self, audio):
        audio.stream(64)
        audio.start(DMAEN)
        audio.board.clock.advance_to(due(3))
        assert audio.words(2) == [0, 0]
        poke(audio.sai, (CR1, FOLLOWER | DMAEN))
        assert audio.words(8) == [1, -1, 2, -2, 3, -3, 0, 0]
        audio.board.clock.advance_to(due(100))
        assert audio.told.rose == []

    @pytest.mark.parametrize("size", [0, 2])
    def test_words_are_read_by_any_size(self, audio, size):
        audio.stream(4, 1 << 4)
        poke(audio.dma, (STREAM, 0), (STREAM, 1 << 10 | size << 11 | size << 13 | 1))
        audio.start(DMAEN)
        audio.board.clock.advance_to(due(2))
        data = audio.board.bus.read(RAM, 16)
        assert data.startswith(b"\x01\xff\x02\xfe" if size == 0 else b"\x01\0\0\0\xff\xff\0\0\x02\0\0\0")


@pytest.fixture
def codec():
    device = WM8994(FakeBoard())
    device.reset()
    return device


def write(codec, *values):
    for number, value in values:
        codec.write_bytes(number.to_bytes(2, "big") + value.to_bytes(2, "big"))
        codec.stop_condition()


def read(codec, number, count=1):
    codec.write_bytes(number.to_bytes(2, "big"))
    data = b"".join(codec.read_byte() for _ in range(2 * count))
    codec.stop_condition()
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


class TestCodec:
    CLOCK = FrameClock(RATE, 256, 64)

    def heard(self, codec, clock=CLOCK):
        return codec.send(1, clock)[0].tolist()

    def test_registers_are_16_bits_at_16_bit_addresses_that_go_on(self, codec):
        assert read(codec, 0x000) == [0x8994]
        assert read(codec, 0x300, 2) == [0x4050, 0x4000]
        codec.write_bytes(b"\x04\x04\x01\xc1\x01\xc2")
        codec.stop_condition()
        assert read(codec, 0x404, 2) == [0x01C1, 0x01C2]
        write(codec, (0x000, 0))
        assert read(codec, 0x404, 2) == [0x00C0, 0x00C0]

    def test_a_read_of_no_register_is_zeros(self, codec):
        assert [codec.read_byte() for _ in range(3)] == [b"\0"] * 3
        assert read(codec, 0x300) == [0x4050]
        assert [codec.read_byte() for _ in range(3)] == [b"\0"] * 3

    def test_it_answers_on_the_chips_own_bus(self):
        board = FakeBoard()
        bus, codec = STM32F7_I2C(board), WM8994(board)
        bus.attach(codec, 0x1A)
        for device in (bus, codec):
            device.reset()
        poke(bus, (0x00, 1), (0x04, 0x34 | 2 << 16 | 1 << 13), (0x28, 0x03), (0x28, 0x00))
        poke(bus, (0x04, 0x34 | 2 << 16 | 1 << 10 | 1 << 13 | 1 << 25))
        assert [peek(bus, 0x24), peek(bus, 0x24)] == [0x40, 0x50]

    def test_both_microphones_are_in_the_second_slots(self, codec):
        codec.feed(samples([5, -6]))
        write(codec, *LISTENING.items())
        assert codec.send(3, self.CLOCK).tolist() == [[[0, 5], [0, 5]], [[0, -6], [0, -6]], [[0, 0], [0, 0]]]

    @pytest.mark.parametrize(
        ("number", "value"),
        [
            (0x001, 0x0012),
            (0x001, 0x0011),
            (0x001, 0x0003),
            (0x004, 0x0C00),
            (0x004, 0x0030),
            (0x200, 0x0000),
            (0x200, 0x0009),
            (0x200, 0x0003),
            (0x208, 0x0008),
            (0x208, 0x0002),
            (0x210, 0x0083),
            (0x210, 0x0034),
            (0x210, 0x00F3),
            (0x300, 0x4050),
            (0x300, 0x4018),
            (0x300, 0x4090),
            (0x302, 0x4000),
            (0x302, 0x8000),
        ],
    )
    def test_it_is_silent_and_the_sound_waits_while_something_is_missing(self, codec, number, value):
        codec.feed(samples([5]))
        write(codec, *LISTENING.items(), (number, value))
        assert self.heard(codec) == [[0, 0], [0, 0]]
        write(codec, (number, LISTENING[number]))
        assert self.heard(codec) == [[0, 5], [0, 5]]

    @pytest.mark.parametrize(
        ("number", "value", "halves"),
        [
            (0x608, 0, [0, 5]),
            (0x609, 0, [5, 0]),
            (0x404, 0x0100, [0, 5]),
            (0x405, 0x0100, [5, 0]),
            (0x004, 0x0820, [5, 0]),
            (0x004, 0x0410, [0, 5]),
        ],
    )
    def test_a_microphone_can_be_left_out(self, codec, number, value, halves):
        codec.feed(samples([5]))
        write(codec, *LISTENING.items(), (number, value))
        assert [half[1] for half in self.heard(codec)] == halves

    @pytest.mark.parametrize(("value", "halves"), [(0x0010, [5, 5]), (0xC010, [0, 0]), (0x8010, [0, 5])])
    def test_either_half_can_have_either_microphone(self, codec, value, halves):
        codec.feed(samples([5]))
        write(codec, *LISTENING.items(), (0x609, 0), (0x300, value))
        assert [half[1] for half in self.heard(codec)] == halves

    @pytest.mark.parametrize(
        "clock", [FrameClock(RATE, 0, 64), FrameClock(RATE * 2, 256, 64), FrameClock(RATE, 256, 32)]
    )
    def test_wires_of_another_rate_ratio_or_length_carry_nothing(self, codec, clock):
        codec.feed(samples([5]))
        write(codec, *LISTENING.items())
        assert not codec.send(1, clock).any()

    def test_a_ratio_that_there_is_not_is_none_without_a_master_clock_either(self, codec):
        codec.feed(samples([5]))
        write(codec, *LISTENING.items(), (0x210, LISTENING[0x210] & 0xF0))
        assert not codec.send(1, FrameClock(RATE, 0, 64)).any()


def test_sound_is_heard_sample_by_sample_and_then_silence():
    heard = SoundQueue()
    heard.add(samples([1, 2]))
    heard.add(samples([3]))
    assert (heard.next(2).tolist(), heard.next(3).tolist(), heard.next(1).tolist()) == ([1, 2], [3, 0, 0], [0])


def test_both_models_of_the_codec_have_the_same_values_after_power_on(codec):
    text = (places.project() / "renode_platforms" / "stm32f746g" / "WM8994.cs").read_text()
    for_renode = {int(number, 16): int(value, 16) for number, value in re.findall(r"\{ (0x\w{3}), (0x\w{4}) \}", text)}
    assert for_renode == codec.words
    assert len(for_renode) > 30
