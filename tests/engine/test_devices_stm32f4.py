"""Devices of the STM32F4 that the F7 has others of. Values are those of RM0090."""

import pytest

from lab.engines.builtin import repl
from lab.engines.builtin.devices.i2c_device import I2CDevice
from lab.engines.builtin.devices.stm32_adc import STM32_ADC
from lab.engines.builtin.devices.stm32_pwr import STM32_PWR
from lab.engines.builtin.devices.stm32_timer import STM32_Timer
from lab.engines.builtin.devices.stm32_uart import STM32_UART
from lab.engines.builtin.devices.stm32f1_i2c import STM32F1_I2C
from lab.engines.builtin.devices.stm32f4_flashcontroller import STM32F4_FlashController
from lab.engines.builtin.devices.stm32f4_rcc import STM32F4_RCC
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.builtin.peripheral import Memory
from lab.errors import ConfigurationError, DeviceFault

from .fake_board import RAM, Wire, peek, poke


class Notebook(I2CDevice):
    """Gives 1, 2, 3 and so on, and keeps what is written."""

    def reset(self):
        super().reset()
        self.heard, self.given = [], 0

    def write_bytes(self, data):
        self.heard.append(data)

    def read_byte(self):
        self.given += 1
        return bytes([self.given])

    def stop_condition(self):
        self.heard.append("stop")


class TestSerialPort:
    SR, DR, CR1, CR3 = 0x00, 0x04, 0x0C, 0x14

    @pytest.fixture
    def port(self, made):
        port = made(STM32_UART)
        poke(port, (self.CR1, 1 << 13 | 1 << 3 | 1 << 2))
        return port

    def test_what_is_sent_goes_out(self, port, board):
        poke(port, (self.CR1, 1 << 13 | 1 << 3 | 1 << 6), (self.SR, 0))
        assert (peek(port, self.SR), port.wire.level) == (0x80, False)
        poke(port, (self.DR, ord("A")))
        assert (bytes(board.printed), peek(port, self.SR), port.wire.level) == (b"A", 0xC0, True)

    def test_what_comes_in_waits_and_the_line_is_idle_behind_it(self, port):
        poke(port, (self.CR1, 1 << 13 | 1 << 2 | 1 << 5))
        assert port.listens
        port.accept(b"ab")
        assert (peek(port, self.SR), port.wire.level) == (0xF0, True)
        assert (peek(port, self.DR), peek(port, self.SR), peek(port, self.DR)) == (ord("a"), 0xE0, ord("b"))
        assert not port.wire.level

    def test_dma_is_asked_for_each_byte_as_long_as_it_takes_any(self, port, board):
        class Taker(Wire):
            def on_input(self, _number, level):
                if level and len(taken) < 2:
                    taken.append(peek(port, TestSerialPort.DR))

        taken = []
        port.lines["DMARequest"].connect(Taker(board), 0)
        poke(port, (self.CR3, 1 << 6))
        port.accept(b"abc")
        assert bytes(taken) == b"ab"

    def test_sending_while_it_is_off_is_a_fault(self, made):
        with pytest.raises(DeviceFault, match="transmitter off"):
            poke(made(STM32_UART), (self.DR, 1))


