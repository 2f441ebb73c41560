"""Putting what was fetched on the disk: all of it or nothing, and never outside its folder."""

from __future__ import annotations

import errno
import gzip
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from lab.errors import DownloadError, StorageError


@contextmanager
def storing(what: str, folder: Path) -> Iterator[None]:
    """Turns the disk's errors into StorageError."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise StorageError(
            f"{what} cannot be stored in {folder}: {'the disk is full' if full else error.strerror or error}.",
            remedy="Make room, or name another folder." if full else "Name a folder that you can write to.",
        ) from error


def check_room(folder: Path, needed: int) -> None:
    """Raises StorageError if the disk that `folder` is or will be on has less than `needed` bytes left."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        raise StorageError(
            f"{folder} needs {needed / 1e6:,.0f} MB; {free / 1e6:,.0f} MB are free there.",
            remedy="Make room, or name another folder.",
        )


def unpack(archive: Path, folder: Path, marker: tuple[str, str]) -> None:
    """Unpack a .tar.gz; `folder`, which must not exist or be empty, appears when all is in it.

    A file `marker` (name and text) is added, by which the whole is known later.

    Only plain files and folders are taken, so that nothing of the archive can point or lie outside. (`tarfile` has
    filters for this, but not in Debian 12's Python 3.11.2.) Raises DownloadError for an archive that is broken or
    tries it, StorageError if the disk is full.
    """
    with storing("The archive", folder.parent):
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
        raise DownloadError(f"{archive.name} is no whole .tar.gz archive: {error}.") from error


def _safe(archive: Path, member: tarfile.TarInfo) -> PurePosixPath:
    """The member's path. Raises DownloadError if it leads out of the folder, or is a link or a device."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isreg() or member.isdir()):
        raise DownloadError(
            f"{archive.name} holds {member.name!r}, which is no file below its folder: nothing was unpacked.",
            remedy="Do not use this archive.",
        )
    return path
