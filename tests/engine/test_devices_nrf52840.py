import numpy as np
import pytest

from lab.engines.builtin.devices.lsm9ds1_imu import LSM9DS1_IMU
from lab.engines.builtin.devices.lsm9ds1_magnetic import LSM9DS1_Magnetic
from lab.engines.builtin.devices.nrf52840_i2c import NRF52840_I2C
from lab.engines.builtin.devices.nrf52840_pdm import NRF52840_PDM
from lab.engines.builtin.devices.nrf52840_rtc import NRF52840_RTC
from lab.engines.builtin.devices.nrf52840_timer import NRF52840_Timer
from lab.engines.builtin.devices.nrf52840_uart import NRF52840_UART
from lab.engines.builtin.devices.nrf_clock import NRF_CLOCK
from lab.errors import DeviceFault, RecordingError
from tests.signals import accelerations, sound

from .fake_board import RAM, peek, poke


class TestClock:
    def test_the_crystal_runs_at_once_and_says_so(self, made):
        clock = made(NRF_CLOCK)
        poke(clock, (0x304, 1), (0x000, 1))
        assert peek(clock, 0x100) == 1
        assert peek(clock, 0x40C) == 0x10001
        assert clock.wire.level
        poke(clock, (0x100, 0))
        assert not clock.wire.level

    def test_the_slow_clock_reports_its_source(self, made):
        clock = made(NRF_CLOCK)
        poke(clock, (0x518, 1), (0x008, 1))
        assert (peek(clock, 0x104), peek(clock, 0x418)) == (1, 0x10001)
        poke(clock, (0x00C, 1))
        assert (peek(clock, 0x104), peek(clock, 0x418)) == (0, 1)


class TestUarte:
    def send(self, uart, address, size):
        poke(uart, (0x544, address), (0x548, size), (0x120, 0), (0x008, 1))

    def test_a_transfer_comes_out_whole_at_once(self, made, board):
        uart = made(NRF52840_UART, easy_dma=True)
        board.bus.write(RAM + 8, b"hello\r\n")
        poke(uart, (0x500, 8), (0x304, 1 << 8))
        self.send(uart, RAM + 8, 7)
        assert board.printed == b"hello\r\n"
        assert [peek(uart, event) for event in (0x11C, 0x120, 0x150, 0x158, 0x54C)] == [1, 1, 1, 1, 7]
        assert uart.wire.level

    def test_bytes_are_received_into_memory_until_the_buffer_is_full(self, board, made):
        uart = made(NRF52840_UART, easy_dma=True)
        uart.accept(b"lost while it is off")
        poke(uart, (0x500, 8), (0x304, 1 << 4), (0x534, RAM + 16), (0x538, 3))
        uart.accept(b"lost before it is started")
        poke(uart, (0x000, 1))
        assert [peek(uart, event) for event in (0x108, 0x110, 0x14C, 0x53C)] == [0, 0, 1, 0]
        uart.accept(b"ab")
        assert [peek(uart, event) for event in (0x108, 0x110, 0x53C)] == [1, 0, 2]
        assert not uart.wire.level
        uart.accept(b"cd")
        assert [peek(uart, event) for event in (0x110, 0x53C)] == [1, 3]
        assert uart.wire.level
        poke(uart, (0x110, 0), (0x534, RAM + 19), (0x538, 1), (0x000, 1))
        assert peek(uart, 0x110) == 1
        assert board.bus.read(RAM + 16, 4) == b"abcd"

    @pytest.mark.produces("device-misused")
    def test_sending_while_disabled_is_a_fault(self, made):
        with pytest.raises(DeviceFault, match="ENABLE is 0"):
            self.send(made(NRF52840_UART, easy_dma=True), RAM, 1)

    @pytest.mark.produces("dma-outside-ram")
    def test_sending_from_flash_is_a_fault(self, made):
        uart = made(NRF52840_UART, easy_dma=True)
        poke(uart, (0x500, 8))
        with pytest.raises(DeviceFault, match="not in data RAM"):
            self.send(uart, 0x1000, 4)