class TestI2c:
    CR1, CR2, DR, SR1, SR2 = 0x00, 0x04, 0x10, 0x14, 0x18
    PE, START, STOP, ACK, POS = 1 << 0, 1 << 8, 1 << 9, 1 << 10, 1 << 11

    @pytest.fixture
    def i2c(self, made):
        i2c = made(STM32F1_I2C, output="EventInterrupt")
        i2c.attach(made(Notebook, 0x1000), 0x50)
        poke(i2c, (self.CR1, self.PE))
        return i2c

    def call(self, i2c, byte, flags=0):
        poke(i2c, (self.CR1, self.PE | self.START | flags))
        assert (peek(i2c, self.SR1), peek(i2c, self.SR2)) == (1, 3)
        poke(i2c, (self.DR, byte))

    def test_bytes_are_sent_until_stop(self, i2c):
        self.call(i2c, 0xA0)
        assert (peek(i2c, self.SR1), peek(i2c, self.SR2), peek(i2c, self.SR1)) == (2, 7, 0x80)
        poke(i2c, (self.DR, 7), (self.DR, 8))
        assert peek(i2c, self.SR1) == 0x84
        poke(i2c, (self.CR1, self.PE | self.STOP))
        assert i2c.devices[0x50].heard == [b"\7\10", "stop"]
        assert (peek(i2c, self.SR1), peek(i2c, self.SR2), peek(i2c, self.CR1)) == (0, 0, 1)

    def test_one_byte_is_read_as_the_manual_says(self, i2c):
        self.call(i2c, 0xA1)
        peek(i2c, self.SR1)
        poke(i2c, (self.CR1, self.PE))
        peek(i2c, self.SR2)
        poke(i2c, (self.CR1, self.PE | self.STOP))
        assert (peek(i2c, self.SR1), peek(i2c, self.DR), peek(i2c, self.SR1)) == (0x40, 1, 0)
        assert i2c.devices[0x50].given == 1

    def test_two_bytes_are_read_with_pos(self, i2c):
        self.call(i2c, 0xA1, self.POS | self.ACK)
        poke(i2c, (self.CR1, self.PE | self.POS))
        peek(i2c, self.SR2)
        assert peek(i2c, self.SR1) == 0x44
        poke(i2c, (self.CR1, self.PE | self.STOP))
        assert [peek(i2c, self.DR), peek(i2c, self.DR), i2c.devices[0x50].given] == [1, 2, 2]

    def test_of_many_bytes_the_last_is_not_acknowledged(self, i2c):
        self.call(i2c, 0xA0)
        peek(i2c, self.SR2)
        poke(i2c, (self.DR, 9))
        self.call(i2c, 0xA1, self.ACK)
        peek(i2c, self.SR2)
        read = [peek(i2c, self.DR) for _ in range(2)]
        assert peek(i2c, self.SR1) == 0x44
        poke(i2c, (self.CR1, self.PE))
        read.append(peek(i2c, self.DR))
        poke(i2c, (self.CR1, self.PE | self.STOP))
        read += [peek(i2c, self.DR), peek(i2c, self.DR)]
        assert (read, i2c.devices[0x50].given, i2c.devices[0x50].heard) == ([1, 2, 3, 4, 5], 5, [b"\11", "stop"])

    def test_a_device_that_is_missing_does_not_acknowledge(self, i2c, board):
        error = Wire(board)
        i2c.lines["ErrorInterrupt"].connect(error, 0)
        poke(i2c, (self.CR2, 1 << 8 | 1 << 9))
        self.call(i2c, 0x42)
        assert (peek(i2c, self.SR1), error.level, i2c.wire.level) == (1 << 10, True, False)
        poke(i2c, (self.SR1, 0), (self.CR1, self.PE | self.STOP))
        assert (peek(i2c, self.SR1), error.level, peek(i2c, self.SR2)) == (0, False, 0)

    def test_events_interrupt(self, i2c):
        poke(i2c, (self.CR2, 1 << 9))
        self.call(i2c, 0xA0)
        assert i2c.wire.level
        peek(i2c, self.SR2)
        assert not i2c.wire.level
        poke(i2c, (self.CR2, 1 << 9 | 1 << 10))
        assert i2c.wire.level


class TestFlash:
    KEYR, OPTKEYR, CR, OPTCR = 0x04, 0x08, 0x10, 0x14
    LOCK = 1 << 31

    @pytest.fixture
    def flash(self, made):
        return made(STM32F4_FlashController, flash=Memory(RAM, 0x1_0000))

    def test_sectors_are_erased_once_it_is_unlocked(self, flash, board):
        poke(flash, (self.CR, 1 << 16 | 1 << 3 | 2))
        assert (board.bus.read(RAM + 0x4000, 1), peek(flash, self.CR)) == (b"\0", self.LOCK)
        poke(flash, (self.KEYR, 0x45670123), (self.KEYR, 0xCDEF89AB), (self.CR, 1 << 16 | 1 << 3 | 2))
        assert board.bus.read(RAM + 0x3FFF, 0x4002) == b"\0" + b"\xff" * 0x4000 + b"\0"
        poke(flash, (self.CR, 1 << 16 | 4))
        assert (board.bus.read(RAM, 0x1_0000), peek(flash, self.CR)) == (b"\xff" * 0x1_0000, 4)
        poke(flash, (self.CR, self.LOCK))
        assert peek(flash, self.CR) & self.LOCK

    def test_a_wrong_key_locks_until_reset(self, flash):
        poke(flash, (self.KEYR, 1), (self.KEYR, 0x45670123), (self.KEYR, 0xCDEF89AB))
        assert peek(flash, self.CR) & self.LOCK
        flash.reset()
        poke(flash, (self.KEYR, 0x45670123), (self.KEYR, 0xCDEF89AB))
        assert not peek(flash, self.CR) & self.LOCK

    def test_option_bytes_follow_their_register(self, flash):
        poke(flash, (self.OPTKEYR, 0x08192A3B), (self.OPTKEYR, 0x4C5D6E7F), (self.OPTCR, 0x0FFF_55EC | 2))
        assert (peek(flash, flash.region("optionBytes")), peek(flash, self.OPTCR)) == (0x55EC, 0x0FFF_55EC)


