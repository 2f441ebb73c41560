"""Devices of Silicon Labs' EFM32. Values are those of the EFM32GG's reference manual."""

import zlib

import pytest

from lab.engines.builtin.devices.efm32_uart import EFM32_UART
from lab.engines.builtin.devices.efm32ggi2ccontroller import EFM32GGI2CController
from lab.engines.builtin.devices.efm32timer import Efm32Timer
from lab.engines.builtin.devices.efm32xg1xbdeviceinformation import EFM32xG1xBDeviceInformation
from lab.engines.builtin.devices.efm32xgdeviceinformation import EFM32xGDeviceInformation
from lab.engines.builtin.devices.efmgpioport import EFMGPIOPort
from lab.engines.builtin.devices.efr32_gpcrc import EFR32_GPCRC
from lab.engines.builtin.devices.ezr32deviceinformation import EZR32DeviceInformation
from lab.engines.builtin.devices.leuart import LEUART
from lab.engines.builtin.devices.si70xx import SI70xx
from lab.engines.builtin.peripheral import Memory
from lab.errors import ConfigurationError

from .fake_board import Wire, peek, poke
from .test_devices_stm32f4 import Notebook

FLASH, SRAM = Memory(0, 1024 * 1024), Memory(0x2000_0000, 128 * 1024)


class TestSerialPorts:
    def test_a_usart_sends_and_tells_its_two_interrupts_apart(self, made, board):
        port = made(EFM32_UART, output="TransmitIRQ")
        received = Wire(board)
        port.lines["ReceiveIRQ"].connect(received, 0)
        poke(port, (0x34, ord("A")))
        assert (bytes(board.printed), peek(port, 0x10), peek(port, 0x40)) == (b"A", 0x60, 3)
        poke(port, (0x48, 1), (0x4C, 1 << 0 | 1 << 2))
        assert (port.wire.level, received.level) == (False, False)
        port.accept(b"xy")
        assert (peek(port, 0x10), port.wire.level, received.level) == (0xC0, False, True)
        assert (peek(port, 0x1C), peek(port, 0x1C), received.level, peek(port, 0x1C)) == (ord("x"), ord("y"), False, 0)
        poke(port, (0x34, ord("B")))
        assert port.wire.level

    def test_a_low_energy_uart_has_one_interrupt(self, made, board):
        port = made(LEUART)
        poke(port, (0x28, ord("A")), (0x38, 1 << 2))
        assert (bytes(board.printed), peek(port, 0x08), peek(port, 0x2C), port.wire.level) == (b"A", 0x18, 3, False)
        port.accept(b"x")
        assert (port.wire.level, peek(port, 0x08) & 0x20, peek(port, 0x44)) == (True, 0x20, 0)
        assert (peek(port, 0x1C), port.wire.level) == (ord("x"), False)


class TestTimer:
    @pytest.fixture
    def timer(self, made):
        """48 MHz / 16, 3,000 counts: a millisecond."""
        timer = made(Efm32Timer)
        poke(timer, (0x00, 4 << 24), (0x1C, 2_999), (0x0C, 1))
        return timer

    def test_it_overflows_at_its_top(self, timer, board):
        poke(timer, (0x04, 1))
        board.clock.advance_to(500_000)
        assert (peek(timer, 0x24), peek(timer, 0x08)) == (1_500, 1)
        board.clock.advance_to(1_500_000)
        assert (timer.wire.rose, peek(timer, 0x10), peek(timer, 0x24)) == ([1_000_000], 1, 1_500)
        poke(timer, (0x18, 1))
        board.clock.advance_to(2_000_000)
        assert timer.wire.rose == [1_000_000, 2_000_000]

    def test_it_stops_and_goes_on(self, timer, board):
        poke(timer, (0x04, 1))
        board.clock.advance_to(500_000)
        poke(timer, (0x04, 2))
        board.clock.advance_to(5_000_000)
        assert (peek(timer, 0x24), peek(timer, 0x08)) == (1_500, 0)
        poke(timer, (0x04, 1))
        board.clock.advance_to(5_500_000)
        assert timer.wire.rose == [5_500_000]

    def test_down_and_once_it_underflows(self, timer, board):
        poke(timer, (0x00, 4 << 24 | 1 << 4 | 1), (0x24, 2_999), (0x0C, 2), (0x04, 1))
        board.clock.advance_to(10_000_000)
        assert (timer.wire.rose, peek(timer, 0x08), peek(timer, 0x10)) == ([1_000_000], 0, 2)


class TestPins:
    def test_pins_of_a_port_are_outputs_by_number(self, made):
        port = made(EFMGPIOPort, output="66")
        base = 4 * 0x24
        poke(port, (base + 0x10, 1 << 2))
        assert (port.wire.level, peek(port, base + 0x0C)) == (True, 4)
        poke(port, (base + 0x18, 1 << 2 | 1 << 3))
        assert (port.wire.level, peek(port, base + 0x1C)) == (False, 8)
        port.on_input(64, True)
        assert peek(port, base + 0x1C) == 9


