"""From application, target and model to a firmware image."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lab import places, store
from lab.building import cmake, generated, kernels, library, operators, tflm, toolchain
from lab.building.application import Application, Sensing
from lab.building.recorder import Recorder
from lab.elf import Firmware
from lab.errors import BuildError, ModelError
from lab.model import Model
from lab.store import OnStage, silently
from lab.target import Target
from lab.workload import Workload

_BUILDS, _IMAGES = "firmware", "images"
_LEAST_CODE_BYTES = 24_576
"""What no image is below without its model: that of a single RESHAPE has 33,660 bytes of code on `nano33ble`."""
_FLASH_OVERFLOW = re.compile(r"region `(?!\w*RAM)\w+' overflowed by (?P<bytes>\d+) bytes")


@dataclass(frozen=True)
class Build:
    """A firmware image in the user cache, under its content's hash: later builds leave it as it is.

    `seconds` is the host time that it took; the toolchain's hash says which instruction counts can be compared.
    """

    elf: Path
    map: Path
    toolchain: toolchain.Toolchain
    tflm_version: str
    kernels: kernels.Kernels
    seconds: float

    @cached_property
    def firmware(self) -> Firmware:
        """The image, read."""
        return Firmware(self.elf)

    @property
    def provenance(self) -> dict[str, str]:
        """What the image was made with, for a result."""
        return {
            "toolchain": self.toolchain.version,
            "toolchain_hash": self.toolchain.hash,
            "core_flags": " ".join(self.toolchain.flags),
            "tflm": self.tflm_version,
            "kernels": self.kernels.version,
        }


def build(
    workload: Workload,
    target: Target,
    model: Model,
    *,
    tflm_root: Path | None = None,
    kernels_name: str = kernels.AUTO,
    kernels_root: Path | None = None,
    arena_bytes: int | None = None,
    recorder: Recorder | None = None,
    on_stage: OnStage = silently,
) -> Build:
    """Build the workload's application for the target, with a flight recorder if one is given. `arena_bytes` takes the
    place of the workload's own, and has to be given where that is "auto". Raises as `image` does, ConfigurationError,
    and UsageError for a recorder that the board has no room for.
    """
    arena = workload.arena_bytes if arena_bytes is None else arena_bytes
    if arena is None:
        raise ValueError(f"The arena of {workload.name} has to be found first: lab.measuring.arena.size does.")
    return image(
        Sensing(workload, recorder),
        target,
        model,
        arena,
        tflm_root=tflm_root,
        kernels_name=kernels_name,
        kernels_root=kernels_root,
        on_stage=on_stage,
    )


def image(
    application: Application,
    target: Target,
    model: Model,
    arena_bytes: int,
    *,
    tflm_root: Path | None = None,
    kernels_name: str = kernels.AUTO,
    kernels_root: Path | None = None,
    on_stage: OnStage = silently,
) -> Build:
    """Build an application for the target, with the model in flash; only what changed is compiled.

    `kernels_name` is one of `kernels.NAMES`, `kernels_root` a tree of that library. Raises ToolMissing, DownloadError,
    StorageError, ModelError (an operator TFLM lacks) and BuildError (the compiler's words in `details`).
    """
    began = time.monotonic()
    chosen = kernels.choose(target, kernels_name, kernels_root)
    compilers = toolchain.examine(target)
    source = tflm.source(tflm_root, on_stage)
    operators.used(model, source)  # an operator that TFLM lacks is known before minutes of compiling
    if model.size + _LEAST_CODE_BYTES > target.memories.flash_bytes:
        raise _beyond_flash(model, target, _LEAST_CODE_BYTES, "at least ")
    libraries = [str(file) for file in library.linked(target, compilers, source, chosen, on_stage)]
    on_stage(f"building {application.name} for {target.name}")
    firmware = places.project() / "firmware"
    recording = {"LAB_RECORDER": "ON"} if application.records else {}
    name = store.key(str(firmware), *libraries, model.crc, *recording)
    folder = store.folder_of(_BUILDS) / f"{application.name}-{target.name}-{name}"
    with store.locked(folder):
        generated.write(folder / "generated", application.headers(target), model, arena_bytes, source, chosen)
        settings: dict[str, str | Path] = {
            "CMAKE_TOOLCHAIN_FILE": firmware / "toolchains" / target.toolchain.file,
            "LAB_TARGET": target.name,
            "LAB_APPLICATION": application.folder,
            "LAB_NAME": application.name,
            "LAB_SENSOR": application.sensor,
            **source.settings,
            "LAB_LIBRARIES": ";".join(libraries),
            "LAB_CORE_FLAGS": library.core_flags(target, {source.frontend: "frontend"}),
            "LAB_GENERATED": folder / "generated",
            **recording,
        }
        _build(firmware, folder / "build", settings, model, target)
        elf, listing = _publish(application.name, target, folder / "build")
        store.used(folder)
    for kind in (_BUILDS, _IMAGES):
        store.forget_unused(kind)
    return Build(elf, listing, compilers, source.version, chosen, time.monotonic() - began)


def _build(firmware: Path, folder: Path, settings: Mapping[str, str | Path], model: Model, target: Target) -> None:
    """Raises as `cmake.build`, and ModelError where model and code are larger than the flash."""
    try:
        cmake.build(firmware, folder, settings, link=folder.with_name("source"))
    except BuildError as error:
        if overflow := _FLASH_OVERFLOW.search(error.details):
            needed = target.memories.flash_bytes + int(overflow["bytes"])
            raise _beyond_flash(model, target, needed - model.size) from error
        raise


def _beyond_flash(model: Model, target: Target, code: int, bound: str = "") -> ModelError:
    flash = target.memories.flash_bytes
    return ModelError(
        f"{model.path} needs {bound}{model.size + code:,} bytes of flash on {target.name}: the model {model.size:,}, "
        f"code {bound}{code:,}; the board has {flash:,}.",
        remedy="Make the model smaller (int8 takes a quarter of float32), or name a target with more flash.",
        code="model-beyond-flash",
    )


def _publish(application: str, target: Target, built: Path) -> tuple[Path, Path]:
    """Keep the image under its content's hash, so that a run in progress never sees the next build's."""
    elf, listing = (built / f"{application}{suffix}" for suffix in (".elf", ".map"))
    name = f"{application}-{target.name}-{store.key(elf.read_bytes(), str(built))}"

    def make(folder: Path) -> None:
        shutil.copyfile(elf, folder / elf.name)
        shutil.copyfile(listing, folder / listing.name)

    kept = store.entry(_IMAGES, lambda: name, make)
    return kept / elf.name, kept / listing.name
