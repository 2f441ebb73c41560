"""The devices of the nRF52840 that start-up, time and logging of other people's firmware use."""

import pytest

from lab.engines.builtin.devices.nrf52840_egu import NRF52840_EGU
from lab.engines.builtin.devices.nrf52840_ficr import NRF52840_FICR
from lab.engines.builtin.devices.nrf52840_gpio import NRF52840_GPIO
from lab.engines.builtin.devices.nrf52840_gpiotasksevents import NRF52840_GPIOTasksEvents
from lab.engines.builtin.devices.nrf52840_nvmc import NRF52840_NVMC
from lab.engines.builtin.devices.nrf52840_ppi import NRF52840_PPI
from lab.engines.builtin.devices.nrf52840_pwm import NRF52840_PWM
from lab.engines.builtin.devices.nrf52840_rng import NRF52840_RNG
from lab.engines.builtin.devices.nrf52840_romtable import NRF52840_RomTable
from lab.engines.builtin.devices.nrf52840_rtc import NRF52840_RTC
from lab.engines.builtin.devices.nrf52840_saadc import NRF52840_SAADC
from lab.engines.builtin.devices.nrf52840_spi import NRF52840_SPI
from lab.engines.builtin.devices.nrf52840_temp import NRF52840_TEMP
from lab.engines.builtin.devices.nrf52840_timer import NRF52840_Timer
from lab.engines.builtin.devices.nrf52840_uart import NRF52840_UART
from lab.engines.builtin.devices.nrf52840_uicr import NRF52840_UICR
from lab.engines.builtin.devices.nrf52840_watchdog import NRF52840_Watchdog
from lab.engines.builtin.devices.nrf_clock import NRF_CLOCK
from lab.errors import DeviceFault

from .boards import nano33ble
from .fake_board import RAM, Wire, poke


def peek(device, *offsets):
    values = [device.read(offset, 4) for offset in offsets]
    return values if len(offsets) > 1 else values[0]


class TestIdentity:
    def test_the_factorys_registers_name_the_chip_and_cannot_be_written(self, made):
        ficr = made(NRF52840_FICR)
        poke(ficr, (0x100, 1))
        assert peek(ficr, 0x010, 0x014, 0x100, 0x10C, 0x110) == [4096, 256, 0x52840, 256, 1024]
        assert ficr.read(0x104, 4).to_bytes(4) == b"AAD0"
        assert peek(ficr, 0x130, 0x350, 0xC00) == [8, 0xBB42319F, 0xFFFFFFFF]

    def test_the_rom_table_is_not_that_of_an_nrf52832(self, made):
        table = made(NRF52840_RomTable)
        assert peek(table, 0xFE0, 0xFF0, 0xFF4, 0xFF8, 0xFFC) == [0x08, 0x0D, 0x10, 0x05, 0xB1]

    def test_the_board_has_these_devices_beside_those_that_renode_knows(self):
        with nano33ble() as machine:
            found = [machine.bus.device_at(address) for address in (0x10000130, 0x10001200, 0x4001E400, 0x5000050C)]
        assert [type(device).__name__ for device, _ in found] == [
            "NRF52840_FICR",
            "NRF52840_UICR",
            "NRF52840_NVMC",
            "NRF52840_GPIO",
        ]
        assert found[3][1] == 0x50000500


class TestInterrupts:
    def test_what_a_device_still_drives_stays_pending(self):
        with nano33ble() as machine:
            nvic, _ = machine.bus.device_at(0xE000E000)
            nvic.on_input(39, True)
            poke(nvic, (0x284, 1 << 7))
            assert peek(nvic, 0x204) == 1 << 7
            nvic.on_input(39, False)
            poke(nvic, (0x284, 1 << 7))
            assert peek(nvic, 0x204) == 0


