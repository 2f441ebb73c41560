"""A program that says it is a Renode, for finding and installing one."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterable
from pathlib import Path


def answer(version: str) -> str:
    """What Renode prints for --version."""
    return f"Renode v{version}\n  build: {version}+20261001gitdc52b24c1\n  build type: Release\n  runtime: .NET 8.0.20"


def script(version: str) -> str:
    """The program, which answers --version and nothing else."""
    return f"#!/bin/sh\n[ \"$1\" = --version ] || exit 1\ncat <<'END'\n{answer(version)}\nEND\n"


def make(folder: Path, version: str, more: str = "") -> Path:
    """Such a program, named `renode`, in that folder; `more` is what it does besides."""
    folder.mkdir(parents=True, exist_ok=True)
    return program(folder / "renode", script(version).replace("exit 1", f"{{ {more or 'exit 1'}; }}"))


def program(file: Path, text: str) -> Path:
    """An executable file of that text."""
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
    return file


def portable(version: str = "1.17.0", more: Iterable[tuple[tarfile.TarInfo, bytes]] = ()) -> bytes:
    """An archive with a folder as Renode's portable releases have it, `more` in it or wherever its names lead."""
    top = f"renode_{version}-portable"
    members = [
        (_member(top, kind=tarfile.DIRTYPE), b""),
        (_member(f"{top}/renode", mode=0o755), script(version).encode()),
        (_member(f"{top}/libgcc_s.so.1"), bytes(200_000)),
        (_member(f"{top}/libgcc_s.so", kind=tarfile.SYMTYPE, link="libgcc_s.so.1"), b""),
        (_member(f"{top}/licenses/renode-license"), b"MIT"),
        *more,
    ]
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=0) as writer:
        for member, content in members:
            member.size = len(content)
            writer.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def escaping(name: str, *, link: str = "", kind: bytes = tarfile.REGTYPE) -> tuple[tarfile.TarInfo, bytes]:
    """A member that does not belong in an archive."""
    return _member(name, kind=kind, link=link), b"" if link else b"!"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _member(name: str, *, mode: int = 0o644, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.mode, member.type, member.linkname = mode, kind, link
    return member
