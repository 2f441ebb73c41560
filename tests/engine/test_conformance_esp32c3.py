"""The built-in engine's RV32IMC and the lab's sensor FIFO do what a real Renode did, to the instruction."""

from __future__ import annotations

import numpy as np
import pytest

from .recordings_of_renode import Recorded, observed

RECORDED = Recorded("esp32c3", uart="sysbus.uart0", sensors={"microphone": "sysbus.mic"})
HEARD = {name: ("microphone", np.arange(1, 101, dtype=np.int16)) for name in ("sensor_fifo", "traps")}


@pytest.mark.parametrize("name", RECORDED.names())
def test_a_probe_does_what_it_did_on_renode(name, tmp_path):
    with RECORDED.machine() as machine:
        assert observed(machine, RECORDED.prepared(machine, name, tmp_path, HEARD.get(name))) == RECORDED.expected(name)


@pytest.mark.parametrize("name", ["microphone_wfi", "two_sensors"])
def test_cutting_a_run_into_pieces_changes_nothing(name, tmp_path):
    with RECORDED.machine() as machine:
        run = RECORDED.prepared(machine, name, tmp_path)
        assert observed(machine, run, pieces=16) == RECORDED.expected(name)


def test_a_restored_machine_goes_on_as_the_first_time(tmp_path):
    with RECORDED.machine() as machine:
        run = RECORDED.prepared(machine, "two_sensors", tmp_path)
        machine.run(limit=0.0123456)
        kept = machine.snapshot()
        for _ in range(3):
            machine.restore(kept)
            machine.run(limit=run.seconds - 0.0123456)
            assert machine.counters().instructions == RECORDED.expected("two_sensors").instructions
            assert observed(machine, run, pieces=0) == RECORDED.expected("two_sensors")
