"""Putting what was fetched on the disk: all of it or nothing, and never outside its folder."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path, PurePosixPath

from lab import disk
from lab.errors import DownloadError

ELSEWHERE = "name another folder with --to"


def unpack(archive: Path, folder: Path, marker: tuple[str, str]) -> None:
    """Unpack a .tar.gz; `folder`, which must not exist or be empty, appears when all is in it.

    A file `marker` (name and text) is added, by which the whole is known later.

    Only plain files and folders are taken, so that nothing of the archive can point or lie outside. (`tarfile` has
    filters for this, but not in Debian 12's Python 3.11.2.) Raises DownloadError for an archive that is broken or
    tries it, StorageError if the disk is full.
    """
    with disk.writing(folder, elsewhere=ELSEWHERE):
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _extract(archive, partial)
            (partial / marker[0]).write_text(marker[1], encoding="utf-8")
            partial.chmod(0o755)
            partial.replace(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _extract(archive: Path, folder: Path) -> None:
    try:
        with tarfile.open(archive, "r:gz") as members:
            for member in members:
                target = folder / _safe(archive, member)
                content = members.extractfile(member)
                if content is None:
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with content, target.open("wb") as output:
                    shutil.copyfileobj(content, output)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DownloadError(
            f"{archive} is no whole .tar.gz archive: {error}.",
            remedy="Delete it and start the command again, to fetch it anew.",
            code="archive-broken",
        ) from error


def _safe(archive: Path, member: tarfile.TarInfo) -> PurePosixPath:
    """The member's path. Raises DownloadError if it leads out of the folder, or is a link or a device."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isreg() or member.isdir()):
        raise DownloadError(
            f"{archive.name} holds {member.name!r}, which is no file below its folder: nothing was unpacked.",
            remedy="Do not use this archive, and please report where it came from.",
            code="archive-unsafe",
        )
    return path
