"""The driver of the ESP32-C3's microphone: what it hears, and the order in which it goes to the registers.

Technical reference manual 1.1: "configure I2S as RX mode" in chapter 29, "programming procedures" of chapter 2.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from .microphones import first, listening_on

BOARD = "esp32c3"
BUFFER = 320
CLK_EN0, CLK_EN1, RST_EN0, RST_EN1 = 0x10, 0x14, 0x18, 0x1C
RX_CONF, RX_CONF1, TX_CLKM, RX_CLKM, RX_DIV, RX_TDM, EOF_NUM = 0x20, 0x28, 0x34, 0x30, 0x38, 0x50, 0x64
RX_RESET, RX_FIFO_RESET, RX_START, RX_SLAVE_MOD, RX_UPDATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 8
INT_ENA, INT_CLR, IN_CONF0, IN_LINK, IN_PERI = 0x08, 0x0C, 0x70, 0x80, 0xA0
LINK_START, LINK_STOP = 1 << 22, 1 << 21
MATRIX_TYPE, MATRIX_ENABLE, MATRIX_PRIORITY, DMA_CH0 = 0x108, 0x104, 0x114, 44
OF_MICROPHONE = 1 << 17  # of the core's interrupts


@pytest.fixture
def listening():
    with listening_on(BOARD) as made:
        yield made


@pytest.fixture(scope="module")
def writes():
    """All that is written from reset to the end of the first hearing."""
    with listening_on(BOARD) as listening:
        listening.watch("system_registers", "i2s0", "gdma", "pins", "pads", "intc")
        listening.hear([], frames=BUFFER)
        return listening.writes


def test_buffers_arrive_every_20_ms(listening):
    listening.hear([], frames=10 * BUFFER, marks=["handle_interrupt"])
    times = [mark.counters.time_ns for mark in listening.machine.marks()]
    assert len(times) == 10
    np.testing.assert_allclose(np.diff(times), 20e6, atol=126)


def test_a_buffer_that_nobody_took_in_time_is_counted(listening):
    said, heard = listening.hear(np.arange(1, 8000), frames=8 * BUFFER, deaf_after=2 * BUFFER, deaf_rounds=3_500_000)
    assert said["lost"] == BUFFER
    assert heard[2 * BUFFER] == 3 * BUFFER + 1


def test_clocks_run_and_resets_are_over_before_a_device_is_written_to(writes):
    before = min(place for place, write in enumerate(writes) if write.device in ("i2s0", "gdma"))
    for register, bit in ((CLK_EN0, 1 << 21), (CLK_EN1, 1 << 6)):
        assert first(writes, "system_registers", register, bit) < before
    for register, bit in ((RST_EN0, 1 << 21), (RST_EN1, 1 << 6)):
        values = [
            write.value for write in writes[:before] if (write.device, write.offset) == ("system_registers", register)
        ]
        assert not values[-1] & bit


def test_the_order_is_that_of_the_manual(writes):
    controls = [place for place, write in enumerate(writes) if (write.device, write.offset) == ("i2s0", RX_CONF)]
    update, reset, fifo_reset, start = (
        next(place for place in controls if writes[place].value & bit)
        for bit in (RX_UPDATE, RX_RESET, RX_FIFO_RESET, RX_START)
    )
    steps = [
        [first(writes, "i2s0", register) for register in (TX_CLKM, RX_DIV, RX_CLKM)],  # 1. the clock
        [first(writes, "pins", 0x554 + 4 * pin) for pin in (2, 3)] + [first(writes, "pins", 0x154 + 4 * 15)],  # 2. pins
        controls[:1],  # 3. master or slave
        [first(writes, "i2s0", register) for register in (RX_CONF1, RX_TDM)],  # 4. mode of data and channels,
        [update],  # and taking it over
        [reset, fifo_reset],  # 5. the unit and its FIFO
        [
            first(writes, "gdma", INT_CLR),
            first(writes, "gdma", INT_ENA),
            first(writes, "intc", MATRIX_ENABLE, OF_MICROPHONE),
        ],  # 6.
        [first(writes, "gdma", IN_LINK, LINK_START), first(writes, "i2s0", EOF_NUM)],  # 7. DMA and the length
        [start],  # 8.
    ]
    for step, following in pairwise(steps):
        assert max(step) < min(following)
    assert not any(writes[place].value & RX_SLAVE_MOD for place in controls)


def test_what_was_set_is_taken_over_and_resets_are_over_when_it_starts(writes):
    values = [write.value for write in writes if (write.device, write.offset) == ("i2s0", RX_CONF)]
    start = next(index for index, value in enumerate(values) if value & RX_START)
    assert not values[start - 1] & (RX_RESET | RX_FIFO_RESET)
    mode = {value & ~(RX_RESET | RX_FIFO_RESET | RX_UPDATE | RX_START) for value in values[: start + 1]}
    assert len(mode) == 1


def test_a_channel_is_reset_before_it_is_linked_and_led_to_i2s(writes):
    to = [(write.offset, write.value) for write in writes if write.device == "gdma"]
    reset = [value & 1 for offset, value in to if offset == IN_CONF0]
    assert reset == [1, 0]
    offsets = [offset for offset, _ in to]
    assert offsets.index(IN_CONF0) < offsets.index(IN_PERI) < offsets.index(IN_LINK)
    assert dict(to)[IN_PERI] == 3


def test_the_interrupt_is_led_to_the_core_before_it_is_let_through(writes):
    enabled = first(writes, "intc", MATRIX_ENABLE, OF_MICROPHONE)
    number = writes[enabled].value.bit_length() - 1
    assert writes[first(writes, "intc", 4 * DMA_CH0)].value == number
    assert writes[first(writes, "intc", MATRIX_PRIORITY + 4 * number)].value > 0
    assert not writes[first(writes, "intc", MATRIX_TYPE)].value >> number & 1
    for offset in (4 * DMA_CH0, MATRIX_PRIORITY + 4 * number, MATRIX_TYPE):
        assert first(writes, "intc", offset) < enabled


def test_it_ends_with_the_receiver_and_then_the_channel(writes):
    stop = [
        place
        for place, write in enumerate(writes)
        if (write.device, write.offset) == ("i2s0", RX_CONF) and not write.value & RX_START
    ][-1]
    assert stop < first(writes, "gdma", IN_LINK, LINK_STOP)


def test_pins_are_those_of_the_board(writes):
    last = {(write.device, write.offset): write.value for write in writes}
    assert last["pins", 0x554 + 4 * 2] == 16  # I2SI_BCK_OUT
    assert last["pins", 0x554 + 4 * 3] == 17  # I2SI_WS_OUT
    assert last["pins", 0x154 + 4 * 15] == 1 << 6 | 4  # I2SI_SD_IN
    for pin in (2, 3, 4):
        assert last["pads", 4 + 4 * pin] >> 12 & 7 == 1
    assert last["pads", 4 + 4 * 4] >> 9 & 1 == 1
