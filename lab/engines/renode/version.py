"""Asking a Renode for its version and build, once: a start takes up to ten seconds under Mono."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from lab import disk, files, places, processes

Version = tuple[int, int, int]


class Answer(NamedTuple):
    """What a Renode says of itself. `build` is such as `1.17.0+20261001gitdc52b24c1`, "" where it does not say."""

    version: Version
    build: str


# .NET looks for ICU, which slim images lack, unless it is told to do without; it then has to accept cultures by name.
ENVIRONMENT = {
    "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
    "DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY": "0",
}
"""What every Renode is started with besides the variables of this process."""

_LIMIT_S = 60.0
# `Renode v1.17.0` or, before that version, `Renode v1.16.1.1234`: LongVersionString of Renode's src/Renode/Program.cs.
# In the monitor `Renode, version 1.17.0 (1.17.0+20261001gitdc52b24c1)`; after --version the build has a line.
_SAID = re.compile(r"\bRenode(?: v|, version )(\d+)\.(\d+)\.(\d+)(?:.*?\((.+)\)|[\d.]*\s+build: (\S+))?")
_IN_THE_MONITOR = ("--console", "--plain", "--disable-gui", "--hide-log", "-e", "version; quit", "--config")


class NoVersion(Exception):
    """Why a program is no Renode that works; `details` is what it printed."""

    def __init__(self, reason: str, details: str = "") -> None:
        super().__init__(reason)
        self.details = details


def of(program: Path) -> Answer:
    """What a Renode says, from the cache if the file is as it was. Raises NoVersion, and StorageError."""
    memory = places.cache() / "renode" / "builds.json"
    known = _read(memory)
    try:
        state = program.resolve().stat()
    except OSError as error:
        raise NoVersion(f"cannot be read: {error.strerror}") from error
    key = f"{program.resolve()} {state.st_mtime_ns} {state.st_size}"
    if key not in known:
        known[key] = _ask(program)
        _write(memory, known)
    return known[key]


def _ask(program: Path) -> Answer:
    answer = _run([program, "--version"])
    if not answer.output.strip():  # as builds answer that lack one of the attributes that it prints
        with tempfile.TemporaryDirectory(prefix="lab-version-") as folder:
            home = {"HOME": folder, "TMPDIR": folder}
            answer = _run([program, *_IN_THE_MONITOR, Path(folder) / "config"], home)
    if said := _SAID.search(answer.output):
        major, minor, patch, *build = said.groups()
        return Answer((int(major), int(minor), int(patch)), next(filter(None, build), ""))
    raise NoVersion(f"answers --version with no version of Renode, and status {answer.status}", answer.output)


def _run(command: Sequence[str | Path], home: Mapping[str, str] | None = None) -> processes.Finished:
    try:
        return processes.run(command, environment={**ENVIRONMENT, **(home or {})}, limit_s=_LIMIT_S)
    except OSError as error:
        raise NoVersion(f"cannot be started: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise NoVersion(f"did not say its version within {_LIMIT_S:.0f} s") from error


def _read(memory: Path) -> dict[str, Answer]:
    with suppress(OSError, ValueError, TypeError, AttributeError):  # spoiled, so all is asked anew
        known = files.parsed_json(files.content(memory, files.MEGABYTE))
        return {key: Answer((major, minor, patch), build) for key, ((major, minor, patch), build) in known.items()}
    return {}


def _write(memory: Path, known: dict[str, Answer]) -> None:
    with disk.writing(memory, elsewhere=disk.FOR_THE_CACHE):
        memory.parent.mkdir(parents=True, exist_ok=True)
        draft = memory.with_name(f"{memory.name}.{os.getpid()}")
        draft.write_text(json.dumps(known), encoding="utf-8")
        draft.replace(memory)
