"""The object `sysbus`: firmware, memories and registers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lab.elf import Firmware
from lab.errors import ConfigurationError, did_you_mean
from lab.image import Image, Segment
from lab.images import reading
from lab.monitor.actions import action, printed
from lab.monitor.peripheral import DOUBLE_WORD, Accessible, by_registers, within

if TYPE_CHECKING:
    from lab.engines.builtin.machine import BuiltinMachine
    from lab.monitor.board import Board

_SYNC = "self.GetMachine()['sysbus.cpu'].SyncTime()"


class SystemBus(Accessible):
    """The object `sysbus`."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @action("LoadELF")
    def load_elf(self, file: Path) -> None:
        """Load firmware; the vector table is at the lowest address of all that was loaded."""
        self._board.load(Firmware(file))

    @action("LoadHEX")
    def load_hex(self, file: Path) -> None:
        """Load firmware from a file of Intel HEX."""
        self._board.load(reading.read(file))

    @action("LoadBinary")
    def load_binary(self, file: Path, address: int) -> None:
        """Put the bytes of a file at an address."""
        content = reading.bytes_of(file)
        self._board.load(Image(file, [Segment(within(address, DOUBLE_WORD), content)]), begins=False)

    @action("GetSymbolAddress")
    def symbol_address(self, name: str) -> str:
        """Where a symbol of the firmware is."""
        return printed(self._board.symbol(name).address, digits=16)

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

    def _read(self, address: int, size: int) -> int:
        def read(machine: BuiltinMachine) -> int:
            return machine.access(lambda: by_registers(machine.bus.read_register, address, size))

        if self._is_device(address, size):
            return self._board.do(read)
        return int.from_bytes(self._board.machine.read(address, size), "little")

    def _write(self, address: int, size: int, value: int) -> None:
        data = value.to_bytes(size, "little")
        if self._is_device(address, size):
            self._board.do(lambda machine: machine.access(lambda: machine.bus.write_register(address, size, value)))
        else:
            self._board.do(lambda machine: machine.write(address, data))

    def _is_device(self, address: int, size: int) -> bool:
        machine = self._board.machine
        return all(machine.bus.device_at(one) is not None for one in (address, address + size - 1))
