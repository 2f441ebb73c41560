"""The lab's own sensor: its data sheet, its two models, and what firmware sees of it."""

import re

import numpy as np
import pytest

from lab import places
from lab.engines.builtin.devices.sensorfifo import SensorFifo
from lab.errors import ConfigurationError, RecordingError
from tests.signals import frames

from .fake_board import RAM, peek, poke

CONTROL, RATE, POINTER, LENGTH, STATUS, OVERRUNS, BUFFERS, TIME_US, CHANNELS, ID = range(0, 0x28, 4)
END, RUNNING, EXHAUSTED, REFUSED = 1, 2, 4, 8
DATA_SHEET = places.project() / "docs" / "sensor-fifo.md"
FOR_RENODE = places.project() / "renode_platforms" / "sensor_fifo" / "SensorFifo.cs"


def started(device, *, rate=16000, length=4, pointer=RAM, control=3):
    poke(device, (RATE, rate), (POINTER, pointer), (LENGTH, length), (CONTROL, control))
    return device


def words(board, address, count):
    return np.frombuffer(board.bus.read(address, 2 * count), "<i2").tolist()


def test_data_sheet_and_both_models_have_the_same_registers():
    listed = {
        name: int(offset, 16)
        for offset, name in re.findall(r"^\| (0x[0-9A-F]+) \| `(\w+)` \|", DATA_SHEET.read_text(), re.M)
    }
    here = {name: entry.offset for name, entry in vars(SensorFifo).items() if hasattr(entry, "offset")}
    for_renode = {
        name.upper(): int(offset, 16)
        for name, offset in re.findall(r"^ {12}(\w+) = (0x[0-9A-F]+),$", FOR_RENODE.read_text(), re.M)
    }
    assert len(listed) == 10
    assert here == listed
    assert sorted(for_renode.values()) == sorted(listed.values())
    assert {name for name in for_renode if name in listed} == set(listed) - {"TIME_US"} == set(for_renode) - {"TIME"}


def test_buffers_end_on_time_and_go_where_the_pointer_was_at_the_end_of_the_one_before(board, made):
    fifo = made(SensorFifo, channels=1)
    fifo.feed(frames(np.arange(1, 13, dtype=np.int16)))
    started(fifo)
    poke(fifo, (POINTER, RAM + 0x100))
    board.clock.advance_to(250_000)
    assert fifo.wire.rose == [250_000]
    assert words(board, RAM, 4) == [1, 2, 3, 4]
    poke(fifo, (STATUS, END), (POINTER, RAM))
    board.clock.advance_to(500_000)
    assert words(board, RAM + 0x100, 4) == [5, 6, 7, 8]
    assert [peek(fifo, register) for register in (BUFFERS, OVERRUNS, TIME_US)] == [2, 0, 500]
    poke(fifo, (STATUS, END))
    board.clock.advance_to(750_000)
    assert words(board, RAM, 4) == [9, 10, 11, 12]
    assert fifo.wire.rose == [250_000, 500_000, 750_000]


def test_a_period_is_rounded_up_to_whole_nanoseconds(board, made):
    fifo = started(made(SensorFifo, channels=1), rate=48000, length=1)
    board.clock.advance_to(20_833)
    assert peek(fifo, BUFFERS) == 0
    board.clock.advance_to(2 * 20_834)
    assert peek(fifo, BUFFERS) == 2


def test_the_channels_of_a_frame_lie_side_by_side(board, made):
    fifo = made(SensorFifo, channels=3)
    fifo.feed(frames(np.arange(12, dtype=np.int16).reshape(4, 3)))
    started(fifo, rate=100, length=2)
    board.clock.advance_to(20_000_000)
    assert words(board, RAM, 6) == [0, 1, 2, 3, 4, 5]
    assert peek(fifo, CHANNELS) == 3


def test_a_buffer_that_nobody_took_counts_as_an_overrun(board, made):
    fifo = started(made(SensorFifo, channels=1))
    board.clock.advance_to(750_000)
    assert [peek(fifo, register) for register in (BUFFERS, OVERRUNS)] == [3, 2]
    assert fifo.wire.rose == [250_000]


def test_zeros_come_and_are_told_of_when_the_samples_have_run_out(board, made):
    fifo = made(SensorFifo, channels=1)
    fifo.feed(frames(np.array([7, 8, 9, 10, 11], np.int16)))
    started(fifo)
    board.clock.advance_to(250_000)
    assert not peek(fifo, STATUS) & EXHAUSTED
    board.clock.advance_to(500_000)
    assert words(board, RAM, 4) == [11, 0, 0, 0]
    poke(fifo, (STATUS, EXHAUSTED))
    assert peek(fifo, STATUS) & EXHAUSTED


@pytest.mark.parametrize(
    "wrong", [{"rate": 0}, {"rate": 1_000_001}, {"length": 0}, {"length": 0x10000}, {"pointer": RAM + 1}]
)
def test_values_out_of_range_are_refused(board, made, wrong):
    fifo = started(made(SensorFifo, channels=1), **wrong)
    assert peek(fifo, STATUS) == REFUSED
    assert peek(fifo, CONTROL) == 2
    board.clock.advance_to(10**9)
    assert peek(fifo, BUFFERS) == 0
    poke(fifo, (STATUS, REFUSED))
    assert peek(fifo, STATUS) == 0


def test_stopped_it_loses_time_but_no_samples(board, made):
    fifo = made(SensorFifo, channels=1)
    fifo.feed(frames(np.arange(1, 9, dtype=np.int16)))
    started(fifo)
    board.clock.advance_to(200_000)
    poke(fifo, (CONTROL, 2))
    assert not peek(fifo, STATUS) & RUNNING
    board.clock.advance_to(400_000)
    poke(fifo, (CONTROL, 3))
    assert peek(fifo, STATUS) == RUNNING
    board.clock.advance_to(650_000)
    assert fifo.wire.rose == [650_000]
    assert words(board, RAM, 4) == [1, 2, 3, 4]


def test_the_interrupt_follows_its_enable_and_the_end_flag(board, made):
    fifo = started(made(SensorFifo, channels=1), control=1)
    board.clock.advance_to(250_000)
    assert not fifo.wire.level
    poke(fifo, (CONTROL, 3))
    assert fifo.wire.level
    poke(fifo, (STATUS, END))
    assert not fifo.wire.level


def test_a_reset_drops_what_was_fed(board, made):
    fifo = made(SensorFifo, channels=1)
    fifo.feed(frames(np.ones(8, np.int16)))
    fifo.reset()
    started(fifo)
    board.clock.advance_to(250_000)
    assert words(board, RAM, 4) == [0, 0, 0, 0]
    assert peek(fifo, ID) == int.from_bytes(b"FIFO", "little")


def test_samples_of_another_shape_are_refused(made):
    with pytest.raises(RecordingError, match="3 channels"):
        made(SensorFifo, channels=3).feed(frames(np.zeros(6, np.int16)))


@pytest.mark.parametrize("channels", [0, 9])
def test_a_number_of_channels_that_it_cannot_have_is_refused(made, channels):
    with pytest.raises(ConfigurationError, match="not 1 to 8"):
        made(SensorFifo, channels=channels)
