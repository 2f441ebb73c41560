"""Devices of the STM32F746 by themselves. Register values are those of RM0385 and of Renode's models."""

import numpy as np
import pytest

from lab.engines.builtin.devices.combinedinput import CombinedInput
from lab.engines.builtin.devices.lis2dw12 import LIS2DW12
from lab.engines.builtin.devices.lsm9ds1_imu import LSM9DS1_IMU
from lab.engines.builtin.devices.pythonperipheral import PythonPeripheral
from lab.engines.builtin.devices.stm32_gpioport import STM32_GPIOPort
from lab.engines.builtin.devices.stm32_rng import STM32_RNG
from lab.engines.builtin.devices.stm32_timer import STM32_Timer
from lab.engines.builtin.devices.stm32dma import STM32DMA
from lab.engines.builtin.devices.stm32f4_exti import STM32F4_EXTI
from lab.engines.builtin.devices.stm32f4_rcc import STM32F4_RCC
from lab.engines.builtin.devices.stm32f4_rtc import STM32F4_RTC
from lab.engines.builtin.devices.stm32f7_i2c import STM32F7_I2C
from lab.engines.builtin.devices.stm32f7_usart import STM32F7_USART
from lab.errors import ConfigurationError, DeviceFault, RecordingError
from tests.signals import accelerations

from .fake_board import Wire, peek, poke


class TestClocks:
    def test_a_clock_is_ready_as_soon_as_it_is_on(self, made):
        rcc = made(STM32F4_RCC, rtc_peripheral=made(STM32F4_RTC))
        assert peek(rcc, 0x00) == 0x483
        poke(rcc, (0x00, 0x483 | 1 << 16 | 1 << 24), (0x08, 2 | 5 << 10), (0x70, 1), (0x74, 1))
        assert peek(rcc, 0x00) == 0x0303_0483
        assert peek(rcc, 0x08) == 2 | 2 << 2 | 5 << 10
        assert (peek(rcc, 0x70) & 3, peek(rcc, 0x74) & 3) == (3, 3)

    def test_enables_are_kept(self, made):
        rcc = made(STM32F4_RCC, rtc_peripheral=made(STM32F4_RTC))
        poke(rcc, (0x30, 0x1FF), (0x40, 1 << 21), (0x44, 1 << 4))
        assert [peek(rcc, offset) for offset in (0x30, 0x40, 0x44)] == [0x1FF, 1 << 21, 1 << 4]

    def test_the_calendar_can_be_initialised(self, made):
        rtc = made(STM32F4_RTC)
        poke(rtc, (0x0C, 0xFFFF_FFFF))
        assert peek(rtc, 0x0C) & 1 << 6


class TestSerialPort:
    def test_what_is_sent_is_printed_at_once(self, board, made):
        usart = made(STM32F7_USART, frequency=216_000_000)
        assert peek(usart, 0x1C) == 0x2000_00C0
        poke(usart, (0x00, 0xD), (0x28, ord("h")), (0x28, ord("i")))
        assert board.printed == b"hi"
        assert peek(usart, 0x1C) == 0x2000_00C0 | 3 << 21

    def test_interrupts_for_empty_and_complete(self, made):
        usart = made(STM32F7_USART, frequency=216_000_000)
        poke(usart, (0x00, 0xD | 1 << 6))
        assert usart.wire.level
        poke(usart, (0x20, 1 << 6))
        assert not usart.wire.level
        assert not peek(usart, 0x1C) & 1 << 6
        poke(usart, (0x00, 0xD | 1 << 7))
        assert usart.wire.level

    def test_bytes_are_received_one_by_one_while_the_receiver_is_on(self, made):
        usart = made(STM32F7_USART, frequency=216_000_000)
        usart.accept(b"lost while it is off")
        poke(usart, (0x00, 0x5 | 1 << 5))
        assert not peek(usart, 0x1C) & 1 << 5
        usart.accept(b"ab")
        assert peek(usart, 0x1C) & 1 << 5
        assert usart.wire.level
        assert [peek(usart, 0x24), peek(usart, 0x24)] == [ord("a"), ord("b")]
        assert not peek(usart, 0x1C) & 1 << 5
        assert not usart.wire.level

    @pytest.mark.parametrize("control", [0, 1, 8])
    def test_sending_while_it_is_off_is_a_fault(self, made, control):
        usart = made(STM32F7_USART, frequency=216_000_000)
        poke(usart, (0x00, control))
        with pytest.raises(DeviceFault, match="transmitter off"):
            poke(usart, (0x28, 0))


