"""Static libraries for one core, TFLM and kernels: compiled once for each source, compiler and set of flags."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab import places
from lab.building import cmake, store, tflm
from lab.building.kernels import Kernels
from lab.building.store import OnStage, silently
from lab.building.tflm import Source
from lab.building.toolchain import Toolchain
from lab.target import Target


def core_flags(target: Target, names: Mapping[Path, str]) -> str:
    """The core's flags, and what keeps this machine's folders out of debug information and so out of the image."""
    hidden = [f"-ffile-prefix-map={folder}={name}" for folder, name in names.items()]
    return shlex.join([*target.core.flags, *hidden])


@dataclass(frozen=True)
class _Sources:
    """What `lib<recipe>.a` of the project `firmware/third_party/<recipe>` is made of.

    `content` is the hash of the sources; `names` are what folders are called in debug information.
    """

    recipe: str
    title: str
    content: str
    settings: Mapping[str, str | Path]
    names: Mapping[Path, str]


def library(target: Target, toolchain: Toolchain, source: Source, on_stage: OnStage = silently) -> Path:
    """`libtflm.a` in the user cache, compiled where it is not there yet. Raises what `cmake.build` raises."""
    sources = _Sources(
        "tflm",
        f"TFLM ({source.version})",
        store.key(source.key, tflm.source().key),
        {"LAB_TFLM_ROOT": source.root, "LAB_FRONTEND_ROOT": source.frontend},
        {source.frontend: "frontend"},
    )
    return _compiled(sources, target, toolchain, on_stage)


def of_kernels(target: Target, toolchain: Toolchain, kernels: Kernels, on_stage: OnStage = silently) -> Path | None:
    """The library of those kernels in the user cache, or None for TFLM's own. Raises what `cmake.build` raises."""
    if kernels.library is None or kernels.root is None:
        return None
    sources = _Sources(
        kernels.library.folder,
        kernels.version,
        kernels.key,
        {"LAB_KERNELS_ROOT": kernels.root, "LAB_KERNELS_EXTRA": kernels.extra or ""},
        {kernels.root: "kernels"},
    )
    return _compiled(sources, target, toolchain, on_stage)


def _compiled(sources: _Sources, target: Target, toolchain: Toolchain, on_stage: OnStage) -> Path:
    firmware = places.project() / "firmware"
    recipe = firmware / "third_party" / sources.recipe
    toolchain_file = firmware / "toolchains" / target.toolchain.file
    archive = f"lib{sources.recipe}.a"

    def name() -> str:
        files = [*(file for file in recipe.rglob("*") if file.is_file()), toolchain_file]
        return store.key(sources.content, toolchain.hash, *target.core.flags, store.content_of(firmware, files))

    def make(folder: Path) -> None:
        on_stage(f"compiling {sources.title} for {target.core.name}, once")
        work = folder / "work"
        flags = core_flags(target, {**sources.names, recipe: "recipe", work: "build"})
        cmake.build(recipe, work, {"CMAKE_TOOLCHAIN_FILE": toolchain_file, "LAB_CORE_FLAGS": flags, **sources.settings})
        (work / archive).rename(folder / archive)
        shutil.rmtree(work)

    return store.entry("library", name, make) / archive