class TestFlash:
    @pytest.fixture
    def uicr(self, made):
        return made(NRF52840_UICR)

    @pytest.fixture
    def nvmc(self, made, uicr):
        return made(NRF52840_NVMC, uicr=uicr)

    def test_a_page_is_erased_only_while_erasing_is_enabled(self, nvmc, board):
        erased = []
        board.bus.write = lambda address, data: erased.append((address, data))
        poke(nvmc, (0x508, 0x3000), (0x504, 2), (0x508, 0x4000))
        assert erased == [(0x4000, b"\xff" * 4096)]
        assert peek(nvmc, 0x400, 0x408) == [1, 1]

    def test_what_is_no_page_is_a_fault(self, nvmc):
        with pytest.raises(DeviceFault, match="ERASEPAGE = 0x00003004"):
            poke(nvmc, (0x504, 2), (0x508, 0x3004))

    def test_the_makers_words_are_written_bit_by_bit_and_only_while_writing_is_enabled(self, nvmc, uicr):
        assert peek(uicr, 0x200, 0x204, 0x304) == [18, 18, 0xFFFFFFFF]
        poke(uicr, (0x304, 0xFFFFFFF5))
        assert peek(uicr, 0x304) == 0xFFFFFFFF
        poke(nvmc, (0x504, 1))
        poke(uicr, (0x304, 0xFFFFFFF5), (0x304, 0xFFFFFFFA))
        assert peek(uicr, 0x304) == 0xFFFFFFF0
        poke(nvmc, (0x504, 2), (0x514, 1))
        assert peek(uicr, 0x200, 0x304) == [0xFFFFFFFF, 0xFFFFFFFF]


class TestPower:
    def test_it_comes_up_from_usb_without_a_reason_of_reset(self, made):
        power = made(NRF_CLOCK)
        assert peek(power, 0x400, 0x438, 0x11C, 0x124, 0x640) == [0, 3, 1, 1, 0]
        assert not power.wire.level
        poke(power, (0x304, 1 << 7))
        assert power.wire.level

    def test_ram_power_is_set_and_cleared_by_block_and_gpregret_keeps_a_byte(self, made):
        power = made(NRF_CLOCK)
        poke(power, (0x918, 0xF), (0x914, 3), (0x51C, 0x1B1))
        assert peek(power, 0x900, 0x910, 0x914, 0x918, 0x51C) == [0xFFFF, 0xFFF3, 0xFFF3, 0xFFF3, 0xB1]


class TestUart:
    """Without EasyDMA, and with it what the lab's own firmware does not use."""

    def test_without_easydma_bytes_go_out_one_by_one_once_started(self, made, board):
        uart = made(NRF52840_UART, easy_dma=True)
        poke(uart, (0x500, 4), (0x51C, ord("?")), (0x304, 1 << 7), (0x008, 1))
        for character in b"hi":
            poke(uart, (0x11C, 0), (0x51C, character))
            assert uart.wire.level
        assert board.printed == b"hi"

    def test_without_easydma_bytes_are_received_one_by_one(self, made):
        uart = made(NRF52840_UART, easy_dma=True)
        poke(uart, (0x500, 4), (0x304, 1 << 2), (0x000, 1))
        uart.accept(b"ok")
        heard = b""
        while uart.wire.level:
            poke(uart, (0x108, 0))
            heard += bytes([peek(uart, 0x518)])
        assert heard == b"ok"

    def test_the_next_buffer_may_be_named_while_one_fills_and_a_shortcut_goes_on_to_it(self, made, board):
        uart = made(NRF52840_UART, easy_dma=True)
        poke(uart, (0x500, 8), (0x200, 1 << 5), (0x534, RAM), (0x538, 2), (0x000, 1), (0x534, RAM + 8))
        uart.accept(b"abc")
        board.clock.advance_to(10**6)
        assert (board.bus.read(RAM, 2), board.bus.read(RAM + 8, 1), peek(uart, 0x53C)) == (b"ab", b"\0", 2)
        poke(uart, (0x110, 0))
        board.clock.advance_to(2 * 10**6)
        assert (board.bus.read(RAM + 8, 1), peek(uart, 0x53C)) == (b"c", 1)
        poke(uart, (0x004, 1), (0x110, 0))
        uart.accept(b"de")
        poke(uart, (0x534, RAM + 16), (0x538, 5), (0x02C, 1))
        assert (board.bus.read(RAM + 16, 2), peek(uart, 0x53C, 0x110)) == (b"de", [2, 1])


