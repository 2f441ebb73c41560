"""Events come to the same instruction however a run is cut up, restored, or accompanied by another machine."""

from __future__ import annotations

import pytest

from lab.conformance import observing, record
from lab.conformance.observation import Event
from lab.engines.builtin import BuiltinEngine
from tests.conformance import records


def on_renode(case):
    board = case.target.name
    return record.read(records.newest(board)).find(board, case.name).observation


def started(case):
    machine = BuiltinEngine().machine(case.target)
    observing.prepare(machine, case)
    return machine


def events(machine):
    return tuple(map(observing.event, machine.marks()))


@pytest.mark.parametrize(
    ("board", "name"),
    [
        *(("nano33ble", name) for name in ("three_sources", "nested", "fp_context")),
        *(("stm32f746g", name) for name in ("systick_tim2", "nested")),
        *(("esp32c3", name) for name in ("microphone_wfi", "two_sensors")),
    ],
)
def test_cutting_a_run_into_pieces_changes_nothing(board, name, tmp_path):
    case = records.case(name, tmp_path, records.newest(board))
    with started(case) as machine:
        for _ in range(10):
            machine.run(limit=case.seconds / 10)
        assert events(machine) == on_renode(case).events


@pytest.mark.parametrize(
    ("board", "name"),
    [("nano33ble", "three_sources"), ("nano33ble", "uart_lines"), ("stm32f746g", "nested"), ("esp32c3", "two_sensors")],
)
def test_a_restored_machine_goes_on_as_the_first_time(board, name, tmp_path):
    case = records.case(name, tmp_path, records.newest(board))
    result = case.firmware.symbol("result")
    with started(case) as machine:
        machine.run(limit=0.00323)
        kept = machine.snapshot()

        def rest():
            machine.run(limit=0.01)
            memory = machine.read(result.address, result.size)
            return machine.counters(), events(machine), machine.lines(), memory, machine.trace()

        first = rest()
        assert first[1], "a run in which nothing happens proves nothing"
        for _ in range(3):
            machine.restore(kept)
            assert rest() == first


def test_two_machines_in_one_process_do_not_disturb_each_other(tmp_path):
    case = records.case("three_sources", tmp_path)
    with started(case) as one, started(case) as other:
        for _ in range(5):
            one.run(limit=0.002)
            other.run(limit=0.002)
        assert events(one) == events(other)
        assert isinstance(events(one)[0], Event)
        assert one.counters() == other.counters()
