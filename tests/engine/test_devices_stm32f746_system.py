"""Devices of the STM32F746 that the lab's own firmware does not use, by themselves. Values are those of RM0385."""

import zlib

import pytest

from lab.engines.builtin.devices.stm32_crc import STM32_CRC
from lab.engines.builtin.devices.stm32_dbgmcu import STM32_DBGMCU
from lab.engines.builtin.devices.stm32_independentwatchdog import STM32_IndependentWatchdog
from lab.engines.builtin.devices.stm32_windowwatchdog import STM32_WindowWatchdog
from lab.engines.builtin.devices.stm32dma2d import STM32DMA2D
from lab.engines.builtin.devices.stm32f7_adc import STM32F7_ADC
from lab.engines.builtin.devices.stm32l0_lptimer import STM32L0_LpTimer
from lab.engines.builtin.devices.stm32ltdc import STM32LTDC
from lab.engines.builtin.devices.stm32spi import STM32SPI
from lab.engines.builtin.devices.synopsysethernetmac import SynopsysEthernetMAC
from lab.errors import DeviceFault

from .fake_board import peek, poke


class Taker:
    """DMA that reads a register at each request, until it has enough."""

    def __init__(self, device, offset, wanted):
        self.device, self.offset, self.wanted, self.taken = device, offset, wanted, []

    def on_input(self, _number, level):
        if level and len(self.taken) < self.wanted:
            self.taken.append(self.device.read(self.offset, 1))


class TestIndependentWatchdog:
    @pytest.fixture
    def watchdog(self, made):
        watchdog = made(STM32_IndependentWatchdog, frequency=32_000)
        poke(watchdog, (0x00, 0x5555), (0x04, 1), (0x08, 999))  # 8 ticks each, 1000 of them
        return watchdog

    @pytest.mark.produces("watchdog-reset")
    def test_it_ends_the_run_unless_it_is_reloaded(self, watchdog, board):
        poke(watchdog, (0x00, 0xCCCC))
        board.clock.advance_to(249_000_000)
        poke(watchdog, (0x00, 0xAAAA))
        board.clock.advance_to(498_000_000)
        with pytest.raises(DeviceFault, match=r"0\.499000 s after the start. It was not reloaded in time"):
            board.clock.advance_to(500_000_000)

    def test_settings_need_the_key(self, watchdog):
        poke(watchdog, (0x00, 0), (0x04, 6), (0x08, 1))
        assert (peek(watchdog, 0x04), peek(watchdog, 0x08), peek(watchdog, 0x0C)) == (1, 999, 0)

    def test_the_f4_has_no_window_and_another_prescaler_after_reset_is_possible(self, made, board):
        watchdog = made(STM32_IndependentWatchdog, frequency=32_000, window_option=False, default_prescaler=4)
        assert peek(watchdog, 0x04) == 4
        poke(watchdog, (0x00, 0x5555), (0x10, 500), (0x00, 0xCCCC))
        board.clock.advance_to(200_000_000)
        poke(watchdog, (0x00, 0xAAAA))
        assert peek(watchdog, 0x10) == 0xFFF

    def test_reloading_before_the_window_ends_it_too(self, watchdog, board):
        poke(watchdog, (0x10, 500), (0x00, 0xCCCC))
        board.clock.advance_to(200_000_000)
        poke(watchdog, (0x00, 0xAAAA))
        board.clock.advance_to(250_000_000)
        with pytest.raises(DeviceFault, match="before its window"):
            poke(watchdog, (0x00, 0xAAAA))

    def test_one_that_was_not_started_waits(self, watchdog, board):
        poke(watchdog, (0x00, 0xAAAA))
        board.clock.advance_to(10**10)


class TestWindowWatchdog:
    @pytest.mark.produces("watchdog-reset")
    def test_it_warns_and_then_ends_the_run(self, made, board):
        watchdog = made(STM32_WindowWatchdog, frequency=54_000_000)
        tick_ns = 4096 * 10**9 // 54_000_000
        poke(watchdog, (0x04, 1 << 9 | 0x7F), (0x00, 0xFF))
        board.clock.advance_to(10 * tick_ns)
        assert peek(watchdog, 0x00) == 0x80 | 0x7F - 10
        board.clock.advance_to(63 * tick_ns)
        assert (watchdog.wire.level, peek(watchdog, 0x08)) == (True, 1)
        poke(watchdog, (0x08, 0), (0x00, 0xC1))
        assert not watchdog.wire.level
        with pytest.raises(DeviceFault, match="not reloaded in time"):
            board.clock.advance_to(66 * tick_ns)

    def test_too_early_or_too_low_ends_it(self, made):
        watchdog = made(STM32_WindowWatchdog, frequency=54_000_000)
        poke(watchdog, (0x04, 0x50), (0x00, 0xFF))
        with pytest.raises(DeviceFault, match="before its window"):
            poke(watchdog, (0x00, 0xFF))
        watchdog.reset()
        with pytest.raises(DeviceFault, match="T6 was cleared"):
            poke(watchdog, (0x00, 0xBF))