class TestTheRest:
    def test_over_drive_is_ready(self, made):
        pwr = made(STM32_PWR)
        poke(pwr, (0x00, 3 << 14 | 1 << 16 | 1 << 17))
        assert peek(pwr, 0x04) == 1 << 14 | 1 << 16 | 1 << 17
        poke(pwr, (0x00, 1 << 17))
        assert (peek(pwr, 0x00), peek(pwr, 0x04)) == (1 << 14, 1 << 14)

    def test_a_sequence_is_converted_in_its_time(self, made, board):
        adc = made(STM32_ADC)
        poke(adc, (0x04, 1 << 8 | 1 << 5), (0x2C, 1 << 20), (0x08, 1), (0x08, 1 | 1 << 30))
        board.clock.advance_to(199_999)
        assert not adc.wire.level
        board.clock.advance_to(200_000)
        assert (peek(adc, 0x00), adc.wire.level, peek(adc, 0x4C), adc.wire.level) == (2, True, 0, False)

    def test_rcc_resets_timer_9(self, made, board):
        timer = made(STM32_Timer, frequency=1_000_000, initial_limit=0xFFFF)
        rcc = made(STM32F4_RCC, 0x1000, rtc_peripheral=timer)
        rcc.lines["Timer9Reset"].connect(timer, 255)
        poke(timer, (0x28, 7))
        poke(rcc, (0x24, 1 << 16), (0x24, 0))
        assert peek(timer, 0x28) == 0


class TestBoard:
    TEXT = (
        'cpu: CPU.CortexM @ sysbus\n    cpuType: "cortex-m4"\n    nvic: nvic\n'
        "nvic: IRQControllers.NVIC @ sysbus 0xE000E000\n    -> cpu@0\n"
        "flash: Memory.MappedMemory @ sysbus 0x08000000\n    size: 0x10000\n"
        "controller: MTD.STM32F4_FlashController @ { sysbus 0x40023C00; sysbus new Bus.BusMultiRegistration "
        '{ address: 0x1FFFC000; size: 0x100; region: "optionBytes" } }\n    flash: flash\n'
    )

    def test_a_region_is_where_the_board_puts_it_and_memory_is_told(self, tmp_path):
        (tmp_path / "board.repl").write_text(self.TEXT)
        machine = BuiltinMachine(repl.read(tmp_path / "board.repl"), cpu="sysbus.cpu", uart=None)
        with machine:
            machine.bus.devices["controller"].reset()
            assert (machine.bus.read_register(0x1FFFC000, 4), machine.bus.read_register(0x40023C14, 4)) == (
                0xAAEC,
                0xFFFAAED,
            )
            for address, value in ((0x40023C04, 0x45670123), (0x40023C04, 0xCDEF89AB), (0x40023C10, 1 << 16 | 4)):
                machine.bus.write_register(address, 4, value)
            assert machine.bus.read(0x0800FFFC, 4) == b"\xff" * 4

    def test_a_region_that_is_not_there_is_told_with_its_line(self, tmp_path):
        (tmp_path / "board.repl").write_text(self.TEXT.replace("optionBytes", "otherBytes"))
        with pytest.raises(ConfigurationError, match=r"board.repl:8: .*no region 'otherBytes'"):
            BuiltinMachine(repl.read(tmp_path / "board.repl"), cpu="sysbus.cpu", uart=None)
