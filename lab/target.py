"""A target: one board as data, `renode_platforms/<name>/target.toml` and the `.repl` beside it."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from lab import places
from lab.configuration import Frozen, read_toml
from lab.errors import UnknownName
from lab.workload import Workload


class Core(Frozen):
    """The processor; `flags` are GCC's code generation options, `kernels` what `--kernels auto` means for it."""

    name: str
    clock_hz: int
    flags: tuple[str, ...]
    kernels: str = "reference"


class Memories(Frozen):
    """Room for the firmware on the board, in bytes."""

    flash_bytes: int = Field(gt=0)
    ram_bytes: int = Field(gt=0)


class Platform(Frozen):
    """The emulated board: the description that Renode and the built-in engine read, and full device paths in it."""

    repl: str
    cpu: str
    uart: str


class Sensor(Frozen):
    """A sensor that recordings are played into."""

    device: str
    rate_hz: int


class Toolchain(Frozen):
    """The cross compiler, by the prefix of its programs and its CMake toolchain file in `firmware/toolchains/`."""

    prefix: str
    file: str


class Target(Frozen):
    """One board. `name` and `folder` come from where the file is; sizes are bytes."""

    name: str
    folder: Path
    title: str
    hardware_faithful: bool
    core: Core
    memories: Memories
    platform: Platform
    sensors: dict[str, Sensor]
    toolchain: Toolchain
    cost_model: str

    @property
    def repl(self) -> Path:
        """The platform description."""
        return self.folder / self.platform.repl


def names() -> list[str]:
    """Every target of the project."""
    return sorted(file.parent.name for file in (places.project() / "renode_platforms").glob("*/target.toml"))


def load(name: str) -> Target:
    """The target of that name. Raises UnknownName, or ConfigurationError for a broken file."""
    if name not in names():
        raise UnknownName("target", name, names())
    folder = places.project() / "renode_platforms" / name
    return read_toml(folder / "target.toml", Target, name=name, folder=folder)


def choose(workload: Workload, name: str | None = None) -> Target:
    """The target of that name, which the workload must have; the first of the workload's where none is named.

    Raises UnknownName, or ConfigurationError for a broken file.
    """
    wanted = name or workload.targets[0]
    if wanted in names() and wanted not in workload.targets:
        raise UnknownName(f"target of {workload.name}", wanted, workload.targets)
    return load(wanted)
