from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lab import places
from lab.building import tools

Compile = Callable[..., ctypes.CDLL]


@pytest.fixture(scope="session")
def compiled(tmp_path_factory) -> Compile:
    """Compiles C++ sources of the firmware and of its tests for this computer and loads them."""

    def compile_and_load(*sources: Path, includes: tuple[Path, ...] = (), options: tuple[str, ...] = ()) -> ctypes.CDLL:
        library = tmp_path_factory.mktemp("compiled") / "library.so"
        compiler = tools.require(tools.HOST_COMPILER)
        command = [compiler.path, "-std=c++17", "-O1", "-shared", "-fPIC", "-w", "-DNDEBUG", *options]
        command += [f"-I{folder}" for folder in (*includes, places.project() / "firmware")]
        subprocess.run([*map(str, command), *map(str, sources), "-o", str(library)], check=True)
        return ctypes.CDLL(str(library))

    return compile_and_load