class TestTimer:
    @pytest.fixture
    def timer(self, made):
        timer = made(NRF52840_Timer, at=0x40008000, number_of_events=4)
        poke(timer, (0x508, 3), (0x510, 4), (0x304, 3 << 16))
        return timer

    def test_a_shortcut_clears_it_at_each_match_and_others_of_the_same_value_match_too(self, timer, board):
        poke(timer, (0x540, 100), (0x544, 100), (0x200, 1), (0x000, 1))
        for due in (100_000, 200_000, 300_000):
            board.clock.advance_to(due)
            assert peek(timer, 0x140, 0x144) == [1, 1]
            poke(timer, (0x140, 0), (0x144, 0))
        assert timer.wire.rose == [100_000, 200_000, 300_000]

    def test_a_shortcut_stops_it(self, timer, board):
        poke(timer, (0x540, 100), (0x200, 1 << 8), (0x000, 1))
        board.clock.advance_to(10**6)
        poke(timer, (0x048, 1))
        assert peek(timer, 0x548) == 100

    def test_it_wraps_at_the_bits_of_its_mode(self, timer, board):
        poke(timer, (0x508, 1), (0x540, 10), (0x000, 1))
        board.clock.advance_to(20_000)
        assert timer.wire.rose == [10_000]
        poke(timer, (0x140, 0))
        board.clock.advance_to(300_000)
        assert timer.wire.rose == [10_000, 266_000]


