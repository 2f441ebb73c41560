"""A machine that goes back by doing the same again behaves as one that was kept."""

from __future__ import annotations

import shutil

import pytest

from lab import target
from lab.engines.machine import Counters
from lab.errors import ConfigurationError
from tests.renode import boards, console_stand_in
from tests.renode.console_stand_in import BOOT, DECISION
from tests.signals import sound


@pytest.fixture
def machine(tmp_path):
    with boards.booted(tmp_path, "well") as booted:
        yield booted


def test_a_run_stops_at_the_awaited_line_and_not_behind_it(machine):
    assert machine.lines() == [BOOT]
    assert machine.marks() == []
    assert machine.run(until=lambda _: True, limit=1).line == DECISION
    assert machine.lines() == [BOOT, DECISION]
    assert [(mark.symbol, mark.argument) for mark in machine.marks()] == [("lab_mark", 2)]


def test_counters_at_a_line_are_those_of_the_block_behind_it(machine):
    assert machine.counters() == Counters(67_203, None, 1_050_050)


def test_counters_at_a_time_are_those_of_that_time(machine):
    assert machine.run(limit=0.003).line is None
    assert machine.counters() == Counters(259_203, None, 4_050_050)


def test_what_was_played_is_heard_again_after_a_snapshot_of_it(machine):
    kept = machine.snapshot()
    for _ in range(3):
        assert machine.run(until=lambda line: "inference" in line, limit=1).line == DECISION
        machine.restore(kept)
        assert machine.lines() == [BOOT]


def test_memory_is_written_and_read(machine):
    machine.write(0x2000_0000, b"kept")
    assert machine.read(0x2000_0000, 4) == b"kept"


def test_a_trace_says_where_it_stands_and_what_was_printed_last(machine):
    trace = machine.trace()
    assert trace.startswith("Stopped at 0x00000204 astray+0x4 (astray.cc:17).")
    assert BOOT in trace


@pytest.mark.parametrize("name", ["my boards", "Jürgen's; boards"])
def test_a_board_in_any_folder_is_loaded_with_the_code_beside_its_folder(tmp_path, name):
    nano33ble = target.load("nano33ble")
    boards_there = tmp_path / name / "renode_platforms"
    shutil.copytree(nano33ble.folder.parent, boards_there)
    folder = (boards_there / "nano33ble").rename(boards_there / name)
    with boards.engine(tmp_path, "well").machine(nano33ble.model_copy(update={"folder": folder})) as machine:
        machine.load(boards.SmallFirmware(tmp_path / "small.elf"))
        assert machine.run(until=lambda line: "boot" in line, limit=1).line == BOOT


@pytest.mark.produces("no-such-sensor")
def test_a_sensor_that_the_board_lacks_is_named(machine):
    with pytest.raises(ConfigurationError, match="Did you mean 'microphone'"):
        machine.play(sound(boards.SAMPLES), "microfone")


def test_bytes_arrive_at_the_time_of_the_position_and_again_where_it_goes_back(machine):
    kept = machine.snapshot()
    machine.run(limit=0.003)
    for _ in range(2):
        machine.receive(b"\x12")
        assert machine.read(console_stand_in.RECEIVED, 9) == b"4050050:\x12"
        machine.run(until=lambda line: "inference" in line, limit=1)
        machine.restore(kept)
        assert machine.read(console_stand_in.RECEIVED, 9) == bytes(9)
        machine.run(limit=0.003)


@pytest.mark.produces("renode-uart")
def test_a_uart_that_counts_nothing_is_given_nothing(tmp_path):
    with boards.engine(tmp_path, "well").machine(target.load("esp32c3")) as machine:
        machine.load(boards.SmallFirmware(tmp_path / "small.elf"))
        with pytest.raises(ConfigurationError, match="does not count the bytes"):
            machine.receive(b"\x12")


@pytest.mark.produces("renode-port")
def test_another_port_than_the_boards_uart_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match=r"hears sysbus.uart0 of nano33ble alone, not usbd"):
        boards.engine(tmp_path, "well").foreign(target.load("nano33ble"), None, "usbd", lambda _register: None)
