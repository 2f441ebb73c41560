"""Who looks on while a firmware runs: what it sends, which devices it goes to, and what it misses there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Access:
    """A register without a model: its part of the chip, how many bytes behind its beginning, and its name if known."""

    part: str
    offset: int
    address: int
    writes: bool
    register: str = ""

    def __str__(self) -> str:
        """`TEMP, register 0x508 (0x4000C508)`, or `TEMP.TEMP (0x4000C508)`"""
        name = self.register or f"{self.part}, register {self.offset:#05x}"
        return f"{name} ({self.address:#010x})"


class Onlooker(Protocol):
    """Is told while the core stands in the middle of an instruction, so it must only take note.

    `wants_accesses`: whether it is to be told of each access to a device, which takes a fifth of the time of firmware
    that polls one.
    """

    wants_accesses: bool

    def sent(self, port: str, data: bytes) -> None:
        """Bytes have left a port: a device, by its name, or what a debugger would hear."""

    def reached(self, device: str) -> None:
        """Firmware goes to a register of that device."""

    def missed(self, access: Access, place: Callable[[], str]) -> None:
        """Firmware goes to a register that has no model; `place` says where the code is."""


class Lenient:
    """Lets firmware go on where a register has no model, which `tell` is told in words."""

    wants_accesses = False

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def sent(self, port: str, data: bytes) -> None:
        """Lines are the machine's."""

    def reached(self, device: str) -> None:
        """Nobody asks."""

    def missed(self, access: Access, place: Callable[[], str]) -> None:  # noqa: ARG002
        """Tell it."""
        self._tell(str(access))