class TestI2c:
    CMD, STATE, TXDATA, RXDATA, IF, IFC, IEN = 0x04, 0x08, 0x24, 0x1C, 0x28, 0x30, 0x34
    START, STOP, ACK, NACK = 1, 2, 4, 8

    @pytest.fixture
    def i2c(self, made):
        i2c = made(EFM32GGI2CController)
        i2c.attach(made(Notebook, 0x1000), 0x50)
        poke(i2c, (0x00, 1))
        return i2c

    def test_a_register_is_written_and_read_behind_a_repeated_start(self, i2c):
        poke(i2c, (self.TXDATA, 0xA0), (self.CMD, self.START))
        assert peek(i2c, self.IF) & 0xFF == 1 | 8 | 16 | 64  # START, TXC, TXBL, ACK
        poke(i2c, (self.IFC, 0xFFFF), (self.TXDATA, 7))
        assert peek(i2c, self.IF) & 64
        poke(i2c, (self.CMD, self.START), (self.TXDATA, 0xA1))
        assert peek(i2c, self.IF) & (2 | 32) == 2 | 32
        read = [peek(i2c, self.RXDATA)]
        poke(i2c, (self.CMD, self.ACK))
        read.append(peek(i2c, self.RXDATA))
        poke(i2c, (self.CMD, self.NACK | self.STOP))
        assert (read, i2c.devices[0x50].given, i2c.devices[0x50].heard) == ([1, 2], 2, [b"\7", "stop"])
        assert (peek(i2c, self.IF) & (1 << 8 | 32), peek(i2c, self.STATE)) == (1 << 8, 0)

    def test_a_device_that_is_missing_does_not_acknowledge(self, i2c):
        poke(i2c, (self.IEN, 1 << 7), (self.TXDATA, 0x42), (self.CMD, self.START))
        assert (peek(i2c, self.IF) & (64 | 128), i2c.wire.level) == (128, True)
        poke(i2c, (self.IFC, 1 << 7), (self.CMD, self.STOP))
        assert not i2c.wire.level


class TestIdentity:
    @pytest.mark.parametrize(
        ("kind", "family", "at"),
        [
            (EFM32xGDeviceInformation, "EFM32GG", 0x44),
            (EFM32xG1xBDeviceInformation, "EFM32PG1B", 0x44),
            (EZR32DeviceInformation, "EZR32LG", 0x4C),
        ],
    )
    def test_it_names_the_part_and_its_memories(self, made, kind, family, at):
        page = made(kind, device_family=family, device_number=942, flash_device=FLASH, sram_device=SRAM)
        assert peek(page, at) == 128 << 16 | 1024
        assert peek(page, at + 4) & 0xFFFF == 942
        assert peek(page, at + 4) >> 16 == {"EFM32GG": 72, "EFM32PG1B": 81, "EZR32LG": 120}[family]

    def test_a_family_that_nobody_knows_is_refused(self, made):
        with pytest.raises(ConfigurationError, match="no family 'EFM32X'"):
            made(
                EFM32xGDeviceInformation, device_family="EFM32X", device_number=1, flash_device=FLASH, sram_device=SRAM
            )


def test_the_sum_is_that_of_crc_32(made):
    unit = made(EFR32_GPCRC)
    poke(unit, (0x00, 1), (0x08, 0xFFFFFFFF), (0x04, 1), (0x10, 0x64636261), (0x14, 0x6665), (0x18, 0x67))
    assert peek(unit, 0x1C) ^ 0xFFFFFFFF == zlib.crc32(b"abcdefg")
    poke(unit, (0x08, 1), (0x04, 1))
    assert (peek(unit, 0x20), peek(unit, 0x24)) == (0x80000000, 0x01000000)


def test_a_sensor_of_humidity_names_itself_and_measures(made):
    sensor = made(SI70xx, model="SI7021")
    sensor.write_bytes(b"\xfc\xc9")
    assert sensor.read_byte() == b"\x15"
    sensor.write_bytes(b"\xf5")
    humidity = int.from_bytes(sensor.read_byte() + sensor.read_byte(), "big")
    sensor.write_bytes(b"\xf3")
    temperature = int.from_bytes(sensor.read_byte() + sensor.read_byte(), "big")
    assert humidity * 125 / 65536 - 6 == pytest.approx(0, abs=0.01)
    assert temperature * 175.72 / 65536 - 46.85 == pytest.approx(0, abs=0.01)
    with pytest.raises(ConfigurationError, match="no model 'SI1'"):
        made(SI70xx, model="SI1")
