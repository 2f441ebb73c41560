"""The driver of the STM32F746G-DISCO's microphones: what it hears, and the order in which it goes to the registers.

RM0385 rev 8: RCC in chapter 5.3, DMA in 8.3.17, SAI in 33.3 and 33.5. WM8994: the data sheet's control sequences.
"""

from __future__ import annotations

import json
import os

import numpy as np
import pytest

from lab import target
from lab.engines.builtin import BuiltinEngine
from tests.firmware.microphones import Write, firmware, first, listening_on

BOARD = "stm32f746g"
RATE_HZ = 25_000_000 / 25 * 426 / 13 / 8 / 256
HALF = 320
SAIEN, DMAEN = 1 << 16, 1 << 17
CR1, CR2, FRCR, SLOTR = 0x00, 0x04, 0x08, 0x0C
BLOCK_A, BLOCK_B = 0x04, 0x24
STREAM = 0x10 + 7 * 0x18
AHB1ENR, APB1ENR, APB2ENR, PLLI2SCFGR, DCKCFGR1 = 0x30, 0x40, 0x44, 0x84, 0x8C


@pytest.fixture
def device():
    with listening_on(BOARD) as made:
        yield made


@pytest.fixture(scope="module")
def writes():
    """All that is written from reset to the end of the first hearing."""
    with listening_on(BOARD) as device:
        device.watch("rcc", "sai2", "dma2", "i2c3", "gpio_g", "gpio_h", "gpio_i")
        watch_values(device, "wm8994")
        device.hear([], frames=HALF)
        return device.writes


def watch_values(device, codec):
    """Note what is written into the registers of a part on I2C as well."""
    part = device.machine._devices[codec]
    write = part._write

    def noted(number, value):
        device.writes.append(Write(codec, number, value, part.now_ns))
        write(number, value)

    part._write = noted


def of(writes, device):
    return [write for write in writes if write.device == device]


def test_frames_arrive_at_the_rate_that_the_clocks_are_set_to(device):
    device.hear([], frames=10 * HALF, marks=["audio_stream_handler"])
    times = [mark.counters.time_ns for mark in device.machine.marks()]
    assert len(times) == 10
    np.testing.assert_allclose(np.diff(times), HALF / RATE_HZ * 1e9, atol=126)
    assert abs(RATE_HZ - 16_000) < 0.61


def test_halves_that_nobody_took_in_time_are_counted(device):
    said, heard = device.hear(np.arange(1, 8000), frames=8 * HALF, deaf_after=2 * HALF, deaf_rounds=5_000_000)
    assert said["lost"] == HALF
    assert heard[2 * HALF] > 2 * HALF + 1


def test_a_codec_that_is_not_there_is_told_at_the_start(tmp_path):
    board = target.load(BOARD)
    file = tmp_path / "without.repl"
    file.write_text(f'using "{os.path.relpath(board.repl, tmp_path)}"\nwm8994: @none\n')
    platform = board.platform.model_copy(update={"repl": os.path.relpath(file, board.folder)})
    sensors = {name: sensor for name, sensor in board.sensors.items() if name != "microphone"}
    with BuiltinEngine().machine(board.model_copy(update={"platform": platform, "sensors": sensors})) as machine:
        machine.load(firmware(BOARD))
        line = json.loads(machine.run(until=lambda line: line.startswith("{"), limit=5).line)
    assert (line["event"], line["what"]) == ("error", "sensor")
    assert "WM8994 does not answer" in line["message"]


def test_the_pll_is_set_before_it_is_switched_on_and_on_before_the_blocks_are(writes):
    on = first(writes, "rcc", 0x00, 1 << 26)
    assert first(writes, "rcc", PLLI2SCFGR) < on
    assert first(writes, "rcc", DCKCFGR1, 1 << 22) < on < first(writes, "sai2", BLOCK_A + CR1, SAIEN)


@pytest.mark.parametrize(
    ("device", "register", "bit"),
    [
        ("gpio_g", AHB1ENR, 6),
        ("gpio_h", AHB1ENR, 7),
        ("gpio_i", AHB1ENR, 8),
        ("dma2", AHB1ENR, 22),
        ("i2c3", APB1ENR, 23),
        ("sai2", APB2ENR, 23),
    ],
)
def test_a_device_is_clocked_before_it_is_written_to(writes, device, register, bit):
    clocked = first(writes, "rcc", register, 1 << bit)
    assert clocked < min(place for place, write in enumerate(writes) if write.device == device)