class TestTimer:
    def timer(self, made, *, reload, prescaler=107, enables=1, control=1, limit=0xFFFF_FFFF):
        timer = made(STM32_Timer, frequency=108_000_000, initial_limit=limit)
        poke(timer, (0x28, prescaler), (0x2C, reload), (0x14, 1), (0x10, 0), (0x0C, enables), (0x00, control))
        return timer

    def test_the_period_is_the_reload_value(self, board, made):
        timer = self.timer(made, reload=999)
        board.clock.advance_to(999_000)
        assert timer.wire.rose == [999_000]
        assert peek(timer, 0x10) & 1
        poke(timer, (0x10, 0))
        assert not timer.wire.level
        board.clock.advance_to(3 * 999_000)
        poke(timer, (0x10, 0))
        assert timer.wire.rose == [999_000, 2 * 999_000]

    def test_it_counts_and_can_be_stopped_and_set(self, board, made):
        timer = self.timer(made, reload=999, enables=0)
        board.clock.advance_to(100_500)
        assert peek(timer, 0x24) == 100
        poke(timer, (0x00, 0))
        board.clock.advance_to(200_000)
        assert peek(timer, 0x24) == 100
        poke(timer, (0x24, 900), (0x00, 1), (0x0C, 1))
        board.clock.advance_to(299_000)
        assert timer.wire.rose == [299_000]

    def test_channels_match_on_the_way_up(self, board, made):
        timer = self.timer(made, reload=1000, enables=0b110)
        poke(timer, (0x34, 200), (0x38, 700))
        rose = []
        for time in (200_000, 700_000, 1_200_000):
            board.clock.advance_to(time)
            rose.append(peek(timer, 0x10) & 6)
            poke(timer, (0x10, 0))
        assert rose == [2, 4, 2]
        assert timer.wire.rose == [200_000, 700_000, 1_200_000]

    def test_one_pulse_mode_stops_at_the_update(self, board, made):
        timer = self.timer(made, reload=10, control=1 | 1 << 3)
        board.clock.advance_to(50_000)
        assert timer.wire.rose == [10_000]
        assert not peek(timer, 0x00) & 1

    def test_a_preloaded_reload_waits_for_the_update(self, board, made):
        timer = self.timer(made, reload=10, control=1 | 1 << 7)
        poke(timer, (0x2C, 20))
        for time in (10_000, 30_000):
            board.clock.advance_to(time)
            poke(timer, (0x10, 0))
        assert timer.wire.rose == [10_000, 30_000]

    def test_disabled_updates_raise_nothing(self, board, made):
        timer = self.timer(made, reload=10, control=1 | 1 << 1)
        board.clock.advance_to(100_000)
        assert not timer.wire.rose

    def test_a_generated_update_sets_its_flag_only_where_it_may_interrupt(self, made):
        timer = made(STM32_Timer, frequency=108_000_000, initial_limit=0xFFFF)
        poke(timer, (0x14, 1))
        assert not peek(timer, 0x10)
        poke(timer, (0x0C, 1), (0x14, 1))
        assert timer.wire.level

    def test_a_repetition_counter_thins_the_interrupts_out(self, board, made):
        timer = made(STM32_Timer, frequency=1_000_000, initial_limit=0xFFFF)
        poke(timer, (0x2C, 10), (0x30, 1), (0x14, 1), (0x0C, 1), (0x00, 1))
        rose = 0
        for update in range(1, 7):
            board.clock.advance_to(10_000 * update)
            rose += timer.wire.level
            poke(timer, (0x10, 0))
        assert rose == 3

    def test_a_16_bit_timer_keeps_16_bits(self, made):
        timer = made(STM32_Timer, frequency=108_000_000, initial_limit=0xFFFF)
        poke(timer, (0x2C, 0x1_2345), (0x24, 0xA_0001))
        assert (peek(timer, 0x2C), peek(timer, 0x24)) == (0x2345, 1)

    @pytest.mark.parametrize("write", [(0x00, 1 << 4), (0x00, 1 << 5), (0x08, 4), (0x18, 1)])
    def test_what_it_has_not_is_a_fault(self, made, write):
        timer = made(STM32_Timer, frequency=108_000_000, initial_limit=0xFFFF)
        with pytest.raises(DeviceFault, match="built-in engine's timer has no"):
            poke(timer, write)

    def test_a_limit_of_nothing_is_refused(self, made):
        with pytest.raises(ConfigurationError, match="initialLimit"):
            made(STM32_Timer, frequency=1, initial_limit=0)


