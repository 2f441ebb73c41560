"""A target's cross compiler: whether it is whole, and its identity."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lab.building import tools
from lab.errors import ToolMissing
from lab.target import Target

_NEEDED = ("libgcc.a", "libc.a", "libm.a")
_CPP_NEEDED = "libstdc++.a"
_PERHAPS = ("libc_nano.a", "libstdc++_nano.a")
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
    """The toolchain that `target.toml` names. Raises ToolMissing if it, its C or its C++ library is not installed."""
    prefix, lender = target.toolchain.prefix, target.toolchain.cpp_headers_of
    compiler = tools.require(tools.cross_compiler(prefix))
    flags = target.core.flags
    linker = tools.require(tools.linker(prefix))
    digest = hashlib.sha256(f"{compiler.version}\n{linker.version}\n".encode())
    for library in _libraries(compiler, flags, (*_NEEDED, *(() if lender else (_CPP_NEEDED,)))):
        digest.update(library.read_bytes())
    if lender:
        digest.update(tools.require(tools.cross_compiler(lender)).version.encode())
    return Toolchain(compiler.version, digest.hexdigest()[:_HASH_DIGITS], flags)


def _libraries(compiler: tools.Tool, flags: tuple[str, ...], needed: tuple[str, ...]) -> list[Path]:
    found = [tools.library(compiler, name, flags) for name in needed]
    for name in _PERHAPS:
        with suppress(ToolMissing):
            found.append(tools.library(compiler, name, flags))
    return found
