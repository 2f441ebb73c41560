"""Which files describe the boards, and which platform one was emulated on: a hash over those that concern it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from lab.target import Target

_DESCRIBES = {".toml", ".repl", ".py", ".cs", ".resc", ".elf"}
"""Descriptions, models, scripts, and a chip's boot ROM."""


def files(root: Path) -> Iterator[Path]:
    """Those of all boards in the folder of platforms, in the order of their names."""
    return (path for path in sorted(root.rglob("*")) if path.suffix in _DESCRIBES and path.is_file())


def of(target: Target) -> str:
    """SHA-256 over the target's files and those that several targets share, in the order of their names."""
    root = target.folder.parent
    digest = hashlib.sha256()
    for path in files(root):
        if _concerns(path.relative_to(root), root, target):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _concerns(path: Path, root: Path, target: Target) -> bool:
    top = path.parts[0]
    return top == target.name or not (root / top / "target.toml").exists()
