"""Boards that a platform description alone describes: one of Renode's, or one that was drafted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab.engines.builtin import BuiltinEngine, repl
from lab.engines.builtin.description import Description
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.builtin.onlooker import Onlooker
from lab.engines.renode import installation
from lab.errors import ConfigurationError
from lab.image import Image
from lab.target import Target

_FAMILIES = {"EM_ARM": ("cortex-m", "an Arm"), "EM_RISCV": ("riscv", "a RISC-V")}


@dataclass(frozen=True)
class Described:
    """A board, and what its core is called in it."""

    name: str
    description: Description
    cpu: str

    @classmethod
    def of(cls, file: Path) -> Described:
        """The board of a .repl; what it uses may come with Renode. Raises ConfigurationError."""
        return cls.board(file.name, repl.read(file, below=_renodes))

    @classmethod
    def board(cls, name: str, description: Description) -> Described:
        """Raises ConfigurationError for a board that has not one core."""
        cores = [description.path(one.name) for one in description.entries.values() if one.type.startswith("CPU.")]
        if len(cores) != 1:
            raise ConfigurationError(
                f"{name} has {len(cores)} cores; the built-in engine emulates one.",
                remedy="Leave the others out of the description.",
                code="platform-description",
            )
        return cls(name, description, cores[0])


Board = Target | Described


def machine(board: Board, image: Image, onlooker: Onlooker, names: Path | None = None) -> BuiltinMachine:
    """The board, with stubs where a description alone has devices without a model.

    Raises ConfigurationError as BuiltinMachine does, and where the image is for another kind of core.
    """
    if isinstance(board, Target):
        return BuiltinEngine().machine(board, onlooker=onlooker, names=names)
    made = BuiltinMachine(board.description, cpu=board.cpu, uart=None, onlooker=onlooker, names=names, stub=True)
    family, spoken = _FAMILIES.get(image.machine, (made.kind.family, ""))
    if family != made.kind.family:
        made.close()
        raise ConfigurationError(
            f"{image.path} is for {spoken} core; {board.name} has {made.kind.title}.",
            remedy="Name a description of its own chip.",
            code="elf-core",
        )
    return made


def _renodes() -> tuple[Path, ...]:
    found = installation.files()
    return (found,) if found else ()
