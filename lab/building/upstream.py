"""Today's TFLM: a pinned commit of tensorflow/tflite-micro with what it includes, brought by `lab setup tflm`.

A tree of these is what upstream's `create_tflm_tree.py` writes: other projects are in `third_party`, changed by the
patches that upstream has for them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import patch_ng

from lab import archive, disk, download, places, store
from lab.download import Asset, Progress
from lab.errors import DownloadError, UsageError

_COMMIT = "f5302ed4fa99b7ec697e578057a1f61445a442fe"  # of 18 March 2026; upstream has no releases
NAME = "tflite-micro"
VERSION = f"{NAME} {_COMMIT[:7]}"

_UNPACKED_BYTES = 120 * 10**6


@dataclass(frozen=True)
class _Part:
    """One archive. What patterns in `kept` name is kept of it; `patch` is the one of TFLM's files that changes it."""

    name: str
    asset: Asset
    kept: tuple[str, ...]
    patch: str = ""


# The SHA-256 of what GitHub makes of a commit, as `git archive` and gzip without a time make it too.
_PARTS = (
    _Part(
        NAME,
        Asset(
            f"https://github.com/tensorflow/tflite-micro/archive/{_COMMIT}.tar.gz",
            "f8073aa2e768f1429fe68b9d1d4b61a61496be4493d9352b9a6e56cc05052de4",
            11_355_497,
        ),
        (
            "LICENSE",
            "signal/micro",
            "signal/src",
            "tensorflow/compiler",
            "tensorflow/lite/*.h",
            "tensorflow/lite/c",
            "tensorflow/lite/core",
            "tensorflow/lite/kernels",
            "tensorflow/lite/micro",
            "tensorflow/lite/schema",
            "third_party/kissfft/kissfft.patch",
        ),
    ),
    # Versions as that commit's own scripts have them (tensorflow/lite/micro/tools/make).
    _Part(
        "flatbuffers",
        Asset(
            "https://github.com/google/flatbuffers/archive/refs/tags/v25.9.23.tar.gz",
            "9102253214dea6ae10c2ac966ea1ed2155d22202390b532d1dea64935c518ada",
            2_336_210,
        ),
        ("LICENSE", "include"),
        "tensorflow/lite/micro/tools/make/flatbuffers.patch",
    ),
    _Part(
        "gemmlowp",
        Asset(
            "https://github.com/google/gemmlowp/archive/719139ce755a0f31cbf1c37f7f98adcc7fc9f425.tar.gz",
            "f42a0a6656cdf56edaefdde9fe226c3ea6c728eabed09cb9d1702d22ec20b70d",
            822_008,
        ),
        ("LICENSE", "fixedpoint", "internal", "public"),
    ),
    _Part(
        "ruy",
        Asset(
            "https://github.com/google/ruy/archive/d37128311b445e758136b8602d1bbd2a755e115d.tar.gz",
            "1439f57c380dc157c5471992df628b6c9adcb51acbc8150ce48fb006b3fdf604",
            276_344,
        ),
        ("LICENSE", "ruy/profiler"),
    ),
    _Part(
        "kissfft",
        Asset(
            "https://github.com/mborgerding/kissfft/archive/refs/tags/v130.tar.gz",
            "1782cd90f036765523c72b521ecb1df321883d3cfca65097ba139ff60e696051",
            41_893,
        ),
        ("COPYING", "_kiss_fft_guts.h", "kiss_fft.c", "kiss_fft.h", "tools/kiss_fftr.c", "tools/kiss_fftr.h"),
        "third_party/kissfft/kissfft.patch",
    ),
)


def key() -> str:
    """A hash of all that the tree is made of."""
    return store.key(*(part.asset.sha256 for part in _PARTS), *(name for part in _PARTS for name in part.kept))


def installed() -> Path | None:
    """The folder that contains `tensorflow/lite/micro`, or None before `lab setup tflm`."""
    folder = _entry() / NAME
    return folder if folder.is_dir() else None


