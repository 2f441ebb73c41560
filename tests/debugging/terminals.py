"""The two terminals of a person who debugs: one with a command of the lab, one with Debian's gdb-multiarch."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

GDB = "gdb-multiarch"
needs_gdb = pytest.mark.skipif(not shutil.which(GDB), reason=f"{GDB} is not installed")


class Terminal:
    """A command that runs, and what it has printed."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "lab", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.printed = ""

    def until(self, pattern: str) -> re.Match[str]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line
            if found := re.search(pattern, line):
                return found
        raise AssertionError(self.printed)

    def rest(self) -> int:
        printed, _ = self.process.communicate(timeout=120)
        self.printed += printed
        return self.process.returncode


@contextmanager
def started(*arguments: str) -> Iterator[Terminal]:
    terminal = Terminal(*arguments)
    try:
        yield terminal
    finally:
        terminal.process.kill()
        terminal.process.communicate()


def gdb(line: str, *commands: str, folder: Path | None = None) -> str:
    """What GDB says after the line that the lab printed was typed, in another folder if one is given."""
    said, _ = gdb_process(line, *commands, folder=folder).communicate(timeout=120)
    return said


def gdb_process(line: str, *commands: str, folder: Path | None = None) -> subprocess.Popen[str]:
    """GDB after that line, with these commands to come."""
    given = [word for command in commands for word in ("-ex", command)]
    command = [*shlex.split(line), "-nx", "-batch", *given]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
