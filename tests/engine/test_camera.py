"""Devices on SPI, and the camera: its chip on SPI, the sensor behind it on I2C."""

import numpy as np
import pytest

from lab import target
from lab.elf import Firmware
from lab.engines.builtin import BuiltinEngine
from lab.engines.builtin.devices.arducammini2mpplus import ArduCAMMini2MPPlus
from lab.engines.builtin.devices.nrf52840_spi import NRF52840_SPI
from lab.engines.builtin.devices.spi_device import SPIDevice
from lab.engines.builtin.devices.stm32spi import STM32SPI
from lab.errors import ConfigurationError, RecordingError
from lab.signals.signal import Signal
from tests.signals import sound

from .fake_board import RAM, FakeBoard, peek, poke
from .qemu import compiled


@pytest.fixture
def board():
    return FakeBoard()


def made(kind, board, **arguments):
    device = kind(board.calling(f"sysbus.{kind.__name__.lower()}"), **arguments)
    device.reset()
    return device


class Counter(SPIDevice):
    """Answers each byte with how many came before it."""

    def reset(self):
        super().reset()
        self.came = []

    def transmit(self, byte):
        self.came.append(byte)
        return len(self.came) - 1


@pytest.fixture
def counter(board):
    return made(Counter, board)


class TestMasters:
    def test_spim_sends_while_it_receives_and_orc_behind_what_it_has(self, board, counter):
        spi = made(NRF52840_SPI, board)
        spi.attach(counter, None)
        board.bus.write(RAM, b"ab")
        poke(spi, (0x500, 7), (0x544, RAM), (0x548, 2), (0x534, RAM + 8), (0x538, 4), (0x5C0, 0x7E), (0x010, 1))
        assert (bytes(counter.came), board.bus.read(RAM + 8, 5)) == (b"ab~~", b"\0\1\2\3\0")
        poke(spi, (0x538, 1), (0x010, 1))
        assert (len(counter.came), board.bus.read(RAM + 8, 2)) == (6, b"\4\1")

    def test_spi_without_dma_holds_two_bytes_and_sends_none_that_it_has_no_room_for(self, board, counter):
        spi = made(NRF52840_SPI, board)
        spi.attach(counter, None)
        poke(spi, (0x500, 1), (0x51C, 5), (0x51C, 6), (0x51C, 7))
        assert (counter.came, [peek(spi, 0x518) for _ in range(3)]) == ([5, 6], [0, 1, 0])

    def test_the_stm32s_sends_two_short_frames_in_a_halfword(self, board, counter):
        spi = made(STM32SPI, board)
        spi.attach(counter, None)
        spi.write(0x0C, 2, 0x0201)
        assert (counter.came, spi.read(0x0C, 2)) == ([1, 2], 0x0100)
        poke(spi, (0x04, 0xF00))
        spi.write(0x0C, 2, 0x0304)
        assert (counter.came[2:], spi.read(0x0C, 2)) == ([3, 4], 0x0203)

    @pytest.mark.parametrize(
        ("attach", "words"),
        [
            (lambda spi, _: spi.attach(spi, None), "is no SPI device"),
            (lambda spi, device: spi.attach(device, 2), "has an address, 0x2"),
            (lambda spi, device: [spi.attach(device, None) for _ in "ab"], "are both on its wires"),
            (lambda _, device: device.on_input(1, True), "no input 1"),
        ],
    )
    def test_what_fits_nowhere_is_refused(self, board, attach, words):
        with pytest.raises(ConfigurationError, match=words):
            attach(made(NRF52840_SPI, board), made(ArduCAMMini2MPPlus, board))


class Camera:
    """A camera as firmware goes to it."""

    def __init__(self, board):
        self.model = made(ArduCAMMini2MPPlus, board)

    def spi(self, *sent):
        self.model.on_input(0, False)
        received = [self.model.transmit(byte) for byte in sent]
        self.model.on_input(0, True)
        return received[1:]

    def capture(self, content):
        self.model.feed(Signal.of_picture(content))
        self.spi(0x84, 1)
        self.spi(0x84, 2)

    def i2c(self, *sent):
        self.model.write_bytes(bytes(sent))
        self.model.stop_condition()
        return self.model.read_byte()[0]


@pytest.fixture
def camera(board):
    return Camera(board)


class TestCamera:
    def test_a_capture_is_the_picture_that_it_was_fed_last(self, camera):
        camera.capture(bytes(1_000))
        camera.capture(b"\xff\xd8picture")
        assert [camera.spi(register, 0) for register in (0x41, 0x42, 0x43, 0x44)] == [[8], [9], [0], [0]]
        assert bytes(camera.spi(0x3C, *bytes(10))) == b"\xff\xd8picture\0"
        camera.spi(0x84, 1)
        assert camera.spi(0x41, 0) == [0]

    def test_a_byte_at_a_time_and_from_the_beginning_again(self, camera):
        camera.capture(b"abc")
        assert [camera.spi(0x3D, 0) for _ in "ab"] == [[97], [98]]
        camera.spi(0x84, 0x10)
        assert camera.spi(0x3D, 0) == [97]

    def test_without_a_picture_a_frame_is_empty(self, camera):
        camera.spi(0x84, 2)
        assert (camera.spi(0x41, 0), camera.spi(0x42, 0), camera.spi(0x3C, 0)) == ([8], [0], [0])

    def test_it_knows_its_version_and_keeps_a_byte_to_test_the_wires(self, camera):
        camera.spi(0x80, 0x55)
        assert (camera.spi(0x00, 0), camera.spi(0x40, 0)) == ([0x55], [0x73])

    def test_the_sensor_has_two_banks_and_a_reset(self, camera):
        camera.i2c(0x12, 0x34)
        camera.i2c(0xFF, 1)
        assert [camera.i2c(register) for register in (0x0A, 0x0B, 0x12, 0xFF)] == [0x26, 0x42, 0, 1]
        camera.i2c(0x0A, 0)
        assert camera.i2c(0x0A) == 0x26
        camera.i2c(0x12, 0x80)
        assert (camera.i2c(0xFF), camera.i2c(0x12)) == (0, 0)

    def test_a_snapshot_holds_how_far_a_frame_was_read(self, camera):
        camera.capture(b"abc")
        camera.spi(0x3D, 0)
        state = camera.model.snapshot()
        camera.capture(b"xyz")
        camera.model.restore(state)
        assert bytes(camera.spi(0x3C, 0, 0)) == b"bc"

    def test_what_it_cannot_see_is_refused(self, camera):
        with pytest.raises(RecordingError, match="takes pictures, not a signal of sound"):
            camera.model.feed(sound(np.array([1, 2], np.int16)))
        with pytest.raises(RecordingError, match="room for 8,388,607 bytes"):
            camera.model.feed(Signal.of_picture(bytes(1 << 23)))


def test_firmware_reads_a_picture_over_spim(tmp_path):
    firmware = Firmware(compiled("camera.c", tmp_path))
    content = bytes(range(256)) * 13
    with BuiltinEngine().machine(target.load("nano33ble")) as machine:
        machine.load(firmware)
        machine.play(Signal.of_picture(content), "camera")
        machine.run(limit=0.01)
        result = machine.read(firmware.symbol("result").address, 12)
        assert [int.from_bytes(result[at : at + 4], "little") for at in (0, 4, 8)] == [0x2642, len(content), 0]
        assert machine.read(firmware.symbol("picture").address, len(content)) == content
