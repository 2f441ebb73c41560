"""The release of Renode that the lab is made for: its archive for this machine, and the folder it is unpacked to."""

from __future__ import annotations

import platform
from pathlib import Path

from lab import archive, disk, download, places
from lab.download import Asset, Progress
from lab.errors import DownloadError, UsageError

VERSION = (1, 17, 0)
NUMBER = ".".join(map(str, VERSION))

_BASE = f"https://github.com/renode/renode/releases/download/v{NUMBER}"
_SUMS = Path(__file__).with_name("release.sha256")
_PLATFORMS = {("Linux", "x86_64"): "linux", ("Linux", "aarch64"): "linux-arm64"}
_NEEDED_BYTES = 700 * 10**6  # archive and unpacked; generous, as neither size is pinned


def home() -> Path:
    """Where the lab unpacks it: a folder of the user's cache."""
    return places.cache() / "renode" / NUMBER


def portable() -> Asset:
    """The archive for this machine, which needs nothing else installed. Raises UsageError if there is none."""
    kind = _PLATFORMS.get((platform.system(), platform.machine()))
    if kind is None:
        raise UsageError(
            f"There is no portable Renode for {platform.system()} on {platform.machine()} that the lab could install.",
            remedy=f"Install Renode {NUMBER} as renode.io says, and name its program with RENODE_PATH.",
            code="renode-platform",
        )
    name = f"renode-{NUMBER}.{kind}-portable.tar.gz"
    lines = (line.split() for line in _SUMS.read_text(encoding="ascii").splitlines())
    return Asset(f"{_BASE}/{name}", next(digits for digits, listed in lines if listed == name))


def download_file() -> Path:
    """Where the archive is while it is fetched; what an interrupted download has left is completed there."""
    return places.cache() / "downloads" / portable().name


def fetch(on_progress: Progress) -> Path:
    """Bring the archive. Raises DownloadError, which says how to bring it by hand, and StorageError."""
    asset, file = portable(), download_file()
    disk.check_room(file.parent, _NEEDED_BYTES, elsewhere=disk.FOR_THE_CACHE)
    try:
        download.fetch(asset, file, on_progress)
    except DownloadError as error:
        error.remedy += (
            f" Without a network: bring {asset.url} here, and type `lab setup renode --archive {asset.name}`."
        )
        raise
    return file


def check(file: Path) -> Path:
    """The same file, if it is the archive. Raises UsageError for anything else."""
    asset = portable()
    try:
        found = download.sha256(file)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}.", remedy=f"Bring {asset.url}.", code="renode-archive"
        ) from error
    if found != asset.sha256:
        raise UsageError(
            f"{file} is not {asset.name}: its SHA-256 is {found}, not {asset.sha256}.",
            remedy=f"Bring {asset.url} again, whole.",
            code="renode-archive",
        )
    return file


def unpack(file: Path) -> None:
    """Unpack the archive to `home`, in place of whatever is there. Raises DownloadError and StorageError."""
    archive.unpack(file, home(), elsewhere=disk.FOR_THE_CACHE, without_top=True, in_place=True)