class TestExternalInterrupts:
    def test_a_rising_edge_stays_until_its_pending_bit_is_cleared(self, made):
        exti = made(STM32F4_EXTI, output="3", number_of_output_lines=24)
        poke(exti, (0x00, 1 << 3), (0x08, 1 << 3))
        exti.on_input(3, True)
        exti.on_input(3, False)
        assert (exti.wire.level, peek(exti, 0x14)) == (True, 1 << 3)
        poke(exti, (0x14, 1 << 3))
        assert (exti.wire.level, peek(exti, 0x14)) == (False, 0)

    def test_edges_that_are_masked_or_not_chosen_are_nothing(self, made):
        exti = made(STM32F4_EXTI, output="3", number_of_output_lines=24)
        poke(exti, (0x08, 1 << 3))
        exti.on_input(3, True)
        poke(exti, (0x00, 1 << 3), (0x08, 0), (0x0C, 1 << 3))
        exti.on_input(3, True)
        assert not exti.wire.level
        exti.on_input(3, False)
        assert exti.wire.level

    def test_firmware_can_trigger_an_unmasked_line(self, made):
        exti = made(STM32F4_EXTI, output="5", number_of_output_lines=24)
        poke(exti, (0x10, 1 << 5))
        assert not exti.wire.level
        poke(exti, (0x00, 1 << 5), (0x10, 1 << 5))
        assert exti.wire.level

    def test_an_input_or_a_number_of_lines_that_it_has_not_is_refused(self, made):
        with pytest.raises(ConfigurationError, match="has no input 4"):
            made(STM32F4_EXTI, output="0", number_of_output_lines=4).on_input(4, True)
        with pytest.raises(ConfigurationError, match="numberOfOutputLines"):
            made(STM32F4_EXTI, output="0", number_of_output_lines=33)


START, READ, AUTOEND, RELOAD, STOP = 1 << 13, 1 << 10, 1 << 25, 1 << 24, 1 << 14


