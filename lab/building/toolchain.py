"""A target's cross compiler: whether it is whole, and its identity."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lab.building import tools
from lab.errors import ToolMissing
from lab.target import Target

_NEEDED = ("libgcc.a", "libc.a", "libm.a", "libstdc++.a")
_LINKED_IN = (*_NEEDED, "libc_nano.a", "libstdc++_nano.a")
_HASH_DIGITS = 16


@dataclass(frozen=True)
class Toolchain:
    """`hash` covers compiler, assembler, linker and the libraries that end up in the image for this core.

    Two images of one source are alike, and their instruction counts comparable, if their toolchains' hashes are.
    """

    version: str
    hash: str
    flags: tuple[str, ...]


def examine(target: Target) -> Toolchain:
    """The toolchain that `target.toml` names. Raises ToolMissing if it, newlib or libstdc++ is not installed."""
    program = tools.cross_compiler(target.toolchain.prefix)
    compiler = tools.require(program)
    flags = target.core.flags
    linker = tools.require(tools.linker(target.toolchain.prefix))
    digest = hashlib.sha256(f"{compiler.version}\n{linker.version}\n".encode())
    for library in _libraries(compiler, flags):
        digest.update(library.read_bytes())
    return Toolchain(compiler.version, digest.hexdigest()[:_HASH_DIGITS], flags)


def _libraries(compiler: tools.Tool, flags: tuple[str, ...]) -> list[Path]:
    found = []
    for name in _LINKED_IN:
        try:
            found.append(tools.library(compiler, name, flags))
        except ToolMissing:
            if name in _NEEDED:
                raise
    return found
