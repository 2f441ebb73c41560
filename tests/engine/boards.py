"""Boards that the engine's tests run on."""

from __future__ import annotations

from pathlib import Path

from lab import places
from lab.engines.builtin import repl
from lab.engines.builtin.machine import BuiltinMachine

NANO33BLE = places.project() / "renode_platforms" / "nano33ble" / "nano33ble.repl"


def nano33ble(description=NANO33BLE) -> BuiltinMachine:
    """The Arduino Nano 33 BLE without a cost model, or another board whose devices bear the same names."""
    return BuiltinMachine(
        repl.read(description), cpu="sysbus.cpu", uart="sysbus.uart0", sensors={"microphone": "sysbus.pdm"}
    )


def rv32imc() -> BuiltinMachine:
    """A bare RISC-V core."""
    description = repl.read(Path(__file__).with_name("rv32imc.repl"))
    return BuiltinMachine(description, cpu="sysbus.cpu", uart="sysbus.uart0", sensors={"left": "sysbus.left"})