class TestCrc:
    def test_words_give_the_sum_that_ethernet_has_without_reversal(self, made):
        crc = made(STM32_CRC, series="STM32Series.F7")
        poke(crc, (0x08, 1), (0x00, 0x12345678))
        assert peek(crc, 0x00) == 0xDF8A8A2B

    def test_bytes_with_reversal_give_the_sum_of_zip(self, made):
        crc = made(STM32_CRC, series="STM32Series.F7")
        poke(crc, (0x08, 1 | 1 << 5 | 1 << 7))
        for byte in b"123456789":
            crc.write(0x00, 1, byte)
        assert peek(crc, 0x00) ^ 0xFFFF_FFFF == zlib.crc32(b"123456789")

    def test_the_polynomial_may_be_another_and_shorter(self, made):
        crc = made(STM32_CRC, series="STM32Series.F7", configurable_poly=True)
        poke(crc, (0x14, 0x1021), (0x10, 0xFFFF), (0x08, 1 | 1 << 3))
        crc.write(0x00, 4, 0x31323334)
        crc.write(0x00, 4, 0x35363738)
        crc.write(0x00, 1, 0x39)
        assert peek(crc, 0x00) == 0x29B1  # CRC-16/CCITT-FALSE of 123456789

    def test_without_a_polynomial_to_choose_it_stays_that_of_ethernet(self, made):
        crc = made(STM32_CRC, series="STM32Series.F0")
        poke(crc, (0x14, 0x1021))
        assert peek(crc, 0x14) == 0x04C1_1DB7


