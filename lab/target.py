"""A target: one board as data, `renode_platforms/<name>/target.toml` and the `.repl` beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, model_validator
from typing_extensions import Self

from lab import places
from lab.configuration import Frozen, read_toml
from lab.errors import UnknownName, UsageError
from lab.workload import Workload

FILE = "target.toml"
ALL = "all"
"""Names every target of a workload, where one may be named."""

_XTENSA = ("esp8266", "esp32", "esp32s2", "esp32s3")


class Core(Frozen):
    """The processor; `flags` are GCC's code generation options, `kernels` what `--kernels auto` means for it."""

    name: str
    clock_hz: int = Field(gt=0)
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
    """A sensor that recordings are played into, by the full path of its device.

    Its rate is either fixed, `rate_hz` samples a second, or set by firmware to one of `rates_hz`. `ranges` are those
    that it can be set to, each by its largest value in `unit`. A value has at most `bits` bits.
    """

    device: str
    rate_hz: int | None = Field(default=None, gt=0)
    rates_hz: tuple[float, ...] = ()
    ranges: tuple[float, ...] = ()
    unit: str = ""
    bits: int = Field(default=16, ge=2, le=16)

    @model_validator(mode="after")
    def _has_rates(self) -> Self:
        if (self.rate_hz is None) is not bool(self.rates_hz):
            raise ValueError("a sensor has either rate_hz or rates_hz")
        for numbers in (self.rates_hz, self.ranges):
            if any(number <= 0 for number in numbers) or list(numbers) != sorted(set(numbers)):
                raise ValueError("rates_hz and ranges are positive, each once, the lowest first")
        return self

    def rate_for(self, wanted_hz: float) -> float | None:
        """The rate that firmware sets for a workload of that rate: the lowest that is not below it, None without one.

        A fixed rate is for workloads of the very same rate.
        """
        if self.rate_hz is not None:
            return self.rate_hz if self.rate_hz == wanted_hz else None
        return next((rate for rate in self.rates_hz if rate >= wanted_hz), None)


class Recorder(Frozen):
    """What the board has room for beside the firmware: bytes for samples and inferences of a flight recorder."""

    bytes: int = Field(ge=1_024)


class Toolchain(Frozen):
    """The cross compiler, by the prefix of its programs and its CMake toolchain file in `firmware/toolchains/`.

    `cpp_headers_of` is the prefix of the one that lends its C++ headers to a compiler without a C++ library.
    """

    prefix: str
    file: str
    cpp_headers_of: str = ""


class Target(Frozen):
    """One board. `name` and `folder` come from where the file is; sizes are bytes.

    `hardware_faithful` says that the image would run on the real board as it is; `stand_ins` what keeps it from that,
    a phrase each: "a microphone that no such board has".
    `cost_model` names a table of `renode_platforms/cost_models`, `memory_model` one of its folder `memories`, and
    `calibration` a file beside this one with what boards took of those cycles.
    """

    name: str
    folder: Path
    title: str
    hardware_faithful: bool
    stand_ins: tuple[str, ...] = ()
    core: Core
    memories: Memories
    platform: Platform
    sensors: dict[str, Sensor]
    toolchain: Toolchain
    cost_model: str
    memory_model: str | None = Field(default=None, min_length=1)
    calibration: str | None = Field(default=None, min_length=1)
    recorder: Recorder | None = None

    @model_validator(mode="after")
    def _says_what_stands_in(self) -> Self:
        if self.hardware_faithful == bool(self.stand_ins):
            raise ValueError("hardware_faithful = false needs stand_ins, which say why; a faithful board has none")
        return self

    @property
    def file(self) -> Path:
        """Its target.toml."""
        return self.folder / FILE

    @property
    def repl(self) -> Path:
        """The platform description."""
        return self.folder / self.platform.repl

    def with_memories(self, name: str) -> Self:
        """The same board with the memories of another model, for which it is not calibrated."""
        return self.uncalibrated().model_copy(update={"memory_model": name})

    def uncalibrated(self) -> Self:
        """The same board, with cycles as the tables give them."""
        return self.model_copy(update={"calibration": None})


def names() -> list[str]:
    """Every target of the project."""
    return sorted(file.parent.name for file in (places.project() / "renode_platforms").glob(f"*/{FILE}"))


def load(name: str) -> Target:
    """The target of that name.

    Raises UnknownName, UsageError for a chip that no engine can be, or ConfigurationError for a broken file.
    """
    if name not in names():
        raise _without_engine(name) if _plain(name) in _XTENSA else UnknownName("target", name, names())
    folder = places.project() / "renode_platforms" / name
    return read_toml(folder / FILE, Target, name=name, folder=folder)


def choose(workload: Workload, name: str | None = None) -> Target:
    """The target of that name, which the workload must have; the first of the workload's where none is named.

    Raises what `load` raises.
    """
    wanted = name or workload.targets[0]
    if wanted in names() and wanted not in workload.targets:
        raise UnknownName(f"target of {workload.name}", wanted, workload.targets)
    return load(wanted)


def chosen(workload: Workload, named: Iterable[str]) -> list[Target]:
    """The targets of those names, each once: every target of the workload for "all", its first where none is named.

    Raises what `load` raises.
    """
    wanted = list(named) or [workload.targets[0]]
    every = [board for name in wanted for board in (workload.targets if name == ALL else (name,))]
    return [choose(workload, name) for name in dict.fromkeys(every)]


def of_project(named: Iterable[str]) -> list[Target]:
    """The targets of those names, each once: every target of the project for "all", or where none is named.

    Raises what `load` raises.
    """
    every = [board for name in list(named) or [ALL] for board in (names() if name == ALL else (name,))]
    return [load(name) for name in dict.fromkeys(every)]


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _without_engine(chip: str) -> UsageError:
    return UsageError(
        f"{chip} has an Xtensa core, which the lab cannot emulate: the built-in engine has no such core, and Renode "
        "has the core without the chip's devices.",
        remedy="Of Espressif's chips the lab has the ESP32-C3, which is RISC-V: --target esp32c3.",
        code="xtensa",
    )
