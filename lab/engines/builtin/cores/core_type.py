"""What the rest of the engine asks of a kind of core."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from lab.engines.builtin.description import Entry
from lab.engines.builtin.shim import Core, Fault
from lab.image import Image


@dataclass(frozen=True)
class CoreType(ABC):
    """One kind of core. `model` is Unicorn's number for it."""

    title: str
    model: int

    architecture: ClassVar[int]
    """Its index in core.c."""
    page: ClassVar[int]
    """Memories and devices start and end at a multiple of so many bytes."""
    registers: ClassVar[Mapping[str, int]]
    """Unicorn's number of each register by its lower-case name; `pc` and `sp` are among them."""
    family: ClassVar[str]
    """As a debugger knows it."""
    widths: ClassVar[Mapping[str, int]]
    """Bits of each register that a debugger may see: those of `registers`, and what `state` has."""
    writes: ClassVar[Mapping[str, int]] = {}
    """Unicorn's number of a register to be written, where it is another one than to be read."""
    state: ClassVar[frozenset[str]] = frozenset()
    """Registers that are fields of the core's own state."""
    reads_vectors: ClassVar[bool] = False
    """Whether it begins with what memory holds at the start of a vector table."""
    attributes: ClassVar[tuple[str, ...]]
    """What a platform description may say of it."""
    only: ClassVar[Mapping[str, tuple[object, ...]]] = {}
    """The values that some of these may have."""

    def initialise(self, core: Core) -> None:  # noqa: B027 - not every kind has something to set
        """Set what of the core's state tells this kind from its relatives."""

    def described(self, cpu: Entry) -> CoreType:  # noqa: ARG002
        """The same core as an entry of a description has it."""
        return self

    def with_single_precision(self) -> CoreType:
        """The same core in a chip whose FPU has no double precision."""
        return self

    @property
    def cpu(self) -> str | None:
        """What GNU's assembler calls it; None for RISC-V, which it knows by its instruction set."""
        return self.title.lower() if self.family == "cortex-m" else None

    @abstractmethod
    def start(self, firmware: Image) -> int:
        """Where a reset begins: what `struct architecture.reset` is given."""

    def drive(self, core: Core, line: int, level: bool) -> None:  # noqa: B027
        """Input `line` of the core itself is driven; a core without inputs of its own ignores it."""

    @abstractmethod
    def handler(self, number: int) -> str:
        """The name of what runs while `Core.running` is `number`, not 0."""

    @abstractmethod
    def fault(self, fault: Fault, what: Callable[[int], str]) -> tuple[str, str]:
        """Name and causes of a fault; the causes may be empty. `what` says of an address what the board has there."""

    @abstractmethod
    def no_handler(self, number: int) -> str:
        """That the exception `number` has no handler, as a sentence without its full stop."""
