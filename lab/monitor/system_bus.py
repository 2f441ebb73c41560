"""The object `sysbus`: firmware and memories."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lab.elf import Firmware
from lab.errors import ConfigurationError, did_you_mean
from lab.monitor.actions import action, printed

if TYPE_CHECKING:
    from lab.monitor.board import Board

_SYNC = "self.GetMachine()['sysbus.cpu'].SyncTime()"


class SystemBus:
    """The object `sysbus`."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @action("LoadELF")
    def load_elf(self, file: Path) -> None:
        """Load firmware; the vector table is at its lowest address."""
        self._board.load(Firmware(file))

    @action("GetSymbolAddress")
    def symbol_address(self, name: str) -> str:
        """Where a symbol of the firmware is."""
        return printed(self._board.firmware.symbol(name).address, digits=16)

    @action("ReadDoubleWord")
    def read_word(self, address: int) -> str:
        """The 32 bits at an address of a memory."""
        return printed(int.from_bytes(self._board.machine.read(_word(address), 4), "little"), digits=8)

    @action("WriteDoubleWord")
    def write_word(self, address: int, value: int) -> None:
        """Set the 32 bits at an address of a memory, flash included."""
        self._board.machine.write(_word(address), _word(value).to_bytes(4, "little"))

    @action("SetHookBeforePeripheralWrite")
    def set_write_hook(self, device: str, script: str) -> None:
        """Time is synchronised before each write to a device anyway."""
        devices = self._board.devices
        if device not in devices:
            raise ConfigurationError(
                f"There is no {device!r} on this board.{did_you_mean(device, devices)}",
                remedy=f"Known: {', '.join(devices)}.",
                code="monitor-command",
            )
        if script != _SYNC:
            raise ConfigurationError(
                f"The built-in engine runs no Python in its devices: {script}",
                remedy=f'The one hook it knows, because it does so by itself, is "{_SYNC}".',
                code="monitor-command",
            )


def _word(number: int) -> int:
    if not 0 <= number < 1 << 32:
        raise ConfigurationError(
            f"{number:#x} has no place in 32 bits.",
            remedy="Addresses and values are 0 to 0xFFFFFFFF.",
            code="monitor-command",
        )
    return number