class Bus:
    """A master with an accelerometer at 0x19, and what firmware does to it."""

    def __init__(self, board):
        self.i2c = STM32F7_I2C(board)
        self.sensor = LIS2DW12(board)
        self.wire = Wire(board)
        self.i2c.lines["EventInterrupt"].connect(self.wire, 0)
        self.i2c.attach(self.sensor, 0x19)
        for device in (self.i2c, self.sensor):
            device.reset()
        poke(self.i2c, (0x00, 1))

    def write(self, *data):
        poke(self.i2c, (0x04, 0x19 << 1 | len(data) << 16 | START | AUTOEND))
        for byte in data:
            assert peek(self.i2c, 0x18) & 2
            poke(self.i2c, (0x28, byte))
        assert peek(self.i2c, 0x18) == 0x21
        poke(self.i2c, (0x1C, 0x20))

    def read(self, register, count):
        poke(self.i2c, (0x04, 0x19 << 1 | 1 << 16 | START))
        poke(self.i2c, (0x28, register))
        assert peek(self.i2c, 0x18) == 0x41
        poke(self.i2c, (0x04, 0x19 << 1 | count << 16 | READ | START | AUTOEND))
        data = []
        for _ in range(count):
            assert peek(self.i2c, 0x18) & 4
            data.append(peek(self.i2c, 0x24))
        assert peek(self.i2c, 0x18) == 0x21
        poke(self.i2c, (0x1C, 0x20))
        return data

    def axes(self):
        return np.array(self.read(0x28, 6), np.uint8).view("<i2").tolist()


@pytest.fixture
def bus(board):
    return Bus(board)


class TestI2C:
    def test_a_register_is_written_and_read(self, bus):
        bus.write(0x25, 0x10)
        assert bus.read(0x25, 1) == [0x10]
        assert bus.read(0x0F, 1) == [0x44]

    def test_a_transfer_can_go_on_after_a_reload(self, bus):
        poke(bus.i2c, (0x04, 0x19 << 1 | 1 << 16 | START | RELOAD), (0x28, 0x25))
        assert peek(bus.i2c, 0x18) & 0x80
        poke(bus.i2c, (0x04, 0x19 << 1 | 1 << 16), (0x28, 0x20))
        assert peek(bus.i2c, 0x18) & 0x40
        poke(bus.i2c, (0x04, 0x19 << 1 | STOP))
        assert peek(bus.i2c, 0x18) & 0x20

    def test_a_missing_device_acknowledges_nothing(self, bus):
        poke(bus.i2c, (0x00, 1 | 1 << 4), (0x04, 0x50 << 1 | 1 << 16 | START), (0x28, 0))
        assert (peek(bus.i2c, 0x18), bus.wire.level) == (0x31, True)
        poke(bus.i2c, (0x1C, 1 << 4))
        assert (peek(bus.i2c, 0x18), bus.wire.level) == (0x21, False)
        poke(bus.i2c, (0x1C, 1 << 5), (0x04, 0x50 << 1 | 1 << 16 | START | AUTOEND))
        assert peek(bus.i2c, 0x18) == 0x31
        poke(bus.i2c, (0x1C, 0x30))
        bus.write(0x25, 0x10)

    def test_interrupts_follow_flags_and_enables(self, bus):
        poke(bus.i2c, (0x00, 1 | 1 << 1 | 1 << 6), (0x04, 0x19 << 1 | 1 << 16 | START))
        assert bus.wire.level
        poke(bus.i2c, (0x00, 1))
        assert not bus.wire.level
        poke(bus.i2c, (0x28, 0x0F), (0x00, 1 | 1 << 6))
        assert bus.wire.level
        poke(bus.i2c, (0x00, 0))
        assert peek(bus.i2c, 0x18) == 1

    def test_reading_nothing_gives_nothing(self, bus):
        assert peek(bus.i2c, 0x24) == 0

    def test_a_device_of_another_bus_is_refused(self, board, bus):
        with pytest.raises(ConfigurationError, match="both 0x19"):
            bus.i2c.attach(LSM9DS1_IMU(board), 0x19)