class TestTimer:
    @pytest.fixture
    def timer(self, made):
        timer = made(NRF52840_Timer, number_of_events=4)
        poke(timer, (0x508, 3), (0x304, 1 << 16))
        return timer

    def test_compare_comes_after_the_period_rounded_up_to_a_nanosecond(self, timer, board):
        poke(timer, (0x540, 777), (0x000, 1))
        board.clock.advance_to(10**6)
        assert timer.wire.rose == [48_563]  # 777 / 16 MHz = 48562.5 ns

    def test_cleared_in_the_handler_it_comes_again_and_the_rounding_does_not_add_up(self, timer, board):
        poke(timer, (0x510, 4), (0x540, 777), (0x000, 1))
        for due in (777_000, 1_554_000):
            board.clock.advance_to(due)
            poke(timer, (0x140, 0), (0x00C, 1))
        assert timer.wire.rose == [777_000, 1_554_000]

    def test_not_cleared_it_comes_once(self, timer, board):
        poke(timer, (0x540, 160), (0x000, 1))
        board.clock.advance_to(10**9)
        poke(timer, (0x140, 0))
        board.clock.advance_to(2 * 10**9)
        assert timer.wire.rose == [10_000]

    def test_capture_reads_the_running_counter_and_stop_holds_it(self, timer, board):
        poke(timer, (0x510, 4), (0x000, 1))
        board.clock.advance_to(5_500)
        poke(timer, (0x044, 1))
        assert peek(timer, 0x544) == 5
        poke(timer, (0x004, 1))
        board.clock.advance_to(50_000)
        poke(timer, (0x044, 1))
        assert peek(timer, 0x544) == 5

    def test_a_compare_value_set_on_the_way_counts_from_the_start(self, timer, board):
        poke(timer, (0x510, 4), (0x000, 1))
        board.clock.advance_to(3_300)
        poke(timer, (0x540, 10))
        board.clock.advance_to(20_000)
        assert timer.wire.rose == [10_000]

    def test_writing_cc_takes_the_event_back(self, timer, board):
        poke(timer, (0x540, 16), (0x000, 1))
        board.clock.advance_to(1_000)
        assert timer.wire.level
        poke(timer, (0x540, 10_000))
        assert (peek(timer, 0x140), timer.wire.level) == (0, False)

    def test_a_counter_counts_tasks(self, timer):
        poke(timer, (0x504, 1), (0x540, 2), (0x000, 1), (0x008, 1))
        assert peek(timer, 0x140) == 0
        poke(timer, (0x008, 1))
        assert peek(timer, 0x140) == 1

    def test_a_snapshot_brings_counter_and_alarm_back(self, timer, board):
        poke(timer, (0x540, 160), (0x000, 1))
        board.clock.advance_to(5_000)
        kept = timer.snapshot()
        poke(timer, (0x00C, 1), (0x540, 1600))
        timer.restore(kept)
        board.clock.advance_to(20_000)
        assert timer.wire.rose == [10_000]


class TestRtc:
    def test_compare_interrupts_without_evten_and_counts_the_slow_clock(self, made, board):
        rtc = made(NRF52840_RTC, number_of_events=3)
        poke(rtc, (0x508, 7), (0x544, 3), (0x304, 1 << 17), (0x000, 1))
        board.clock.advance_to(732_422)  # 3 * 8 / 32768 s is 732,421.875 ns
        assert rtc.wire.rose == [732_422]
        poke(rtc, (0x144, 0), (0x308, 1 << 17), (0x344, 1 << 17), (0x008, 1))
        board.clock.advance_to(10**9)
        assert rtc.wire.rose == [732_422]
        assert peek(rtc, 0x344) == 1 << 17
        assert peek(rtc, 0x504) == (10**9 - 732_422) * 32768 // 8 // 10**9


