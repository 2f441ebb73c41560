"""Unpacking what was fetched: all of it or nothing, and never outside its folder."""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from lab import disk
from lab.errors import DownloadError


def unpack(
    archive: Path,
    folder: Path,
    *,
    elsewhere: str,
    marker: tuple[str, str] | None = None,
    without_top: bool = False,
    in_place: bool = False,
    prepare: Callable[[Path], None] | None = None,
) -> None:
    """Unpack a .tar.gz; `folder`, which must not exist or be empty, appears when all is in it.

    A file `marker` (name and text) is added, by which the whole is known later. `without_top` leaves out the one
    folder that everything in the archive is in; `in_place` first removes what `folder` holds; `prepare` changes what
    was unpacked before it appears. `elsewhere` is how the user chooses another place.

    Files, folders and links among them are taken; a member or a link that leads outside refuses the whole. (`tarfile`
    has filters for this, but not in Debian 12's Python 3.11.2.) Raises DownloadError for an archive that is broken or
    tries it, StorageError if the disk is full.
    """
    with disk.writing(folder, elsewhere=elsewhere):
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _extract(archive, partial, without_top=without_top)
            if prepare is not None:
                prepare(partial)
            if marker is not None:
                (partial / marker[0]).write_text(marker[1], encoding="utf-8")
            partial.chmod(0o755)
            if in_place and folder.exists():
                shutil.rmtree(folder)
            partial.replace(folder)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def _extract(archive: Path, folder: Path, *, without_top: bool) -> None:
    links = []
    try:
        with tarfile.open(archive, "r:gz") as packed:
            for member, name in _members(archive, packed, without_top=without_top):
                target = folder / name
                if member.issym():
                    links.append((target, member))
                elif member.isdir():
                    target.mkdir(parents=True, exist_ok=True)
                else:
                    _write(archive, packed, member, target)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DownloadError(
            f"{archive} is no whole .tar.gz archive: {error}.",
            remedy="Delete it and start the command again, to fetch it anew.",
            code="archive-broken",
        ) from error
    # After all files, so that none is written through a link; a link may lead elsewhere once a later one is there.
    for target, member in links:
        if not _is_inside(target.parent, folder):
            raise _unsafe(archive, member)
        _link(archive, target, member)
    for target, member in links:
        if not _is_inside(target, folder):
            raise _unsafe(archive, member)


def _members(
    archive: Path, packed: tarfile.TarFile, *, without_top: bool
) -> Iterator[tuple[tarfile.TarInfo, PurePosixPath]]:
    """Every member with its path in the folder. Raises DownloadError for one that would be outside, or a device."""
    for member in packed:
        path = PurePosixPath(member.name)
        inside = PurePosixPath(*path.parts[1:]) if without_top else path
        is_named = member.isdir() or inside.parts
        is_plain = member.isreg() or member.isdir() or member.issym() or member.islnk()
        if path.is_absolute() or ".." in path.parts or not is_named or not is_plain:
            raise _unsafe(archive, member)
        yield member, inside


def _write(archive: Path, packed: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """A file, or for a second name of a file a copy of that."""
    try:
        content = packed.extractfile(member)
    except KeyError:
        content = None
    if content is None:
        raise _unsafe(archive, member)
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("wb") as output:
        shutil.copyfileobj(content, output)
    target.chmod(0o755 if member.mode & 0o100 else 0o644)


def _link(archive: Path, target: Path, member: tarfile.TarInfo) -> None:
    if PurePosixPath(member.linkname).is_absolute() or os.path.lexists(target):
        raise _unsafe(archive, member)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.symlink_to(member.linkname)


def _is_inside(path: Path, folder: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(folder.resolve())


def _unsafe(archive: Path, member: tarfile.TarInfo) -> DownloadError:
    return DownloadError(
        f"{archive.name} holds {member.name!r}, which is no file below its folder: nothing was unpacked.",
        remedy="Do not use this archive, and please report where it came from.",
        code="archive-unsafe",
    )
