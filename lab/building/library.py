"""TFLM as a static library for one core, compiled once for each source, compiler and set of flags."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from lab import places
from lab.building import cmake, store, tflm
from lab.building.store import OnStage, silently
from lab.building.tflm import Source
from lab.building.toolchain import Toolchain
from lab.target import Target

_LIBRARY = "libtflm.a"


def core_flags(target: Target, names: Mapping[Path, str]) -> str:
    """The core's flags, and what keeps this machine's folders out of debug information and so out of the image."""
    hidden = [f"-ffile-prefix-map={folder}={name}" for folder, name in names.items()]
    return shlex.join([*target.core.flags, *hidden])


def library(target: Target, toolchain: Toolchain, source: Source, on_stage: OnStage = silently) -> Path:
    """`libtflm.a` in the user cache, compiled where it is not there yet. Raises what `cmake.build` raises."""
    firmware = places.project() / "firmware"
    recipe = firmware / "third_party" / "tflm"
    toolchain_file = firmware / "toolchains" / target.toolchain.file

    def name() -> str:
        files = [*(file for file in recipe.rglob("*") if file.is_file()), toolchain_file]
        return store.key(
            source.key, tflm.source().key, toolchain.hash, *target.core.flags, store.content_of(firmware, files)
        )

    def make(folder: Path) -> None:
        on_stage(f"compiling TFLM ({source.version}) for {target.core.name}, once")
        work = folder / "work"
        settings: dict[str, str | Path] = {
            "CMAKE_TOOLCHAIN_FILE": toolchain_file,
            "LAB_TFLM_ROOT": source.root,
            "LAB_FRONTEND_ROOT": source.frontend,
            "LAB_CORE_FLAGS": core_flags(target, {source.frontend: "frontend", recipe: "recipe", work: "build"}),
        }
        cmake.build(recipe, work, settings)
        (work / _LIBRARY).rename(folder / _LIBRARY)
        shutil.rmtree(work)

    return store.entry("library", name, make) / _LIBRARY