class TestAccelerometer:
    def test_samples_come_one_a_read_and_the_last_is_repeated(self, bus):
        bus.sensor.feed(accelerations(np.array([[8192, -4096, 16384], [16384, 0, 0]], np.int16)))
        bus.write(0x25, 0x00)
        bus.write(0x20, 0x54)
        assert bus.axes() == [8196, -4096, 16392]
        assert bus.axes() == bus.axes() == [16392, 0, 0]

    @pytest.mark.parametrize(("scale", "digits"), [(0, 16392), (1, 8196), (2, 4096), (3, 2048)])
    def test_full_scale_divides(self, bus, scale, digits):
        bus.sensor.feed(accelerations(np.array([[16384, 0, 0]], np.int16)))
        bus.write(0x25, scale << 4)
        bus.write(0x20, 0x54)
        assert bus.axes()[0] == digits

    def test_it_saturates_and_truncates(self, bus):
        bus.sensor.feed(accelerations(np.array([[32767, -32768, 1]], np.int16)))
        bus.write(0x25, 0)
        bus.write(0x20, 0x54)
        assert bus.axes() == [8191 << 2, -8192 << 2, 0]

    def test_low_power_has_12_bits(self, bus):
        bus.sensor.feed(accelerations(np.array([[16384, 0, 0]], np.int16)))
        bus.write(0x25, 0)
        bus.write(0x20, 0x50)
        assert bus.axes()[0] == 1024 << 4

    def test_in_power_down_it_reads_nothing(self, bus):
        bus.write(0x25, 0)
        assert bus.axes() == [0, 0, 0]
        assert bus.read(0x27, 1) == [0]

    def test_data_ready_leads_to_the_interrupt(self, board, bus):
        wire = Wire(board)
        bus.sensor.lines["Interrupt1"].connect(wire, 0)
        bus.write(0x23, 1)
        assert not wire.level
        bus.write(0x20, 0x54)
        assert wire.level
        assert bus.read(0x27, 1) == [1]

    def test_outputs_before_the_scale_was_written_are_a_fault(self, bus):
        bus.write(0x20, 0x54)
        with pytest.raises(DeviceFault, match="before CTRL6"):
            bus.axes()

    def test_the_fifo_is_a_fault(self, bus):
        with pytest.raises(DeviceFault, match="no FIFO"):
            bus.write(0x2E, 0x50)

    def test_a_soft_reset_keeps_samples(self, bus):
        bus.sensor.feed(accelerations(np.array([[16384, 0, 0]], np.int16)))
        bus.write(0x20, 0x54)
        bus.write(0x21, 0x40)
        assert bus.read(0x20, 1) == [0]
        bus.write(0x20, 0x54)
        assert bus.axes()[0] == 16392

    def test_samples_of_another_shape_are_refused(self, bus):
        with pytest.raises(RecordingError, match=r"\[n, 3\]"):
            bus.sensor.feed(accelerations(np.zeros(6, np.int16)))


class TestPins:
    def test_a_pin_has_one_level_however_it_is_driven(self, made):
        port = made(STM32_GPIOPort, output="3")
        poke(port, (0x18, 1 << 3 | 1 << 5))
        assert (peek(port, 0x14), peek(port, 0x10), port.wire.level) == (0b101000, 0b101000, True)
        poke(port, (0x18, 1 << 19))
        poke(port, (0x14, peek(port, 0x14) | 1))
        assert (peek(port, 0x10), port.wire.level, peek(port, 0x18)) == (0b100001, False, 0)
        port.on_input(3, True)
        assert (peek(port, 0x10), port.wire.level) == (0b101001, True)

    def test_modes_are_those_of_the_chip_after_a_reset_and_then_what_is_written(self, made):
        port = made(STM32_GPIOPort, mode_reset_value=0xA800_0000)
        assert peek(port, 0x00) == 0xA800_0000
        poke(port, (0x00, 0x5), (0x24, 0x77))
        assert (peek(port, 0x00), peek(port, 0x24)) == (0x5, 0x77)

    def test_lines_are_combined(self, made):
        both = made(CombinedInput, number_of_inputs=2)
        both.on_input(0, True)
        both.on_input(1, True)
        both.on_input(0, False)
        assert both.wire.level
        both.on_input(1, False)
        assert not both.wire.level
        with pytest.raises(ConfigurationError, match="has no input 2"):
            both.on_input(2, True)


