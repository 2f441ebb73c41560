"""One Renode process of the lab's own: in a private folder, on a pipe, ended with the lab."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from lab import disk, processes
from lab.engines.renode.version import ENVIRONMENT
from lab.errors import EngineError

_OPTIONS = ("--console", "--plain", "--disable-gui", "--hide-log")
# Never "renode-": a Renode that starts deletes the folders of that name that are beside its own.
_PREFIX = "lab-emulator-"
_OWNED = re.compile(rf"{_PREFIX}(\d+)-")
_GRACE_S = 3.0
_LAST_LINES = 12
_KEPT = 1 << 14
_GROUP, _USER, _SYSTEM = 2, 11, 12  # of /proc/*/stat, counted behind the name: proc(5)

_running: set[RenodeProcess] = set()


class RenodeProcess:
    """A running Renode. It listens on nothing, and ends when its input is closed.

    `folder` is private to it and removed with it: HOME, TMPDIR and configuration are there, and room for files.
    Raises EngineError if the program cannot be started, StorageError if there is no room for its folder.
    """

    def __init__(self, command: Sequence[str]) -> None:
        _remove_left_folders()
        processes.leave_none_behind()
        with disk.writing(Path(tempfile.gettempdir()), elsewhere="set TMPDIR to a folder elsewhere"):
            self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
            self.home = self.folder / "home"
            self.temporary = self.folder / "tmp"
            self.home.mkdir()
            self.temporary.mkdir()
        self.log = self.folder / "renode.log"
        try:
            self._process = subprocess.Popen(
                [*command, *_OPTIONS, "--config", str(self.folder / "config")],
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the lab, which ends this process itself
            )
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise EngineError(
                f"{command[0]} cannot be started: {error.strerror}.",
                remedy="Start it by hand; `lab doctor` says which Renode the lab takes.",
                code="renode-start",
            ) from error
        self._input = cast(IO[bytes], self._process.stdin)
        self._output = cast(IO[bytes], self._process.stdout)
        self._printed = b""
        _running.add(self)

    @property
    def pid(self) -> int:
        """Its process, which leads a group of its own."""
        return self._process.pid

    def send(self, line: str) -> None:
        """Type a line. Raises BrokenPipeError if nobody reads any more."""
        self._input.write(line.encode() + b"\n")
        self._input.flush()

    def receive(self, limit_s: float) -> bytes | None:
        """What it has printed meanwhile; b"" if that was nothing within `limit_s` seconds, None if it has ended."""
        if not select.select([self._output], [], [], limit_s)[0]:
            return b""
        data = os.read(self._output.fileno(), 1 << 16)
        self._printed = (self._printed + data)[-_KEPT:]
        return data or None

    def settle(self) -> None:
        """What was printed so far was an answer, and is none of its last words."""
        self._printed = b""

    def status(self) -> str:
        """How it ended, in words."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_S)
        code = self._process.returncode
        if code is None:
            return "closed its output"
        return f"ended with status {code}" if code >= 0 else f"was killed by {signal.Signals(-code).name}"

    def logged(self) -> str:
        """The last part of its log file; nothing as long as there is none."""
        with suppress(OSError), self.log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _KEPT))
            return file.read().decode("utf-8", "replace")
        return ""

    def wanted_s(self) -> float:
        """Processor time in seconds that its group has used, and that its threads have waited for.

        Less than before if a thread has ended meanwhile; 0.0 on a system without Linux's /proc.
        """
        used_ticks = waited_ns = 0
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # of one that has ended meanwhile
                fields = (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
                if int(fields[_GROUP]) == self.pid:
                    used_ticks += int(fields[_USER]) + int(fields[_SYSTEM])
                    for thread in process.glob("task/*/schedstat"):
                        waited_ns += int(thread.read_text(encoding="ascii").split()[1])
        return used_ticks / os.sysconf("SC_CLK_TCK") + waited_ns / 1e9

    def last_words(self) -> str:
        """The last lines that it printed, if they are no answer, and logged, for people."""
        printed = self._printed.decode("utf-8", "replace").replace("\r", "\n")
        parts = []
        for title, text in (("Last lines of Renode:", printed), ("Last lines of its log:", self.logged())):
            lines = [line for line in text.splitlines() if line.strip()][-_LAST_LINES:]
            if lines:
                parts += [title, *(f"  {line}" for line in lines)]
        return "\n".join(parts)

    def end(self) -> None:
        """End it and whatever it started, and remove its folder."""
        _running.discard(self)
        for stream in (self._input, self._output):
            with suppress(OSError):  # what was not sent yet, to a process that has ended
                stream.close()
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        _remove(self.folder)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **ENVIRONMENT,
            "DOTNET_EnableDiagnostics": "0",  # no socket for debuggers
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home),
            "TMPDIR": str(self.temporary),
        }


@processes.at_end
def end_all() -> None:
    """End every Renode that this process has started."""
    for process in list(_running):
        process.end()


def _remove(folder: Path) -> None:
    """What has just been killed may still be writing there."""
    give_up = time.monotonic() + _GRACE_S
    while folder.exists() and time.monotonic() < give_up:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_folders() -> None:
    """Folders of labs that were killed with no time to tidy up."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = _OWNED.match(folder.name)
        if owner and not _is_alive(int(owner[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
