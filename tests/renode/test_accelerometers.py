"""The lab's accelerometers in a real Renode, beside their twins in the built-in engine."""

from __future__ import annotations

import os

import numpy as np
import pytest

from lab import target
from lab.conformance import compiling
from lab.engines.builtin import BuiltinEngine
from lab.engines.renode.engine import RenodeEngine
from lab.signals.signal import Signal

pytestmark = pytest.mark.renode

PROBES = {"nano33ble": "lsm9ds1_clock", "stm32f746g": "lis2dw12_clock", "esp32c3": "i2c_lis2dw12"}
NAMES = {"nano33ble": "lsm9ds1", "stm32f746g": "lis2dw12", "esp32c3": "lis2dw12"}
RATES = (33.333333333, 1000.123456789, 0.7)


def signals():
    """Of rates that are no fractions of the parts', in steps that are none of theirs."""
    numbers = np.random.default_rng(7).integers(-(2**15), 2**15, (len(RATES), 40, 3), dtype=np.int16)
    return [Signal(one, rate, ("x", "y", "z"), "g", 8001) for one, rate in zip(numbers, RATES, strict=True)]


def seen(machine, board):
    """What the board's probe marks, with two signals from the beginning and another that comes while it runs."""
    first, second, third = signals()
    machine.load(compiling.compiled(board, PROBES[board.name]))
    machine.watch("mark")
    machine.play(first, "accelerometer")
    machine.play(second, "accelerometer")
    machine.run(limit=0.02)
    machine.play(third, "accelerometer")
    machine.run(limit=0.1)
    return [(mark.argument, mark.counters.instructions, mark.counters.time_ns) for mark in machine.marks()]


def on_both(board, real_renode):
    found = []
    for engine in (BuiltinEngine(), RenodeEngine(real_renode)):
        with engine.machine(board) as machine:
            found.append(seen(machine, board))
    return found


@pytest.mark.parametrize("name", PROBES)
def test_each_sample_is_the_same_at_the_same_instruction_whatever_is_fed_when(name, real_renode):
    builtin, renode = on_both(target.load(name), real_renode)
    assert builtin == renode
    assert len(builtin) > 20


@pytest.mark.parametrize("name", PROBES)
def test_parts_that_answer_wrong_and_stop_do_so_on_both(name, real_renode, tmp_path):
    board = target.load(name)
    there = os.path.relpath(board.repl, tmp_path)
    failing = f'using "{there}"\n{NAMES[name]}:\n    identity: 0x33\n    stopsAfter: 2\n'
    (tmp_path / "board.repl").write_text(failing)
    platform = board.platform.model_copy(update={"repl": "board.repl"})
    builtin, renode = on_both(board.model_copy(update={"folder": tmp_path, "platform": platform}), real_renode)
    assert builtin == renode
    assert builtin[0][0] == 0x33
    assert len(builtin) < 16  # the probe waits in vain
