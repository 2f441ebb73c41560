"""The built-in engine's Cortex-M7 and STM32F746 do what a real Renode did, to the instruction."""

from __future__ import annotations

import numpy as np
import pytest

from .recordings_of_renode import Recorded, observed

RECORDED = Recorded("stm32f746g", uart="sysbus.usart1", sensors={"accelerometer": "sysbus.i2c1.lis2dw12"})
FED = {"lis2dw12": ("accelerometer", np.array([[8192, -4096, 16384]], np.int16))}  # 0.5 -0.25 1 g


@pytest.mark.parametrize("name", RECORDED.names())
def test_a_probe_does_what_it_did_on_renode(name, tmp_path):
    with RECORDED.machine() as machine:
        assert observed(machine, RECORDED.prepared(machine, name, tmp_path, FED.get(name))) == RECORDED.expected(name)


def test_cutting_a_run_into_pieces_changes_nothing(tmp_path):
    expected = RECORDED.expected("systick_tim2")
    with RECORDED.machine() as machine:
        run = RECORDED.prepared(machine, "systick_tim2", tmp_path)
        assert observed(machine, run, pieces=8) == expected