def test_random_numbers_are_ready_when_on_differ_and_repeat_after_a_reset(made):
    rng = made(STM32_RNG, series="F7")
    assert (peek(rng, 0x04), peek(rng, 0x08)) == (0, 0)
    poke(rng, (0x00, 1 << 2 | 1 << 3))
    first = [peek(rng, 0x08) for _ in range(100)]
    assert (peek(rng, 0x04), rng.wire.level, len(set(first))) == (1, True, 100)
    rng.reset()
    poke(rng, (0x00, 1 << 2))
    assert [peek(rng, 0x08) for _ in range(100)] == first


def test_a_bit_of_the_power_controller_that_is_waited_for_comes_and_goes(made):
    power = made(PythonPeripheral, size=0x400, initable=True, filename="scripts/pydev/flipflop.py")
    assert [peek(power, 0x04) for _ in range(3)] == [0xFFFF_FFFF, 0, 0xFFFF_FFFF]
    assert not power.steady(0x04)
    with pytest.raises(ConfigurationError, match=r"has no script 'counter.py'"):
        made(PythonPeripheral, size=4, filename="scripts/pydev/counter.py")


def test_a_counter_by_a_script_goes_on_with_each_access(made):
    counter = made(PythonPeripheral, size=4, filename="scripts/pydev/ticker.py")
    assert [peek(counter, 0) for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("script", "number"),
    [("request.Value = 0xFFFFFFFF", 0xFFFF_FFFF), ("request.Value = (1<<30) | (50 << 8) | 0xEC", 0x4000_32EC)],
)
def test_a_script_that_assigns_a_number_gives_it_always(made, script, number):
    register = made(PythonPeripheral, size=4, script=script)
    assert ([peek(register, 0), peek(register, 0)], register.steady(0)) == ([number] * 2, True)


@pytest.mark.parametrize(
    "script",
    ["request.Value = open('x')", "request.Value = 1 << x", "import os", "request.Value = 1; x = 2", "(" * 9_999, "\0"],
)
def test_no_other_script_is_executed(made, script):
    with pytest.raises(ConfigurationError, match="has no script"):
        made(PythonPeripheral, size=4, script=script)


