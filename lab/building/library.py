"""Static libraries for one core, TFLM and kernels: compiled once for each source, compiler and set of flags."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab import places, store
from lab.building import cmake, tflm
from lab.building.kernels import Kernels
from lab.building.tflm import Source
from lab.building.toolchain import Toolchain
from lab.store import OnStage, silently
from lab.target import Target


def core_flags(target: Target, names: Mapping[Path, str]) -> str:
    """The core's flags, and what keeps this machine's folders out of debug information and so out of the image."""
    hidden = [f"-ffile-prefix-map={folder}={name}" for folder, name in names.items()]
    return shlex.join([*target.core.flags, *hidden])


@dataclass(frozen=True)
class _Recipe:
    """A CMake project in `folder`, below `firmware/`, that makes `lib<name>.a`.

    `content` is the hash of sources that lie elsewhere, `shared` are files of `firmware/` that the project includes;
    `names` are what folders are called in debug information.
    """

    folder: str
    name: str
    title: str
    content: str
    settings: Mapping[str, str | Path]
    names: Mapping[Path, str]
    shared: tuple[str, ...] = ()

    def files(self, firmware: Path) -> list[Path]:
        """All that it consists of in `firmware`."""
        own = (file for file in (firmware / self.folder).rglob("*") if file.is_file())
        return [*own, *(file for pattern in self.shared for file in firmware.glob(pattern))]


def linked(
    target: Target, toolchain: Toolchain, source: Source, kernels: Kernels, on_stage: OnStage = silently
) -> tuple[Path, ...]:
    """The libraries of an image in the user cache, as the linker takes them; compiled where they are not there yet.

    Raises what `cmake.build` raises.
    """
    recipes = [*_of_kernels(source, kernels), _of_tflm(source)]
    return tuple(_compiled(recipe, target, toolchain, on_stage) for recipe in recipes)


def _of_tflm(source: Source) -> _Recipe:
    return _Recipe(
        "third_party/tflm",
        "tflm",
        f"TFLM ({source.version})",
        _content(source),
        source.settings,
        {source.frontend: "frontend"},
    )


def _of_kernels(source: Source, kernels: Kernels) -> tuple[_Recipe, ...]:
    """Our registrations and the kernels that they call; nothing for TFLM's own."""
    if kernels.library is None or kernels.root is None:
        return ()
    folder = kernels.library.folder
    names = {kernels.root: "kernels", **({kernels.extra: "cmsis_core"} if kernels.extra else {})}
    settings: dict[str, str | Path] = {"LAB_KERNELS_ROOT": kernels.root, "LAB_KERNELS_EXTRA": kernels.extra or ""}
    return (
        _Recipe(
            "runtime/kernels",
            "registrations",
            f"the registrations of {kernels.version}",
            store.key(_content(source), kernels.key, folder),
            {**settings, **source.settings, "LAB_KERNELS": folder},
            {**names, source.frontend: "frontend"},
            ("*.cmake", "third_party/*/sources.cmake", "runtime/*.h"),
        ),
        _Recipe(f"third_party/{folder}", folder, kernels.version, kernels.key, settings, names),
    )


def _content(source: Source) -> str:
    return store.key(source.key, tflm.source().key)


def _compiled(recipe: _Recipe, target: Target, toolchain: Toolchain, on_stage: OnStage) -> Path:
    firmware = places.project() / "firmware"
    project = firmware / recipe.folder
    toolchain_file = firmware / "toolchains" / target.toolchain.file
    archive = f"lib{recipe.name}.a"

    def name() -> str:
        content = store.content_of(firmware, [*recipe.files(firmware), toolchain_file])
        return store.key(recipe.content, toolchain.hash, *target.core.flags, *recipe.names.values(), content)

    def make(folder: Path) -> None:
        on_stage(f"compiling {recipe.title} for {target.core.name}, once")
        work = folder / "work"
        flags = core_flags(target, {**recipe.names, project: "recipe", work: "build"})
        settings = {"CMAKE_TOOLCHAIN_FILE": toolchain_file, "LAB_CORE_FLAGS": flags, **recipe.settings}
        cmake.build(project, work, settings)
        (work / archive).rename(folder / archive)
        shutil.rmtree(work)

    return store.entry("library", name, make) / archive
