"""What acceptance tests share: a copy of the project that they may spoil, and runs of `lab` in it."""

from __future__ import annotations

import html
import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
from robot.api import ExecutionResult

from lab.verdict import schema

REAL = Path(__file__).parents[2]
SCHEMA = json.loads(schema.FILE.read_text(encoding="utf-8"))
APPLICATION = "firmware/apps/sensing/main.cc"
WORKLOAD = "models/keyword-spotting/workload.toml"
PATIENCE_S = 400
"""Far more host time than any run here takes, for machines that are busy."""


class Checkout:
    """A copy of the project's folders, without its recordings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("firmware", "models", "renode_platforms", "robot_tests"):
            shutil.copytree(REAL / name, folder / name, ignore=shutil.ignore_patterns("recordings"))

    def text(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8")

    @contextmanager
    def edited(self, file: str, *replacements: tuple[str, str]) -> Iterator[None]:
        """The file with each text, found exactly once, replaced by another, as long as the context lasts."""
        before = text = self.text(file)
        for old, new in replacements:
            assert text.count(old) == 1, f"{file} has {old!r} {text.count(old)} times"
            text = text.replace(old, new)
        path = self.folder / file
        path.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(before, encoding="utf-8")

    @contextmanager
    def limited(self, limits: str) -> Iterator[None]:
        """The workload with these lines as its `[limits]`."""
        limits_now = self.text(WORKLOAD).partition("[limits]\n")[2].partition("\n[")[0]
        with self.edited(WORKLOAD, (limits_now, limits)):
            yield


@dataclass(frozen=True)
class Ran:
    """A run that has ended, with all that it said."""

    code: int
    out: str
    err: str
    folder: Path

    @cached_property
    def result(self) -> dict[str, Any]:
        """`result.json`, which follows its schema."""
        found: dict[str, Any] = json.loads((self.folder / "result.json").read_text(encoding="utf-8"))
        jsonschema.validate(found, SCHEMA)
        return found

    @property
    def run(self) -> dict[str, Any]:
        (run,) = self.result["runs"]
        return dict(run)

    @property
    def clips(self) -> list[dict[str, Any]]:
        return list(self.run["clips"])

    @property
    def error(self) -> dict[str, Any]:
        return dict(self.run["error"])

    @property
    def shown(self) -> str:
        """What the terminal showed, its line breaks as spaces."""
        return " ".join((self.out + self.err).split())

    @cached_property
    def robot_log(self) -> str:
        return html.unescape(html.unescape((self.folder / "output.xml").read_text(encoding="utf-8")))

    def robot_failures(self) -> list[str]:
        suite = ExecutionResult(str(self.folder / "output.xml")).suite
        return [test.message for test in suite.tests if test.failed]


def start(*arguments: object, folder: Path, project: Path, cache: Path | None = None) -> Process:
    """`lab` in a process of its own, with `folder` as its working directory."""
    return Process([sys.executable, "-m", "lab", *map(str, arguments)], folder, project, cache)


class Process:
    """A program in a process group of its own; what it leaves behind is found by a mark in its environment."""

    started: ClassVar[list[Process]] = []
    """Those of the test that is running."""

    def __init__(self, program: list[str], folder: Path, project: Path, cache: Path | None = None) -> None:
        mark = str(uuid.uuid4())
        self._marked = f"LAB_ACCEPTANCE={mark}".encode()
        surroundings = {**os.environ, "LAB_PROJECT": str(project), "LAB_ACCEPTANCE": mark}
        if cache is not None:
            surroundings["LAB_CACHE"] = str(cache)
        self.popen = subprocess.Popen(
            program,
            cwd=folder,
            env=surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        Process.started.append(self)

    def await_line(self, part: str) -> str:
        """Read standard error up to a line with that text, which is returned."""
        assert self.popen.stderr is not None
        seen = ""
        for line in self.popen.stderr:
            seen += line
            if part in line:
                return line
        raise AssertionError(f"no line with {part!r} came, but:\n{seen}")

    def finish(self, folder: Path) -> Ran:
        out, err = self.popen.communicate(timeout=PATIENCE_S)
        assert "Traceback" not in out + err, err
        return Ran(self.popen.returncode, out, err, folder)

    def end(self) -> None:
        """Kill what is left of it and close its pipes, so that a test that failed disturbs no other."""
        for pid in self.alive():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.popen.communicate()

    def alive(self) -> list[int]:
        """Its process and all that descend from it, as far as they run."""
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and self._is_of_us(entry)]

    def _is_of_us(self, entry: Path) -> bool:
        try:
            marked = self._marked in (entry / "environ").read_bytes().split(b"\0")
            return marked and "State:\tZ" not in (entry / "status").read_text()
        except OSError:  # it ended just now, or is not ours to look at
            return False