class TestRtc:
    @pytest.fixture
    def rtc(self, made):
        return made(NRF52840_RTC, at=0x40011000, number_of_events=4)

    def test_it_ticks_while_somebody_listens(self, rtc, board):
        poke(rtc, (0x508, 32767), (0x000, 1))
        poke(rtc, (0x508, 4095), (0x304, 1))
        for due in (125_000_000, 250_000_000):
            board.clock.advance_to(due)
            poke(rtc, (0x100, 0))
        assert rtc.wire.rose == [125_000_000, 250_000_000]
        poke(rtc, (0x308, 1))
        board.clock.advance_to(10**9)
        assert (peek(rtc, 0x100, 0x504), len(rtc.wire.rose)) == ([0, 8], 2)

    def test_after_24_bits_it_is_0_again_and_says_so(self, rtc, board):
        poke(rtc, (0x304, 1 << 1 | 1 << 16), (0x540, 4), (0x000, 1), (0x00C, 1))
        assert peek(rtc, 0x504) == 0xFFFFF0
        board.clock.advance_to(16 * 10**9 // 32768 + 1)
        assert peek(rtc, 0x104, 0x140, 0x504) == [1, 0, 0]
        poke(rtc, (0x104, 0))
        board.clock.advance_to(20 * 10**9 // 32768 + 1)
        assert peek(rtc, 0x140, 0x504) == [1, 4]


class TestPins:
    @pytest.fixture
    def port(self, made):
        return made(NRF52840_GPIO)

    @pytest.fixture
    def gpiote(self, made, port):
        return made(NRF52840_GPIOTasksEvents, at=0x40006000, port0=port, port1=made(NRF52840_GPIO, at=0x50000000))

    def test_outputs_read_back_and_inputs_are_as_they_are_pulled_or_driven(self, port):
        poke(port, (0x008, 3), (0x018, 1), (0x22C, 3 << 2))
        assert peek(port, 0x004, 0x010, 0x014, 0x200, 0x204) == [3, 1 | 1 << 11, 1, 3, 2]
        poke(port, (0x00C, 1))
        port.on_input(11, False)
        assert peek(port, 0x010) == 0
        poke(port, (0x204, 3))
        assert peek(port, 0x010, 0x014) == [2, 3]

    def test_an_output_drives_what_it_is_wired_to(self, port, board):
        wire = Wire(board)
        port.lines["5"].connect(wire, 0)
        poke(port, (0x008, 1 << 5))
        assert not wire.level
        poke(port, (0x018, 1 << 5))
        assert wire.level

    def test_an_edge_at_a_pin_is_an_event(self, port, gpiote):
        port.on_input(11, True)
        poke(gpiote, (0x514, 1 | 11 << 8 | 2 << 16), (0x304, 2))
        port.on_input(11, False)
        assert (peek(gpiote, 0x104, 0x100), gpiote.wire.level) == ([1, 0], True)

    def test_a_sensed_level_is_the_ports_event(self, port, gpiote):
        poke(gpiote, (0x304, 1 << 31))
        poke(port, (0x22C, 3 << 2 | 3 << 16))
        assert not gpiote.wire.level
        port.on_input(11, False)
        assert (peek(gpiote, 0x17C), gpiote.wire.level, peek(port, 0x020)) == (1, True, 1 << 11)

    def test_a_task_drives_a_pin(self, port, gpiote):
        poke(gpiote, (0x510, 3 | 7 << 8 | 3 << 16 | 1 << 20))
        seen = [peek(port, 0x010)]
        for task in (0x000, 0x030, 0x060):
            poke(gpiote, (task, 1))
            seen.append(peek(port, 0x010))
        assert seen == [1 << 7, 0, 1 << 7, 0]


class TestPpi:
    @pytest.fixture
    def timer(self, made):
        timer = made(NRF52840_Timer, at=0x40008000, number_of_events=4)
        poke(timer, (0x508, 3), (0x510, 4), (0x540, 100), (0x000, 1))
        return timer

    @pytest.fixture
    def egu(self, made):
        egu = made(NRF52840_EGU, at=0x40014000)
        poke(egu, (0x304, 6))
        return egu

    @pytest.fixture
    def ppi(self, made):
        return made(NRF52840_PPI)

    def test_an_event_starts_a_task_and_its_fork(self, ppi, timer, egu, board):
        poke(ppi, (0x510, 0x40008140), (0x514, 0x40014004), (0x910, 0x40014008), (0x504, 1))
        board.clock.advance_to(10**6)
        assert (egu.wire.rose, peek(egu, 0x104, 0x108)) == ([100_000], [1, 1])

    def test_a_channel_that_is_off_does_nothing_and_a_group_turns_it_on(self, ppi, timer, egu, board):
        poke(ppi, (0x518, 0x40008140), (0x51C, 0x40014004), (0x800, 2))
        board.clock.advance_to(10**6)
        assert egu.wire.rose == []
        poke(ppi, (0x000, 1))
        poke(timer, (0x540, 2_000))
        board.clock.advance_to(2 * 10**6)
        poke(ppi, (0x004, 1))
        assert (egu.wire.rose, peek(ppi, 0x500)) == ([2 * 10**6], 0)

    def test_a_ring_of_channels_takes_time(self, ppi, egu, board):
        poke(ppi, (0x510, 0x40014104), (0x514, 0x40014004), (0x504, 1))
        poke(egu, (0x004, 1))
        board.clock.advance_to(1_000)
        assert peek(egu, 0x104) == 1

    def test_a_snapshot_keeps_the_wires(self, ppi, timer, egu, board):
        poke(ppi, (0x510, 0x40008140), (0x514, 0x40014004), (0x504, 1))
        kept = ppi.snapshot()
        ppi.reset()
        board.clock.advance_to(100_000)
        assert egu.wire.rose == []
        ppi.restore(kept)
        poke(timer, (0x540, 200))
        board.clock.advance_to(200_000)
        assert egu.wire.rose == [200_000]

    def test_the_slow_counter_tells_only_what_evten_names(self, ppi, made, egu, board):
        rtc = made(NRF52840_RTC, at=0x40011000, number_of_events=4)
        poke(ppi, (0x510, 0x40011140), (0x514, 0x40014004), (0x504, 1))
        poke(rtc, (0x540, 8), (0x000, 1))
        board.clock.advance_to(10**6)
        assert (peek(rtc, 0x140), egu.wire.rose) == (1, [])
        poke(rtc, (0x344, 1 << 16), (0x540, 64))
        board.clock.advance_to(2 * 10**6)
        assert egu.wire.rose == [1_953_126]  # 64 / 32768 s; the match before was rounded up to a nanosecond


class TestRest:
    def test_random_numbers_come_one_after_the_other_and_are_the_same_after_reset(self, made, board):
        rng = made(NRF52840_RNG)

        def numbers():
            poke(rng, (0x000, 1))
            drawn = []
            for _ in range(1000):
                assert peek(rng, 0x100) == 0
                board.clock.advance_to(board.clock.now_ns + 30_000)
                assert peek(rng, 0x100) == 1
                drawn.append(peek(rng, 0x508))
                poke(rng, (0x100, 0))
            return drawn

        first = numbers()
        assert len(set(first)) > 240
        rng.reset()
        assert numbers() == first

    def test_the_shortcut_ends_random_numbers_after_one(self, made, board):
        rng = made(NRF52840_RNG)
        poke(rng, (0x200, 1), (0x304, 1), (0x504, 1), (0x000, 1))
        board.clock.advance_to(1_000_000)
        assert rng.wire.rose == [120_000]  # with correction of bias
        poke(rng, (0x100, 0))
        board.clock.advance_to(2_000_000)
        assert not rng.wire.level

    def test_it_is_25_degrees(self, made, board):
        temperature = made(NRF52840_TEMP)
        poke(temperature, (0x304, 1), (0x000, 1))
        board.clock.advance_to(36_000)
        assert (temperature.wire.rose, peek(temperature, 0x508)) == ([36_000], 100)

    def test_spi_without_a_device_receives_zeros(self, made, board):
        spi = made(NRF52840_SPI)
        board.bus.write(RAM, b"\xff" * 4)
        poke(spi, (0x500, 7), (0x534, RAM), (0x538, 3), (0x304, 1 << 6), (0x010, 1))
        assert (board.bus.read(RAM, 4), peek(spi, 0x53C, 0x118), spi.wire.level) == (b"\0\0\0\xff", [3, 1], True)
        poke(spi, (0x118, 0), (0x500, 1), (0x51C, 0x5A))
        assert peek(spi, 0x108, 0x518, 0x51C) == [1, 0, 0x5A]

    @pytest.mark.produces("watchdog-reset")
    def test_a_watchdog_that_is_not_reloaded_ends_the_run(self, made, board):
        watchdog = made(NRF52840_Watchdog)
        poke(watchdog, (0x504, 32767), (0x508, 3), (0x304, 1), (0x000, 1), (0x504, 100))
        board.clock.advance_to(900_000_000)
        poke(watchdog, (0x600, 0x6E524635))
        assert peek(watchdog, 0x404) == 2
        poke(watchdog, (0x604, 0x6E524635))
        board.clock.advance_to(1_800_000_000)
        assert watchdog.wire.rose == []
        with pytest.raises(DeviceFault, match=r"resets the chip, 1\.90006"):
            board.clock.advance_to(2 * 10**9)
        assert watchdog.wire.rose == [1_900_000_000]

    def test_a_pwm_sequence_ends_after_its_periods_and_a_shortcut_stops_it(self, made, board):
        pwm = made(NRF52840_PWM)
        poke(pwm, (0x500, 1), (0x508, 16_000), (0x520, RAM), (0x524, 4), (0x528, 0), (0x200, 1), (0x304, 1 << 4))
        poke(pwm, (0x008, 1))
        assert peek(pwm, 0x108, 0x110) == [1, 0]
        board.clock.advance_to(10**9)
        assert (pwm.wire.rose, peek(pwm, 0x104)) == ([4_000_000], 1)

    def test_analogue_inputs_are_at_0_volts(self, made, board):
        adc = made(NRF52840_SAADC)
        board.bus.write(RAM, b"\xff" * 8)
        poke(adc, (0x500, 1), (0x510, 1), (0x530, 2), (0x62C, RAM), (0x630, 3), (0x304, 2), (0x000, 1), (0x004, 1))
        assert (peek(adc, 0x634, 0x104), adc.wire.level) == ([2, 0], False)
        poke(adc, (0x004, 1))
        assert (peek(adc, 0x634, 0x104), adc.wire.level) == ([3, 1], True)
        assert board.bus.read(RAM, 8) == bytes(6) + b"\xff\xff"