def set_up(by_hand: Sequence[Path], on_progress: Progress, say: Callable[[str], None]) -> Path:
    """Bring what is missing of the archives and unpack them, unless that was done, and return as `installed`.

    `by_hand` are archives that the user brought. What is not quite done leaves nothing but archives, which the next
    time goes on with. Raises UsageError for a file that is none of them, DownloadError and StorageError.
    """
    brought = dict(_identified(file) for file in by_hand)
    downloads = places.cache() / "downloads"
    with download.alone(downloads / NAME, on_wait=lambda: say("Another lab is fetching TFLM: waiting.")):
        if installed() is None:
            disk.check_room(downloads, _UNPACKED_BYTES, elsewhere=disk.FOR_THE_CACHE)
            files = _fetched(brought, downloads, on_progress)
            say(f"Unpacking {VERSION}")
            store.entry("tflm", lambda: _entry().name, partial(_unpack, files=files))
            for file in set(files.values()).difference(by_hand):
                file.unlink()
    return _entry() / NAME


def _entry() -> Path:
    return store.folder_of("tflm") / f"{NAME}-{key()}"


def _identified(file: Path) -> tuple[str, Path]:
    """The name of the part whose archive the file is, whatever the file is called, and the file."""
    try:
        found = download.sha256(file)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}.", remedy=_bring(_PARTS), code="tflm-archive"
        ) from error
    for part in _PARTS:
        if part.asset.sha256 == found:
            return part.name, file
    raise UsageError(
        f"{file} is none of the archives that {VERSION} is made of: its SHA-256 is {found}.",
        remedy=_bring(_PARTS),
        code="tflm-archive",
    )


def _fetched(brought: dict[str, Path], downloads: Path, on_progress: Progress) -> dict[str, Path]:
    """The archive of each part. Raises DownloadError that says what to bring by hand."""
    missing = [part for part in _PARTS if part.name not in brought]
    whole = sum(part.asset.size or 0 for part in missing)
    files, before = dict(brought), 0
    for part in missing:
        files[part.name] = downloads / f"{part.name}-{part.asset.sha256[:12]}.tar.gz"
        try:
            download.fetch(part.asset, files[part.name], partial(_of_all, on_progress, before, whole))
        except DownloadError as error:
            error.remedy += f" Without a network: {_bring(missing)}"
            raise
        before += part.asset.size or 0
    return files


def _of_all(on_progress: Progress, before: int, whole: int, here: int, _size: int | None) -> None:
    on_progress(before + here, whole)


def _bring(parts: Iterable[_Part]) -> str:
    addresses = " ".join(part.asset.url for part in parts)
    return f"bring these and name each with `lab setup tflm --archive FILE --archive FILE ...`: {addresses}"


def _unpack(folder: Path, files: dict[str, Path]) -> None:
    tree = folder / NAME
    itself, *included = _PARTS
    _unpack_part(itself, files[NAME], tree, b"")
    patches = {part.name: (tree / part.patch).read_bytes() if part.patch else b"" for part in included}
    shutil.rmtree(tree / "third_party")
    for part in included:
        _unpack_part(part, files[part.name], tree / "third_party" / part.name, patches[part.name])


def _unpack_part(part: _Part, file: Path, folder: Path, patch: bytes) -> None:
    whole = folder.with_name(f"{folder.name}.whole")
    archive.unpack(file, whole, elsewhere=disk.FOR_THE_CACHE, without_top=True)
    for pattern in part.kept:
        found = sorted(whole.glob(pattern))
        if not found:
            raise _damaged(part, f"there is no {pattern} in it")
        for one in found:
            kept = folder / one.relative_to(whole)
            kept.parent.mkdir(parents=True, exist_ok=True)
            one.rename(kept)
    shutil.rmtree(whole)
    if patch and not patch_ng.fromstring(patch).apply(root=folder):
        raise _damaged(part, "upstream's patch does not apply to it")


def _damaged(part: _Part, what: str) -> DownloadError:
    return DownloadError(
        f"The archive of {part.name} is not as {VERSION} needs it: {what}.",
        remedy="The lab pins archives that do not go together. Please report it.",
        code="tflm-archive-content",
    )
