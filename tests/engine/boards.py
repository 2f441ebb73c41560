"""Boards that the engine's tests run on."""

from __future__ import annotations

from pathlib import Path

from lab import places
from lab.engines.builtin import repl
from lab.engines.builtin.machine import BuiltinMachine

NANO33BLE = places.project() / "renode_platforms" / "nano33ble" / "nano33ble.repl"
STM32F746G = places.project() / "renode_platforms" / "stm32f746g" / "stm32f746g.repl"

ENDS_OF_FLASH = {
    "esp32c3": (0x427F_FFFC, 0x3C7F_FFFC),
    "nano33ble": (0x000F_FFFC,),
    "stm32f746g": (0x080F_FFFC, 0x002F_FFFC),
}
"""The last word of each shipped board's flash, at each of its addresses."""


def nano33ble(description=NANO33BLE) -> BuiltinMachine:
    """The Arduino Nano 33 BLE without a cost model, or another board whose devices bear the same names."""
    return BuiltinMachine(
        repl.read(description), cpu="sysbus.cpu", uart="sysbus.uart0", sensors={"microphone": "sysbus.pdm"}
    )


def rv32imc(core: str = "rv32imc", folder: Path | None = None) -> BuiltinMachine:
    """A bare RISC-V core, of another kind in a description that is written into a folder."""
    file = Path(__file__).with_name("rv32imc.repl")
    if folder is not None:
        text = file.read_text().replace('"rv32imc"', f'"{core}"')
        file = folder / "bare.repl"
        file.write_text(text)
    description = repl.read(file)
    return BuiltinMachine(description, cpu="sysbus.cpu", uart="sysbus.uart0", sensors={"left": "sysbus.left"})