class TestLowPowerTimer:
    def test_it_counts_on_and_tells_match_and_reload(self, made, board):
        timer = made(STM32L0_LpTimer, frequency=32_768)
        poke(timer, (0x08, 0b11), (0x10, 1), (0x18, 999), (0x14, 250), (0x10, 5))
        assert peek(timer, 0x00) == 0b11000  # both writes have arrived
        poke(timer, (0x04, 0b11000))
        board.clock.advance_to(10**9 // 100)
        assert (peek(timer, 0x1C), peek(timer, 0x00)) == (327, 1)
        assert timer.wire.rose == [7_629_395]  # 250 / 32768 s
        poke(timer, (0x04, 1))
        board.clock.advance_to(10**9 // 25)
        assert (peek(timer, 0x1C), peek(timer, 0x00)) == (310, 3)

    def test_once_is_one_round_and_a_prescaler_slows_it(self, made, board):
        timer = made(STM32L0_LpTimer, frequency=32_768)
        poke(timer, (0x0C, 1 << 9), (0x10, 1), (0x18, 16_383), (0x14, 20_000), (0x10, 3))
        board.clock.advance_to(10**9 // 2)
        assert peek(timer, 0x1C) == 8192
        board.clock.advance_to(5 * 10**9)
        assert (peek(timer, 0x1C), peek(timer, 0x00) & 3) == (0, 2)


class TestSpi:
    def test_a_byte_is_answered_by_zero_at_once(self, made):
        spi = made(STM32SPI, series="STM32Series.F7")
        poke(spi, (0x04, 0x1700), (0x00, 0x344))
        assert peek(spi, 0x08) == 2
        spi.write(0x0C, 1, 0xA5)
        assert peek(spi, 0x08) & 1
        assert (spi.read(0x0C, 1), peek(spi, 0x08)) == (0, 2)

    def test_dma_takes_what_was_sent_before_it_was_on(self, made):
        spi = made(STM32SPI)
        dma = Taker(spi, 0x0C, 3)
        spi.lines["DMAReceive"].connect(dma, 0)
        poke(spi, (0x04, 0x1700))
        for byte in b"abc":
            spi.write(0x0C, 1, byte)
        poke(spi, (0x04, 0x1701))
        assert (dma.taken, peek(spi, 0x08) & 1) == ([0, 0, 0], 0)


class TestAdc:
    def test_a_conversion_takes_its_time_and_the_reference_is_there(self, made, board):
        adc = made(STM32F7_ADC, frequency=108_000_000)
        poke(adc, (0x04, 1 << 5), (0x0C, 7 << 21), (0x34, 17), (0x08, 1), (0x08, 1 | 1 << 30))
        board.clock.advance_to(9_000)
        assert peek(adc, 0x00) == 0x10
        board.clock.advance_to(10_000)
        assert adc.wire.rose == [9_112]  # (480 + 12) cycles of 54 MHz
        assert (peek(adc, 0x300), peek(adc, 0x4C), peek(adc, 0x00)) == (0x12, 1502, 0x10)
        assert not adc.wire.level

    def test_a_sequence_goes_to_memory_again_and_again(self, made, board):
        adc = made(STM32F7_ADC, frequency=108_000_000)
        dma = Taker(adc, 0x14C, 5)
        adc.lines["1"].connect(dma, 0)
        poke(adc, (0x104, 1 << 8), (0x12C, 1 << 20), (0x134, 3 | 18 << 5), (0x108, 1 | 1 << 1 | 1 << 8 | 1 << 9))
        poke(adc, (0x108, peek(adc, 0x108) | 1 << 30))
        board.clock.advance_to(100_000)
        assert dma.taken == [0, 943 & 0xFF, 0, 943 & 0xFF, 0]
        assert peek(adc, 0x100) & 1 << 5  # nobody took the sixth: an overrun


def test_the_chip_is_an_stm32f74x(made):
    chip = made(STM32_DBGMCU)
    poke(chip, (0x00, 0), (0x04, 7))
    assert (peek(chip, 0x00) & 0xFFF, peek(chip, 0x04)) == (0x449, 7)


def test_ethernet_has_a_transceiver_without_a_link(made):
    ethernet = made(SynopsysEthernetMAC)
    poke(ethernet, (0x1000, 0x2_0101), (0x1018, 1 << 20 | 1 << 21))
    assert (peek(ethernet, 0x1000) & 1, peek(ethernet, 0x1018)) == (0, 1 << 21)
    poke(ethernet, (0x10, 2 << 6 | 1))
    assert (peek(ethernet, 0x14), peek(ethernet, 0x10) & 1) == (7, 0)
    poke(ethernet, (0x10, 1 << 6 | 1))
    assert not peek(ethernet, 0x14) & 1 << 2
    poke(ethernet, (0x14, 0x9000), (0x10, 0b11), (0x10, 1 << 11 | 1))
    assert peek(ethernet, 0x14) == 0xFFFF  # nobody at address 1
    poke(ethernet, (0x10, 1))
    assert peek(ethernet, 0x14) == 0x1000


class TestGraphics:
    RAM = 0x2000_0000

    def test_it_fills_a_rectangle_with_a_colour(self, made, board):
        dma2d = made(STM32DMA2D)
        poke(dma2d, (0x34, 2), (0x38, 0xF81F), (0x3C, self.RAM), (0x40, 2), (0x44, 3 << 16 | 2))
        poke(dma2d, (0x00, 3 << 16 | 1 << 9 | 1))
        assert board.bus.read(self.RAM, 18) == (b"\x1f\xf8" * 3 + b"\0" * 4) + b"\x1f\xf8" * 3 + b"\0\0"
        assert (peek(dma2d, 0x00) & 1, peek(dma2d, 0x04), dma2d.wire.level) == (0, 2, True)
        poke(dma2d, (0x08, 2))
        assert not dma2d.wire.level

    def test_it_copies_lines_with_offsets_of_their_own(self, made, board):
        dma2d = made(STM32DMA2D)
        board.bus.write(self.RAM, bytes(range(24)))
        poke(dma2d, (0x0C, self.RAM), (0x10, 1), (0x3C, self.RAM + 0x100), (0x40, 0), (0x44, 2 << 16 | 2))
        poke(dma2d, (0x00, 1))
        assert board.bus.read(self.RAM + 0x100, 16) == bytes([*range(8), *range(12, 20)])

    def test_a_pixel_of_transparency_alone_is_a_byte(self, made, board):
        dma2d = made(STM32DMA2D)
        board.bus.write(self.RAM, b"abcd")
        poke(dma2d, (0x0C, self.RAM), (0x1C, 9), (0x3C, self.RAM + 0x100), (0x44, 2 << 16 | 1), (0x00, 1))
        assert board.bus.read(self.RAM + 0x100, 4) == b"ab\0\0"

    @pytest.mark.parametrize("half_a_byte", [8, 10])
    def test_pixels_of_half_a_byte_are_missing(self, made, half_a_byte):
        dma2d, missed = made(STM32DMA2D), []
        dma2d.missing = missed.append
        poke(dma2d, (0x1C, half_a_byte), (0x44, 2 << 16 | 1), (0x00, 1))
        assert (peek(dma2d, 0x04), missed) == (2, [True])

    def test_what_it_cannot_do_is_missing_and_ends(self, made):
        dma2d, missed = made(STM32DMA2D), []
        dma2d.missing = missed.append
        poke(dma2d, (0x44, 1 << 16 | 1), (0x00, 2 << 16 | 1))
        assert (peek(dma2d, 0x04), missed) == (2, [True])
        poke(dma2d, (0x44, 0), (0x00, 1))
        assert peek(dma2d, 0x04) & 1  # nothing to do is a wrong configuration

    def test_a_display_reloads_at_once_or_with_a_frame(self, made, board):
        display = made(STM32LTDC)
        poke(display, (0x34, 0b1001), (0x24, 1))
        assert (peek(display, 0x38), peek(display, 0x24), display.wire.level) == (8, 0, True)
        poke(display, (0x3C, 8), (0x18, 1), (0x24, 2))
        assert (peek(display, 0x24), display.wire.level) == (2, False)
        board.clock.advance_to(17_000_000)
        assert (peek(display, 0x38), peek(display, 0x24)) == (9, 0)
        poke(display, (0x3C, 9), (0x18, 0))
        board.clock.advance_to(40_000_000)
        assert peek(display, 0x38) == 0
