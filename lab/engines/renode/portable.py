"""The portable archive of that release: which one, bringing it, unpacking it."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from lab import archive as unpacking
from lab import disk, download, places
from lab.download import Asset, Progress
from lab.engines.renode import release
from lab.errors import DownloadError, UsageError

_BASE = f"https://github.com/renode/renode/releases/download/v{release.NUMBER}"
_SUMS = Path(__file__).with_name("release.sha256")
_PLATFORMS = {("Linux", "x86_64"): "linux", ("Linux", "aarch64"): "linux-arm64"}
_NEEDED_BYTES = 700 * 10**6  # archive and unpacked; generous, as neither size is pinned


def archive() -> Asset:
    """The archive for this machine, which needs nothing else installed. Raises UsageError if there is none."""
    kind = _PLATFORMS.get((platform.system(), platform.machine()))
    if kind is None:
        raise UsageError(
            f"There is no portable Renode for {platform.system()} on {platform.machine()} that the lab could install.",
            remedy=f"Install Renode {release.NUMBER} as renode.io says, and name its program with RENODE_PATH.",
            code="renode-platform",
        )
    name = f"renode-{release.NUMBER}.{kind}-portable.tar.gz"
    lines = (line.split() for line in _SUMS.read_text(encoding="ascii").splitlines())
    return Asset(f"{_BASE}/{name}", next(digits for digits, listed in lines if listed == name))


def file() -> Path:
    """Where the archive is while it is fetched; what an interrupted download has left is completed there."""
    return places.cache() / "downloads" / archive().name


def fetch(on_progress: Progress) -> Path:
    """Bring the archive. Raises DownloadError, which says how to bring it by hand, and StorageError."""
    asset, here = archive(), file()
    disk.check_room(here.parent, _NEEDED_BYTES, elsewhere=disk.FOR_THE_CACHE)
    try:
        download.fetch(asset, here, on_progress)
    except DownloadError as error:
        error.remedy += (
            f" Without a network: bring {asset.url} here, and type `lab setup renode --archive {asset.name}`."
        )
        raise
    return here


def check(path: Path) -> Path:
    """The same path, if it is the archive. Raises UsageError for anything else."""
    asset = archive()
    try:
        found = download.sha256(path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}.", remedy=f"Bring {asset.url}.", code="renode-archive"
        ) from error
    if found != asset.sha256:
        raise UsageError(
            f"{path} is not {asset.name}: its SHA-256 is {found}, not {asset.sha256}.",
            remedy=f"Bring {asset.url} again, whole.",
            code="renode-archive",
        )
    return path


def unpack(path: Path) -> None:
    """Unpack the archive to `release.home`, in place of whatever is there. Raises DownloadError and StorageError."""
    for left in release.home().parent.glob(f".{release.NUMBER}-*"):  # by a setup that was killed
        shutil.rmtree(left, ignore_errors=True)
    unpacking.unpack(path, release.home(), elsewhere=disk.FOR_THE_CACHE, without_top=True, in_place=True)
