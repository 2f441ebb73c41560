"""Compilers, build tools and TFLM's sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lab import target
from lab.building import tflm, tools, upstream
from lab.doctor.component import Component, Use, looked_for
from lab.errors import LabError

_LATER = Path("fetched by the first build")


def components() -> Iterator[Component]:
    """Every program that one of the uses needs."""
    yield _tool(tools.CMAKE, "build")
    yield _tool(tools.NINJA, "build")
    yield from _cross_compilers()
    yield from _tflm()
    yield _tool(tools.HOST_COMPILER, "compare")
    yield _tool(tools.HOST_C_COMPILER, "emulate")


def _tool(program: tools.Program, use: Use) -> Component:
    def look() -> tuple[str, Path]:
        tool = tools.require(program)
        return ".".join(map(str, tool.number)) or tool.version, tool.path

    return looked_for(program.name, use, program.purpose, look)


def _cross_compilers() -> Iterator[Component]:
    """Each toolchain that a target names, with its C and C++ libraries."""
    seen = set()
    try:
        boards = [target.load(name) for name in target.names()]
    except LabError as error:
        yield Component("targets", "build", "the boards", "unusable", remedy=f"{error.message} {error.remedy}")
        return
    for board in boards:
        prefix = board.toolchain.prefix
        if prefix in seen:
            continue
        seen.add(prefix)
        use: Use = "riscv" if prefix.startswith("riscv") else "build"
        compiler = tools.cross_compiler(prefix)
        yield _tool(compiler, use)
        c_library = "picolibc" if use == "riscv" else "newlib"
        yield _library(f"{prefix}{c_library}", use, "libc.a", "the firmware's C library", board)
        if not board.toolchain.cpp_headers_of:
            yield _library(f"{prefix}libstdc++", use, "libstdc++.a", "the firmware's C++ library", board)


def _library(name: str, use: Use, file: str, purpose: str, board: target.Target) -> Component:
    def look() -> tuple[str, Path]:
        compiler = tools.require(tools.cross_compiler(board.toolchain.prefix))
        return "", tools.library(compiler, file, board.core.flags).resolve()

    return looked_for(name, use, purpose, look)


def _tflm() -> Iterator[Component]:
    """TFLM's sources; cargo is needed only until they are fetched."""
    cargo = _tool(tools.CARGO, "build")

    def look() -> tuple[str, Path]:
        return tflm.pinned_version(), tflm.fetched() or _LATER

    sources = looked_for("TFLM", "build", "TensorFlow Lite Micro's sources", look)
    if cargo.status == "ok" or sources.path in ("", str(_LATER)):
        yield cargo
    yield sources
    yield looked_for(f"{upstream.NAME} sources", "upstream", "TFLM with the operators of today", _upstream)


def _upstream() -> tuple[str, Path]:
    tree = tflm.root(tflm.UPSTREAM)
    return upstream.VERSION.removeprefix(f"{upstream.NAME} "), tree or Path()