class TestDma:
    RAM = 0x2000_0000
    COMPLETE, HALF = 1 << 27, 1 << 26  # TCIF7 and HTIF7 in HISR, TCIF3 and HTIF3 in LISR

    def test_memory_goes_to_memory_at_once_and_the_end_is_told(self, made, board):
        dma = made(STM32DMA, output="7")
        board.bus.write(self.RAM, b"from here on")
        poke(dma, (0x10 + 7 * 0x18 + 8, self.RAM), (0x10 + 7 * 0x18 + 12, self.RAM + 0x100), (0x10 + 7 * 0x18 + 4, 3))
        poke(dma, (0x10 + 7 * 0x18, 2 << 6 | 1 << 9 | 1 << 10 | 2 << 11 | 2 << 13 | 1 << 4 | 1))
        assert board.bus.read(self.RAM + 0x100, 12) == b"from here on"
        assert (peek(dma, 0x04), dma.wire.level) == (self.COMPLETE | self.HALF, True)
        assert (peek(dma, 0x10 + 7 * 0x18 + 4), peek(dma, 0x10 + 7 * 0x18) & 1) == (0, 0)  # and the stream is off
        poke(dma, (0x0C, self.COMPLETE | self.HALF))
        assert (peek(dma, 0x04), dma.wire.level) == (0, False)

    def test_a_peripheral_is_read_once_for_each_request(self, made, board):
        dma = made(STM32DMA, output="3")
        stream = 0x10 + 3 * 0x18
        poke(dma, (stream + 8, self.RAM), (stream + 12, self.RAM + 0x100), (stream + 4, 2))
        poke(dma, (stream, 1 << 10 | 1))  # bytes, to memory, whose address goes on
        for byte in (b"a", b"b"):
            board.bus.write(self.RAM, byte)
            dma.on_input(3, True)
            dma.on_input(3, False)
        assert board.bus.read(self.RAM + 0x100, 2) == b"ab"
        assert (peek(dma, 0x00), dma.wire.level) == (self.COMPLETE | self.HALF, False)
        dma.on_input(3, True)
        assert board.bus.read(self.RAM + 0x102, 1) == b"\0"  # the stream is off

    @pytest.mark.parametrize("double", [False, True])
    def test_a_round_follows_a_round_where_that_is_asked_for(self, made, board, double):
        dma = made(STM32DMA, output="3")
        stream = 0x10 + 3 * 0x18
        poke(dma, (stream + 8, self.RAM), (stream + 4, 2))
        poke(dma, (stream + 12, self.RAM + 0x100), (stream + 16, self.RAM + 0x200))
        poke(dma, (stream, 1 << 10 | 1 << 3 | (1 << 18 if double else 1 << 8) | 1))
        for count, byte in enumerate(b"abcde", 1):
            board.bus.write(self.RAM, bytes([byte]))
            dma.on_input(3, True)
            dma.on_input(3, False)
            assert dma.wire.level == bool(count % 2)  # the interrupt is that of the half
            poke(dma, (0x08, self.HALF))
        first, second = board.bus.read(self.RAM + 0x100, 3), board.bus.read(self.RAM + 0x200, 3)
        assert (first, second) == ((b"eb\0", b"cd\0") if double else (b"ed\0", b"\0\0\0"))
        assert (peek(dma, stream + 4), peek(dma, stream) & 1, peek(dma, stream) >> 19 & 1) == (1, 1, 0)

    @pytest.mark.parametrize("asks", [0, 1 << 4])
    def test_a_stream_that_is_switched_off_says_that_it_is_complete(self, made, asks):
        dma = made(STM32DMA, output="3")
        stream = 0x10 + 3 * 0x18
        poke(dma, (stream + 4, 2), (stream, 1 << 4 | 1))
        poke(dma, (stream, asks))
        assert (peek(dma, 0x00), dma.wire.level) == (self.COMPLETE, bool(asks))
        assert peek(dma, stream + 4) == 2
        poke(dma, (0x08, self.COMPLETE), (stream, asks))  # it was off
        assert (peek(dma, 0x00), dma.wire.level) == (0, False)

    def test_received_bytes_ask_for_a_transfer_until_nobody_takes_them(self, made, board):
        usart = made(STM32F7_USART, frequency=216_000_000)
        taken = bytearray()

        class TakesThree:
            def on_input(self, _number, level):
                if level and len(taken) < 3:
                    taken.append(usart.read(0x24, 4))

        usart.lines["ReceiveDmaRequest"].connect(TakesThree(), 0)
        poke(usart, (0x00, 1 << 4 | 0b1101))  # IDLEIE, with TE, RE and UE
        usart.accept(b"ab")
        assert (taken, usart.wire.level) == (b"", True)
        poke(usart, (0x20, 1 << 4))
        assert not usart.wire.level
        poke(usart, (0x08, 1 << 6))
        assert taken == b"ab"
        usart.accept(b"cd")
        assert (taken, peek(usart, 0x1C) >> 4 & 3) == (b"abc", 0b11)  # the last one waits; the line is idle


def test_an_update_of_a_timer_is_told_on_its_own_line_too(made):
    timer = made(STM32_Timer, output="UpdateInterrupt", frequency=1_000_000, initial_limit=0xFFFF)
    poke(timer, (0x2C, 10), (0x0C, 1), (0x00, 1))
    timer.clock.advance_to(11_000)
    assert timer.wire.level
    poke(timer, (0x10, 0))
    assert not timer.wire.level
