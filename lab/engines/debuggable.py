"""A debugger of a machine: it can stop it before any instruction.

Virtual time stands meanwhile, and a machine that goes on does the same as one that was never stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from lab.errors import LabError


class Why(Enum):
    """Why a machine stands."""

    ASKED = auto()
    """`Debugger.wants_halt` said so."""
    BREAKPOINT = auto()
    STEPPED = auto()
    LOAD = auto()
    """The instruction is about to read watched data,"""
    STORE = auto()
    """or to write it."""
    FAULT = auto()
    """An instruction went wrong; the firmware's handler is about to begin."""
    FAILED = auto()
    """The run ends with an error, whatever the debugger answers."""


@dataclass(frozen=True)
class Halt:
    """A machine stands, with the program counter at an instruction that has not been executed.

    `address` is what a watchpoint was set to, `said` what is known of a fault, and `error` what the run ends with.
    """

    why: Why
    address: int = 0
    said: str = ""
    error: LabError | None = None


class Resume(Enum):
    """How a machine goes on."""

    GO_ON = auto()
    STEP = auto()
    """For one instruction. Handlers of interrupts that come meanwhile are no part of it: they run to their end."""
    ABANDON = auto()
    """Not at all: `run` raises Abandoned, and the firmware has to be loaded again."""


class Abandoned(Exception):
    """A debugger ended a run."""


class Debugger(Protocol):
    """Who decides when a machine stands. It is asked within `Machine.run`."""

    def wants_halt(self) -> bool:
        """Asked before a run and about once a millisecond of it: whether the machine shall stand."""

    def attend(self, halt: Halt, check: Callable[[], None]) -> Resume:
        """The machine stands; it goes on when this returns. A wait calls `check` now and then, which raises
        KeyboardInterrupt when a person ends the run."""

    def hear(self, line: str) -> None:
        """The device has printed a line."""


class Probe(Protocol):
    """What a debugger does with its machine while that stands."""

    @property
    def core(self) -> str:
        """`cortex-m` or `riscv`."""

    @property
    def registers(self) -> Mapping[str, int]:
        """The width in bits of each register, by its lower-case name."""

    def register(self, name: str) -> int:
        """Its value."""

    def set_register(self, name: str, value: int) -> bool:
        """Set it; False where that cannot be, as for the program counter in the middle of an instruction."""

    def read(self, address: int, size: int) -> bytes:
        """Memory, as `Machine.read`."""

    def write(self, address: int, data: bytes) -> None:
        """Memory, as `Machine.write`."""

    def break_at(self, address: int, on: bool) -> bool:
        """Stop before the instruction there, or do not any more. False where there is no room for another."""

    def watch_data(self, address: int, size: int, *, loads: bool, stores: bool, on: bool) -> bool:
        """Stop before an instruction of the core reads or writes one of these bytes. False as `break_at`."""

    def position(self) -> tuple[int, int]:
        """Instructions executed, and virtual time in nanoseconds, both since reset."""