class TestPdm:
    @pytest.fixture
    def pdm(self, made):
        pdm = made(NRF52840_PDM)
        poke(pdm, (0x504, 0x0A000000), (0x520, 1), (0x508, 1), (0x500, 1), (0x560, RAM), (0x304, 5))
        return pdm

    def heard(self, board, count, at=RAM):
        return np.frombuffer(board.bus.read(at, 2 * count), "<i2").tolist()

    def test_a_buffer_is_full_after_its_time_and_holds_the_samples_in_order(self, pdm, board):
        pdm.feed(sound(np.arange(1, 401, dtype=np.int16)))
        poke(pdm, (0x564, 160), (0x000, 1))
        assert peek(pdm, 0x100) == 0
        board.clock.advance_to(10_000_000)
        assert (peek(pdm, 0x100), peek(pdm, 0x108)) == (1, 1)
        assert self.heard(board, 160) == list(range(1, 161))
        poke(pdm, (0x100, 0), (0x108, 0), (0x560, RAM + 1000))
        board.clock.advance_to(20_000_000)
        assert self.heard(board, 160, RAM + 1000) == list(range(161, 321))
        assert pdm.wire.rose == [10_000_000, 20_000_000]

    @pytest.mark.parametrize(
        ("control", "ratio", "count", "period"),
        [
            (0x0A000000, 1, 320, 20_000_000),
            (0x0A000000, 1, 256, 16_129_033),  # 62 buffers a second, not 62.5
            (0x08400000, 0, 256, 15_873_016),  # 16129 samples a second: 63 buffers
            (0x08400000, 0, 512, 32_258_065),
        ],
    )
    def test_the_rate_is_a_whole_number_of_buffers_a_second(self, pdm, board, control, ratio, count, period):
        poke(pdm, (0x504, control), (0x520, ratio), (0x564, count), (0x000, 1))
        board.clock.advance_to(period - 1)
        assert pdm.wire.rose == []
        board.clock.advance_to(period)
        assert pdm.wire.rose == [period]

    def test_dry_it_hears_zeros(self, pdm, board):
        pdm.feed(sound(np.full(100, 7, np.int16)))
        poke(pdm, (0x564, 160), (0x000, 1))
        board.clock.advance_to(20_000_000)
        assert self.heard(board, 160) == [0] * 160

    def test_started_without_a_length_it_begins_once_it_has_one(self, pdm, board):
        pdm.feed(sound(np.arange(1, 161, dtype=np.int16)))
        poke(pdm, (0x000, 1))
        assert peek(pdm, 0x100) == 1
        board.clock.advance_to(5_000_000)
        poke(pdm, (0x100, 0), (0x564, 160))
        board.clock.advance_to(15_000_000)
        assert self.heard(board, 160) == list(range(1, 161))
        poke(pdm, (0x100, 0), (0x108, 0), (0x564, 0))
        assert peek(pdm, 0x100) == 1
        board.clock.advance_to(60_000_000)
        assert peek(pdm, 0x108) == 0

    def test_stop_stops_nothing(self, pdm, board):
        poke(pdm, (0x564, 160), (0x000, 1), (0x004, 1))
        assert peek(pdm, 0x104) == 1
        board.clock.advance_to(10_000_000)
        assert peek(pdm, 0x108) == 1

    @pytest.mark.parametrize(
        ("writes", "words"),
        [
            ([(0x564, 161)], "SAMPLE.MAXCNT is 161"),
            ([(0x564, 16_002)], "SAMPLE.MAXCNT is 16002"),
            ([(0x564, 160), (0x508, 0)], "stereo"),
            ([(0x564, 160), (0x500, 0)], "ENABLE is 0"),
            ([(0x564, 160), (0x504, 1)], "PDMCLKCTRL is 0x00000001"),
        ],
    )
    def test_what_kills_or_silences_renode_is_a_fault(self, pdm, writes, words):
        with pytest.raises(DeviceFault, match=words):
            poke(pdm, *writes, (0x000, 1))

    def test_a_buffer_outside_ram_is_a_fault(self, pdm, board):
        poke(pdm, (0x560, 0x100), (0x564, 160), (0x000, 1))
        with pytest.raises(DeviceFault, match="not in data RAM"):
            board.clock.advance_to(10_000_000)

    def test_a_snapshot_keeps_the_samples_that_wait(self, pdm, board):
        pdm.feed(sound(np.arange(320, dtype=np.int16)))
        poke(pdm, (0x564, 160), (0x000, 1))
        kept = pdm.snapshot()
        board.clock.advance_to(20_000_000)
        board.clock.now_ns = 0
        pdm.restore(kept)
        board.clock.advance_to(10_000_000)
        assert self.heard(board, 160) == list(range(160))