def test_settings_of_a_block_are_written_while_it_is_off(writes):
    enabled = {BLOCK_A: False, BLOCK_B: False}
    settings = {}
    for write in of(writes, "sai2"):
        block = BLOCK_A if write.offset < BLOCK_B else BLOCK_B
        register = write.offset - block
        if register in (CR2, FRCR, SLOTR):
            assert not enabled[block], f"{write} while SAIEN is set"
        if register == CR1:
            same = settings.get(block, write.value) == write.value & ~(SAIEN | DMAEN)
            assert same or not enabled[block], f"{write} while SAIEN is set"
            settings[block] = write.value & ~(SAIEN | DMAEN)
            enabled[block] = bool(write.value & SAIEN)


def test_both_blocks_have_the_same_frame_of_64_bits_with_an_even_number_of_slots(writes):
    for register in (FRCR, SLOTR):
        values = {
            write.value for write in of(writes, "sai2") if write.offset in (BLOCK_A + register, BLOCK_B + register)
        }
        assert len(values) == 1
        (value,) = values
        if register == FRCR:
            assert (value & 0xFF, value >> 8 & 0x7F) == (63, 31)
        else:
            assert (value >> 8 & 0xF) % 2 == 1
            assert value >> 16 == 0b1010


def test_dma_is_on_before_the_receiver_asks_and_the_receiver_before_its_master(writes):
    stream = first(writes, "dma2", STREAM, 1)
    asks = first(writes, "sai2", BLOCK_B + CR1, DMAEN)
    receiver = first(writes, "sai2", BLOCK_B + CR1, SAIEN)
    master = [
        place
        for place, write in enumerate(writes)
        if (write.device, write.offset) == ("sai2", BLOCK_A + CR1) and write.value & SAIEN
    ]
    assert stream < asks < receiver < master[-1]
    off = [write for write in of(writes, "sai2") if write.offset == BLOCK_A + CR1][-2]
    assert not off.value & SAIEN  # it was off meanwhile


def test_a_stream_is_set_up_while_it_is_off_and_its_flags_are_clear(writes):
    on = first(writes, "dma2", STREAM, 1)
    before = {write.offset for write in writes[:on] if write.device == "dma2"}
    assert before == {0x0C, STREAM, STREAM + 0x04, STREAM + 0x08, STREAM + 0x0C}
    configuration = writes[on].value
    assert (configuration >> 25 & 7, configuration >> 6 & 3) == (0, 0)  # channel 0, to memory
    assert configuration >> 11 & 0xF == 0b0101  # halfwords on both sides


def test_the_codec_gets_its_master_clock_before_its_registers(writes):
    assert first(writes, "sai2", BLOCK_A + CR1, SAIEN) < min(writes.index(write) for write in of(writes, "wm8994"))


def test_the_codec_is_reset_then_powered_and_left_alone_until_vmid_stands(writes):
    sequence = of(writes, "wm8994")
    assert (sequence[0].offset, sequence[0].value) == (0x000, 0)
    powered = next(place for place, write in enumerate(sequence) if write.offset == 0x001)
    assert sequence[powered].value & 0x13 == 0x13
    assert (sequence[powered - 1].offset, sequence[powered - 1].value & 0x6C) == (0x039, 0x6C)
    assert sequence[powered + 1].time_ns - sequence[powered].time_ns >= 50_000_000


def test_the_codec_is_clocked_when_paths_rate_and_format_are_set_and_heard_at_last(writes):
    order = [write.offset for write in of(writes, "wm8994")]
    assert len(set(order[order.index(0x004) :])) == len(order[order.index(0x004) :])
    for setting in (0x004, 0x608, 0x609, 0x210, 0x300, 0x302):
        assert order.index(setting) < order.index(0x208) < order.index(0x200)
    assert order.index(0x200) < order.index(0x404) < order.index(0x405) == len(order) - 1


def test_pins_are_those_of_the_board(writes):
    def last(port, offset):
        return [write.value for write in of(writes, port) if write.offset == offset][-1]

    for port, pins, function in (("gpio_i", (4, 5, 7), 10), ("gpio_g", (10,), 10), ("gpio_h", (7, 8), 4)):
        for pin in pins:
            assert last(port, 0x00) >> 2 * pin & 3 == 2
            assert last(port, 0x20 + 4 * (pin // 8)) >> 4 * (pin % 8) & 0xF == function
    assert last("gpio_h", 0x04) == 1 << 7 | 1 << 8  # open drain
