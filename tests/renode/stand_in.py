"""A program that says it is a Renode, for finding and installing one."""

from __future__ import annotations

from pathlib import Path


def answer(version: str) -> str:
    """What Renode prints for --version."""
    return f"Renode v{version}\n  build: {version}+20261001gitdc52b24c1\n  build type: Release\n  runtime: .NET 8.0.20"


def script(version: str) -> str:
    """The program, which answers --version and nothing else."""
    return f"#!/bin/sh\n[ \"$1\" = --version ] || exit 1\ncat <<'END'\n{answer(version)}\nEND\n"


def make(folder: Path, version: str) -> Path:
    """Such a program, named `renode`, in that folder."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "renode"
    program.write_text(script(version), encoding="utf-8")
    program.chmod(0o755)
    return program
