"""Devices of the STM32F0 that other STM32 have others of. Values are those of RM0091."""

import pytest

from lab.engines.builtin.devices.stm32f0_adc import STM32F0_ADC
from lab.engines.builtin.devices.stm32f0_rcc import STM32F0_RCC
from lab.engines.builtin.devices.stm32f7_i2c import STM32F7_I2C
from lab.engines.builtin.devices.stm32g0dma import STM32G0DMA
from lab.errors import ConfigurationError

from .fake_board import RAM, peek, poke
from .test_devices_stm32f4 import Notebook

EN, TCIE, HTIE, FROM_MEMORY, CIRC, PINC, MINC = (1 << bit for bit in (0, 1, 2, 4, 5, 6, 7))
HALF_WORDS, MEM2MEM = 1 << 8 | 1 << 10, 1 << 14


def channel(number, *, control, count, peripheral, memory):
    base = 0x14 * (number - 1)
    return (0x0C + base, count), (0x10 + base, peripheral), (0x14 + base, memory), (0x08 + base, control)


class TestDma:
    @pytest.fixture
    def dma(self, made):
        return made(STM32G0DMA, 0x4000_0000, output="1", number_of_channels=5)

    def test_memory_goes_to_memory_at_once(self, dma, board):
        board.bus.write(RAM, bytes(range(8)))
        flags = EN | TCIE | PINC | MINC | MEM2MEM | HALF_WORDS
        poke(dma, *channel(2, control=flags, count=4, peripheral=RAM, memory=RAM + 0x100))
        assert board.bus.read(RAM + 0x100, 9) == bytes([*range(8), 0])
        assert (peek(dma, 0x00), peek(dma, 0x20), dma.wire.level) == (0b111 << 4, 0, True)
        poke(dma, (0x04, 1 << 4))
        assert (peek(dma, 0x00), dma.wire.level) == (0, False)

    def test_a_peripheral_fills_a_ring_and_half_of_it_is_told(self, dma, board):
        poke(dma, *channel(2, control=EN | HTIE | CIRC | MINC, count=4, peripheral=RAM, memory=RAM + 0x100))
        for byte in b"abcde":
            board.bus.write(RAM, bytes([byte]))
            dma.on_input(2, True)
            dma.on_input(2, False)
        assert (board.bus.read(RAM + 0x100, 4), peek(dma, 0x20)) == (b"ebcd", 3)
        assert (peek(dma, 0x00), dma.wire.level) == (0b111 << 4, True)
        poke(dma, (0x04, 1 << 6))
        assert (peek(dma, 0x00), dma.wire.level) == (0b010 << 4, False)

    def test_a_request_to_a_channel_that_is_off_or_sends_is_for_nothing(self, dma, board):
        board.bus.write(RAM, b"a")
        dma.on_input(2, True)
        poke(dma, *channel(2, control=FROM_MEMORY, count=1, peripheral=RAM + 4, memory=RAM))
        dma.on_input(2, True)
        assert board.bus.read(RAM + 4, 1) == b"\0"
        poke(dma, (0x1C, FROM_MEMORY | EN))
        assert board.bus.read(RAM + 4, 1) == b"a"

    def test_there_are_channels_from_1_on(self, dma, made):
        for number in (0, 6):
            with pytest.raises(ConfigurationError):
                dma.on_input(number, True)
        with pytest.raises(ConfigurationError, match="numberOfChannels is 8"):
            made(STM32G0DMA, number_of_channels=8)


class TestAdc:
    @pytest.fixture
    def adc(self, made):
        adc = made(STM32F0_ADC, reference_voltage=3.3, external_event_frequency=1_000)
        poke(adc, (0x08, 1), (0x28, 0b11))
        return adc

    def test_its_channels_are_converted_one_after_another(self, adc, board):
        assert peek(adc, 0x00) & 1
        poke(adc, (0x04, 1 << 3), (0x08, 1 << 2))
        assert peek(adc, 0x08) == 1 | 1 << 2
        board.clock.advance_to(1_000)
        assert (peek(adc, 0x00) & 0b1100, peek(adc, 0x40), peek(adc, 0x00) & 0b1100) == (0b0100, 0, 0)
        board.clock.advance_to(2_000)
        assert (peek(adc, 0x00) & 0b11100, adc.wire.rose, peek(adc, 0x08)) == (0b01100, [2_000], 1)
        poke(adc, (0x00, 1 << 3))
        assert not adc.wire.level

    def test_a_sample_that_nobody_took_is_overrun_unless_it_waits(self, adc, board):
        poke(adc, (0x08, 1 << 2))
        board.clock.advance_to(5_000)
        assert peek(adc, 0x00) & 1 << 4
        poke(adc, (0x00, 0xFF), (0x0C, 1 << 14), (0x08, 1 << 2))
        board.clock.advance_to(10_000)
        assert peek(adc, 0x00) & 0b11100 == 0b00100
        peek(adc, 0x40)
        board.clock.advance_to(11_000)
        assert peek(adc, 0x00) & 0b11100 == 0b01100

    def test_dma_takes_samples(self, made, board):
        dma = made(STM32G0DMA, 0x4000_1000, number_of_channels=5)
        adc = made(
            STM32F0_ADC, reference_voltage=3.3, external_event_frequency=1_000, dma_peripheral=dma, dma_channel=1
        )
        board.bus.write(RAM, b"\xff" * 4)
        flags = EN | MINC | HALF_WORDS
        poke(dma, *channel(1, control=flags, count=2, peripheral=RAM + 8, memory=RAM))
        poke(adc, (0x0C, 1), (0x28, 0b11), (0x08, 1), (0x08, 1 << 2))
        board.clock.advance_to(2_000)
        assert (board.bus.read(RAM, 4), peek(dma, 0x00) & 0xF) == (bytes(4), 0b111)


def test_clocks_are_ready_once_they_are_on(made):
    rcc = made(STM32F0_RCC)
    poke(rcc, (0x00, 1 << 24 | 1 << 16 | 0x83), (0x04, 2), (0x20, 1), (0x24, 1), (0x34, 1 | 1 << 16))
    assert peek(rcc, 0x00) == 3 << 24 | 3 << 16 | 0x83
    assert (peek(rcc, 0x04), peek(rcc, 0x20) & 3, peek(rcc, 0x24) & 3, peek(rcc, 0x34)) == (0b1010, 3, 3, 3 | 3 << 16)
    poke(rcc, (0x24, 1 << 24))
    assert peek(rcc, 0x24) == 0


def test_dma_takes_what_an_i2c_master_reads(made, board):
    i2c = made(STM32F7_I2C, output="EventInterrupt")
    i2c.attach(made(Notebook, 0x1000), 0x50)

    class Taker:
        def on_input(self, _number, level):
            if level and len(taken) < 3:
                taken.append(peek(i2c, 0x24))

    taken = []
    i2c.lines["DmaReceive"].connect(Taker(), 0)
    poke(i2c, (0x00, 1 | 1 << 15), (0x04, 0xA0 | 1 << 10 | 3 << 16 | 1 << 25 | 1 << 13))
    assert (taken, peek(i2c, 0x18) & (1 << 2 | 1 << 5)) == ([1, 2, 3], 1 << 5)
