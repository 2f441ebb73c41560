"""From a probe's source file to its ELF, with the same flags always: the same compiler gives the same image."""

from __future__ import annotations

import re
from pathlib import Path

from lab import processes, store
from lab.building import tools
from lab.conformance import probe
from lab.elf import Firmware
from lab.errors import BuildError
from lab.target import Target

_FLAGS = ("-O1", "-g", "-Wall", "-Wextra", "-ffreestanding", "-nostdlib", "-nostartfiles")
_KIND = "probes"
_INCLUDED = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def compiled(target: Target, name: str) -> Firmware:
    """The probe of that name, from the user's cache where it is there. Raises ToolMissing, BuildError, StorageError."""
    compiler = tools.require(tools.cross_compiler(target.toolchain.prefix))
    folder = probe.folder(target)

    def key() -> str:
        return f"{name}-{target.name}-{store.key(compiler.version, sources(target, name))}"

    def make(made: Path) -> None:
        _compile(compiler, target, folder / f"{name}.c", made / f"{name}.elf")

    return Firmware(store.entry(_KIND, key, make) / f"{name}.elf")


def sources(target: Target, name: str) -> str:
    """A hash of all that makes the probe, but for the compiler."""
    folder = probe.folder(target)
    files = {folder / "probe.ld", *_with_headers(folder / f"{name}.c")}
    return store.key(*target.core.flags, *_FLAGS, store.content_of(folder, files))


def _with_headers(source: Path) -> set[Path]:
    """That file and the headers beside it that it includes, and those that they include."""
    found, unread = {source}, [source]
    while unread:
        included = _INCLUDED.findall(unread.pop().read_text())
        new = {header for name in included if (header := source.with_name(name)).exists()} - found
        found |= new
        unread += new
    return found


def _compile(compiler: tools.Tool, target: Target, source: Path, elf: Path) -> None:
    hidden = f"-ffile-prefix-map={source.parent}=."  # the checkout's place is no part of the ELF
    command: list[str | Path] = [
        compiler.path,
        *target.core.flags,
        *_FLAGS,
        hidden,
        "-T",
        source.with_name("probe.ld"),
        source,
    ]
    done = processes.run([*command, "-lgcc", "-o", elf], folder=elf.parent)
    if done.status != 0:
        raise BuildError(
            f"The probe {source} does not compile.",
            remedy="What the compiler said is above.",
            details=done.output,
        )