class TestTwi:
    @pytest.fixture
    def sensor(self, board):
        sensor = LSM9DS1_IMU(board.calling("sysbus.twi0.imu"))
        sensor.reset()
        return sensor

    @pytest.fixture
    def twi(self, made, sensor):
        twi = made(NRF52840_I2C)
        twi.attach(sensor, 0x6B)
        poke(twi, (0x500, 5), (0x588, 0x6B))
        return twi

    def write_registers(self, twi, first, *values):
        poke(twi, (0x008, 1), (0x51C, first), *((0x51C, value) for value in values), (0x014, 1))

    def read_registers(self, twi, first, count):
        poke(twi, (0x008, 1), (0x51C, first), (0x200, 0), (0x000, 1))
        values = []
        for left in range(count, 0, -1):
            assert peek(twi, 0x108) == 1
            poke(twi, (0x108, 0), (0x200, 2 if left == 1 else 0))
            values.append(peek(twi, 0x518))
            if left > 1:
                poke(twi, (0x020, 1))
        assert peek(twi, 0x104) == 1
        return values

    def test_the_sensor_says_who_it_is(self, twi):
        assert self.read_registers(twi, 0x0F, 1) == [0x68]

    def test_the_magnetometer_says_who_it_is_and_feels_nothing(self, twi, board):
        magnetic = LSM9DS1_Magnetic(board.calling("sysbus.twi0.magnetic"))
        magnetic.reset()
        twi.attach(magnetic, 0x1E)
        poke(twi, (0x588, 0x1E))
        assert self.read_registers(twi, 0x0F, 1) == [0x3D]
        self.write_registers(twi, 0x80 | 0x20, 0xB4, 0x6C, 0)
        assert self.read_registers(twi, 0x80 | 0x20, 3) == [0, 0x60, 0]
        assert self.read_registers(twi, 0x80 | 0x27, 7) == [0] * 7
        assert self.read_registers(twi, 0x0F, 2) == [0x3D, 0x3D]

    def test_a_missing_device_is_an_address_nack_at_the_first_byte(self, twi):
        poke(twi, (0x304, 1 << 9), (0x588, 0x50), (0x008, 1), (0x51C, 0x0F))
        assert [peek(twi, offset) for offset in (0x11C, 0x124, 0x4C4)] == [0, 1, 2]
        assert twi.wire.level

    def test_with_easydma_a_shortcut_reads_after_the_registers_number_and_stops(self, twi, sensor, board):
        sensor.feed(accelerations(np.array([[16384, -8192, 1]], np.int16)))
        board.bus.write(RAM, b"\x28")
        poke(twi, (0x500, 6), (0x544, RAM), (0x548, 1), (0x534, RAM + 8), (0x538, 6), (0x200, 1 << 7 | 1 << 12))
        poke(twi, (0x304, 1 << 1), (0x008, 1))
        assert np.frombuffer(board.bus.read(RAM + 8, 6), "<i2").tolist() == [16384, -8192, 1]
        assert [peek(twi, offset) for offset in (0x104, 0x14C, 0x150, 0x15C, 0x160, 0x53C, 0x54C)] == [1] * 5 + [6, 1]
        assert twi.wire.level

    def test_with_easydma_a_missing_device_is_an_address_nack_that_a_1_clears(self, twi):
        poke(twi, (0x500, 6), (0x588, 0x50), (0x544, RAM), (0x548, 1), (0x200, 1 << 9), (0x008, 1))
        assert [peek(twi, offset) for offset in (0x104, 0x124, 0x160, 0x4C4)] == [0, 1, 0, 2]
        poke(twi, (0x4C4, 2), (0x014, 1))
        assert [peek(twi, offset) for offset in (0x104, 0x4C4)] == [1, 0]

    def test_a_burst_reads_one_acceleration_and_the_next_burst_the_next(self, twi, sensor):
        sensor.feed(accelerations(np.array([[16384, -8192, 1], [1, 2, 3]], np.int16)))
        first = np.array(self.read_registers(twi, 0x28, 6), np.uint8).view("<i2")
        second = np.array(self.read_registers(twi, 0x28, 6), np.uint8).view("<i2")
        third = np.array(self.read_registers(twi, 0x28, 6), np.uint8).view("<i2")
        assert [first.tolist(), second.tolist(), third.tolist()] == [[16384, -8192, 1], [1, 2, 3], [0, 0, 0]]

    def test_full_scale_scales(self, twi, sensor):
        sensor.feed(accelerations(np.array([[16384, -16384, 3]], np.int16)))
        self.write_registers(twi, 0x20, 3 << 3)  # 8 g
        assert self.read_registers(twi, 0x20, 1) == [3 << 3]
        digits = np.array(self.read_registers(twi, 0x28, 6), np.uint8).view("<i2")
        assert digits.tolist() == [4096, -4096, 0]

    def test_where_firmware_of_others_runs_each_byte_takes_its_nine_bits(self, made, sensor, board):
        board.as_silicon = True
        twi = made(NRF52840_I2C)
        twi.attach(sensor, 0x6B)
        poke(twi, (0x500, 5), (0x588, 0x6B), (0x524, 0x0400_0000), (0x304, 1 << 1))  # 4 us a bit
        poke(twi, (0x008, 1), (0x51C, 0x0F))
        board.clock.advance_to(75_999)
        assert peek(twi, 0x11C) == 0
        board.clock.advance_to(76_000)
        assert peek(twi, 0x11C) == 1
        poke(twi, (0x200, 2), (0x000, 1))
        board.clock.advance_to(152_000)
        assert [peek(twi, offset) for offset in (0x108, 0x104, 0x518)] == [1, 0, 0x68]
        board.clock.advance_to(156_000)
        assert (peek(twi, 0x104), twi.wire.rose) == (1, [156_000])

    def test_with_easydma_the_events_come_in_their_order(self, made, sensor, board):
        board.as_silicon = True
        twi = made(NRF52840_I2C)
        twi.attach(sensor, 0x6B)
        board.bus.write(RAM, b"\x28")
        poke(twi, (0x500, 6), (0x588, 0x6B), (0x544, RAM), (0x548, 1), (0x534, RAM + 8), (0x538, 6))
        poke(twi, (0x200, 1 << 7 | 1 << 12), (0x008, 1))
        came = {}
        for time_ns in range(0, 400_000, 4000):
            board.clock.advance_to(time_ns)
            for event in (0x150, 0x160, 0x14C, 0x15C, 0x104):
                if peek(twi, event):
                    came.setdefault(event, time_ns // 4000)
        assert came == {0x150: 10, 0x160: 19, 0x14C: 29, 0x15C: 83, 0x104: 84}

    def test_other_shapes_are_refused(self, sensor):
        with pytest.raises(RecordingError, match=r"shape \[n, 3\]"):
            sensor.feed(accelerations(np.zeros(6, np.int16)))

    def test_a_reset_keeps_the_samples_that_wait(self, twi, sensor):
        sensor.feed(accelerations(np.array([[5, 6, 7]], np.int16)))
        sensor.reset()
        assert np.array(self.read_registers(twi, 0x28, 6), np.uint8).view("<i2").tolist() == [5, 6, 7]
