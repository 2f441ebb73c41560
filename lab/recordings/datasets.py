"""Public data sets that `lab fetch` brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab import archive, disk, download, files, places
from lab.download import Asset, Progress
from lab.errors import UnknownName, UsageError
from lab.recordings import watch_exercises

_ELSEWHERE = "name another folder with --to"
_MARKER = ".complete"


@dataclass(frozen=True)
class Dataset:
    """Recordings in one archive; `unpacked_size` is what they need on the disk, in bytes.

    `prepare` makes recordings that the lab reads of what is unpacked in a
    folder, where they are not.
    """

    name: str
    title: str
    licence: str
    archive: Asset
    unpacked_size: int
    prepare: Callable[[Path], None] | None = None


_DATASETS = (
    Dataset(
        name="speech-commands",
        title="Speech Commands v0.02, test set",
        licence="CC BY 4.0, Pete Warden, 2018, arXiv 1804.03209",
        # Address, size and SHA-256 as TensorFlow Datasets publishes them, url_checksums/speech_commands.txt.
        archive=Asset(
            url="http://download.tensorflow.org/data/speech_commands_test_set_v0.02.tar.gz",
            size=112_563_277,
            sha256="cc2a00c1147c2254e9be3fa0f779d8c17421dc349b86366567a8edfa9acd51df",
        ),
        unpacked_size=180_000_000,
    ),
    Dataset(
        name="watch-exercises",
        title="Watch recordings of seglearn 1.2.5, shoulder exercises of ten people",
        licence="BSD-3-Clause, David M. Burns, 2018, arXiv 1802.01489",
        # Address, size and SHA-256 of the source archive as PyPI publishes them.
        archive=Asset(
            url="https://files.pythonhosted.org/packages/08/4b/"
            "f287b7bcbdca0e8b1bce37fed9277896207c69fed97c7495c6a557a1ddb9/seglearn-1.2.5.tar.gz",
            size=11_521_342,
            sha256="90c45b5ced6bac355016c768cb405835815c51ef794c24b4f727d0c7855266c8",
        ),
        unpacked_size=35_000_000,
        prepare=watch_exercises.prepare,
    ),
)


def names() -> list[str]:
    """Every data set that can be fetched."""
    return sorted(dataset.name for dataset in _DATASETS)


def find(name: str) -> Dataset:
    """The data set of that name. Raises UnknownName."""
    for dataset in _DATASETS:
        if dataset.name == name:
            return dataset
    raise UnknownName("data set", name, names())


def home(dataset: Dataset) -> Path:
    """Where a data set goes if nothing else is said: a folder of the user's cache."""
    return places.cache() / "datasets" / dataset.name


def is_here(dataset: Dataset, folder: Path) -> bool:
    """Whether `folder` holds the whole data set."""
    marker = folder / _MARKER
    return marker.is_file() and files.content(marker, files.MEGABYTE) == dataset.archive.sha256.encode()


def fetch(dataset: Dataset, folder: Path, on_progress: Progress, on_wait: Callable[[], None]) -> None:
    """Bring the data set to `folder`, which must not exist or be empty; nothing is done if it is there already.

    What was downloaded before an interruption is kept in the cache and completed. If another process is fetching the
    same, `on_wait` is called once and that one is waited for.
    Raises UsageError if the folder holds something else, DownloadError and StorageError.
    """
    file = places.cache() / "downloads" / f"{dataset.name}-{dataset.archive.sha256[:12]}.tar.gz"
    with download.alone(file, on_wait):
        _fetch_alone(dataset, folder, file, on_progress)


def _fetch_alone(dataset: Dataset, folder: Path, file: Path, on_progress: Progress) -> None:
    if is_here(dataset, folder):
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} holds something else already.",
            remedy="Name a folder that is empty or does not exist, with --to.",
            code="folder-in-use",
        )
    disk.check_room(file.parent, dataset.archive.size or 0, elsewhere=disk.FOR_THE_CACHE)
    disk.check_room(folder, dataset.unpacked_size, elsewhere=_ELSEWHERE)
    download.fetch(dataset.archive, file, on_progress)
    marker = (_MARKER, dataset.archive.sha256)
    archive.unpack(file, folder, marker=marker, elsewhere=_ELSEWHERE, prepare=dataset.prepare)
    file.unlink()
