"""What the lab needs on this machine: every component with its version, where it is, and what to do if it is amiss."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from lab import places, target
from lab.building import processes, tflm, tools
from lab.errors import LabError, ToolMissing

Use = Literal["build", "emulate", "compare", "train", "renode"]
Status = Literal["ok", "missing"]

USES: dict[Use, str] = {
    "build": "build firmware",
    "emulate": "run it on the built-in engine",
    "compare": "compare the device with the host",
    "train": "train models (optional)",
    "renode": "open the platforms in Renode by hand (optional)",
}
OPTIONAL: frozenset[Use] = frozenset({"train", "renode"})

_DISTRIBUTION = "tinyml-device-lab"
_OLDEST_PYTHON, _NEWEST_PYTHON = (3, 10), (3, 13)
_USES_OF_PACKAGES: dict[str, Use] = {"unicorn": "emulate", "tflite-micro": "compare", "tflite": "build"}
_NEEDED_BYTES = 500 * 2**20


@dataclass(frozen=True)
class Component:
    """One thing that `use` needs; `remedy` is empty where nothing has to be done."""

    name: str
    use: Use
    status: Status
    version: str = ""
    path: str = ""
    remedy: str = ""


@dataclass(frozen=True)
class Diagnosis:
    """Every component of this machine."""

    components: tuple[Component, ...]

    def lacks(self, use: Use) -> list[str]:
        """Names of the components that are missing for a use; nothing runs where building's are."""
        return [one.name for one in self.components if one.use == use and one.status == "missing"]

    @property
    def ready(self) -> bool:
        """Whether everything that is not optional is there."""
        return not any(self.lacks(use) for use in USES if use not in OPTIONAL)


def examine() -> Diagnosis:
    """Look at this machine. Takes a second or so: every compiler is asked for its version."""
    return Diagnosis(
        (
            _python(),
            _machine(),
            *_packages(),
            _tool(tools.CMAKE, "build"),
            _tool(tools.NINJA, "build"),
            *_cross_compilers(),
            *_tflm(),
            _tool(tools.HOST_COMPILER, "compare"),
            _tool(tools.HOST_C_COMPILER, "emulate"),
            _cache(),
            _package(
                "tensorflow",
                "train",
                "In a checkout: pip install -e '.[train]'; elsewhere: pip install 'tinyml-device-lab[train]'.",
            ),
            _renode(),
        )
    )


def _python() -> Component:
    fits = _OLDEST_PYTHON <= sys.version_info[:2] <= _NEWEST_PYTHON
    return Component(
        "Python",
        "build",
        "ok" if fits else "missing",
        platform.python_version(),
        sys.executable,
        "" if fits else "Use CPython 3.10 to 3.13.",
    )


def _machine() -> Component:
    system = f"{platform.system()} {platform.machine()}"
    supported = (platform.system(), platform.machine()) == ("Linux", "x86_64")
    remedy = "" if supported else "The host's TFLM interpreter has wheels for Linux x86-64 only."
    return Component("Linux x86-64", "compare", "ok" if supported else "missing", system, "", remedy)


def _packages() -> Iterator[Component]:
    """The Python packages of the base install, as the installed lab itself lists them."""
    for requirement in metadata.requires(_DISTRIBUTION) or []:
        name, _, marker = requirement.partition(";")
        # tflite-micro is looked for where its marker leaves it out too: there, this is what is missing.
        if "extra ==" in marker or ("python_version" in marker and sys.version_info >= (3, 11)):
            continue
        package = re.split(r"[^A-Za-z0-9._-]", name.strip(), maxsplit=1)[0]
        yield _package(package, _USES_OF_PACKAGES.get(package, "build"), f"Type: pip install {package}")


def _package(name: str, use: Use, remedy: str) -> Component:
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return Component(name, use, "missing", remedy=remedy)
    return Component(name, use, "ok", found.version, str(found.locate_file("")))


def _tool(program: tools.Program, use: Use) -> Component:
    def look() -> tuple[str, Path]:
        tool = tools.require(program)
        return ".".join(map(str, tool.number)) or tool.version, tool.path

    return _looked_for(program.name, use, look)


def _cross_compilers() -> Iterator[Component]:
    """Each toolchain that a target names, with its C and C++ libraries."""
    seen = set()
    for board in map(target.load, target.names()):
        prefix = board.toolchain.prefix
        if prefix in seen:
            continue
        seen.add(prefix)
        compiler = tools.cross_compiler(prefix)
        yield _tool(compiler, "build")
        yield _library("newlib", "libc.a", compiler, board)
        yield _library("libstdc++", "libstdc++.a", compiler, board)


def _library(name: str, file: str, compiler: tools.Program, board: target.Target) -> Component:
    def look() -> tuple[str, Path]:
        return "", tools.library(tools.require(compiler), file, board.core.flags).resolve()

    return _looked_for(f"{board.toolchain.prefix}{name}", "build", look)


def _tflm() -> Iterator[Component]:
    """TFLM's sources; cargo is needed only until they are fetched."""
    fetched = tflm.fetched()
    cargo = _tool(tools.CARGO, "build")
    if fetched is None:
        yield cargo
        if cargo.status == "ok":
            yield Component("TFLM", "build", "ok", tflm.pinned_version(), "fetched by the first build")
        return
    if cargo.status == "ok":
        yield cargo
    yield Component("TFLM", "build", "ok", tflm.pinned_version(), str(fetched))


def _cache() -> Component:
    def look() -> tuple[str, Path]:
        folder = places.cache()
        if not os.access(folder, os.W_OK):
            raise LabError("", remedy=f"{folder} cannot be written: set LAB_CACHE to a folder you own.")
        free = shutil.disk_usage(folder).free
        if free < _NEEDED_BYTES:
            raise LabError("", remedy=f"{folder} has {free // 2**20} MB left: free some, or set LAB_CACHE.")
        return f"{free / 2**30:.1f} GB free", folder

    return _looked_for("cache", "build", look)


def _renode() -> Component:
    path = shutil.which("renode")
    if path is None:
        return Component("renode", "renode", "missing", remedy="Nothing in this version needs it; install 1.17.0.")
    answer = processes.run([path, "--version"])
    return Component("renode", "renode", "ok", answer.output.strip().partition("\n")[0], path)


def _looked_for(name: str, use: Use, look: Callable[[], tuple[str, Path]]) -> Component:
    try:
        version, path = look()
    except ToolMissing as error:
        return Component(name, use, "missing", remedy=f"{error.message} {error.remedy}")
    except LabError as error:
        return Component(name, use, "missing", remedy=error.remedy or error.message)
    return Component(name, use, "ok", version, str(path))
