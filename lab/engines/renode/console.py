"""Renode's monitor on a pipe: a command goes in, the lines of its answer come out.

Renode echoes its input, ends lines in several ways and prints errors as plain text. So each command is followed by an
`echo` of a mark that the command cannot print, and what the lab's own commands answer starts with `lab:`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from lab.engines.renode.patience import Deadline, Work
from lab.engines.renode.process import RenodeProcess
from lab.engines.renode.trouble import Aborted, Gone, Refused, Silent
from lab.errors import UsageError

_ANSWER = "lab: "
_PROMPT = re.compile(r"^\([\w.\- ]+\) ")
_COMPILED_BEFORE = re.compile(r"Code from file.* has already been compiled\. Ignoring\.\.\.")
"""A notice: two devices of a board include the same code."""
_ABORT = re.compile(r"CPU abort(?:ed)? ?\[PC=(0x[0-9A-Fa-f]+)\][^\r\n]*[^\r\n.]")
_LOOK_S = 0.5
_NOT_IN_PATHS = re.compile(r"[^\x20-\x7e]|[;\"\\]")


class Console:
    """The monitor of a process. Whoever calls it is the only one who does.

    An answer is awaited for `limit_s` host seconds, and on as long as the process works (or as `moves` says), up to
    ten times that.
    """

    def __init__(self, process: RenodeProcess) -> None:
        self._process = process
        self._work = Work(process.wanted_s)
        self._marks = 0
        self._unread = b""

    def greet(self, limit_s: float) -> None:
        """Wait until it takes commands. Raises Gone and Silent."""
        self._exchange("", self._deadline(limit_s))

    def do(self, commands: Sequence[str], limit_s: float) -> None:
        """Run commands of Renode's own, in order. Raises Refused if one fails, Gone, Silent and Aborted."""
        for command in commands:
            lines = self._exchange(command, self._deadline(limit_s))
            printed = [line for line in lines if not _COMPILED_BEFORE.fullmatch(line)]
            if printed:
                raise Refused(f"refused `{command}`: {' '.join(printed)}")

    def ask(self, command: str, limit_s: float, moves: Callable[[], bool] | None = None) -> list[str]:
        """What a command of the lab answers, without the prefix. Raises Refused, Gone, Silent and Aborted."""
        printed = self._exchange(command, self._deadline(limit_s, moves))
        answer = [line.removeprefix(_ANSWER) for line in printed if line.startswith(_ANSWER)]
        if not answer:
            raise Refused(f"refused `{command}`: {' '.join(printed) or 'it said nothing'}")
        return answer

    def _deadline(self, limit_s: float, moves: Callable[[], bool] | None = None) -> Deadline:
        return Deadline(limit_s, moves or self._work.goes_on)

    def _exchange(self, command: str, deadline: Deadline) -> list[str]:
        """Lines printed between a command and its mark, without echo and prompt."""
        self._marks += 1
        mark = f"lab-{self._marks}"
        closing = f'echo "{mark}"'
        try:
            self._process.send(command)
            self._process.send(closing)
        except BrokenPipeError:
            while self._process.receive(_LOOK_S):  # its last words, which are not read yet
                pass
            raise Gone(self._process.status()) from None
        echo = _Echo(command + closing)
        lines: list[str] = []
        while True:
            for line in self._lines(deadline):
                if line == mark:
                    self._process.settle()
                    return lines
                if not echo.has(line):
                    lines.append(line)

    def _lines(self, deadline: Deadline) -> list[str]:
        """The next complete lines, at least one."""
        while b"\n" not in self._unread:
            data = self._process.receive(_LOOK_S)
            if data is None:
                raise Gone(self._process.status())
            if not data:
                self.check_for_abort()
                if deadline.has_passed():
                    raise Silent("has not answered in time")
            self._unread += data
        complete, _, self._unread = self._unread.rpartition(b"\n")
        found = re.split(r"[\r\n]+", complete.decode("utf-8", "replace"))
        return [line for line in (_PROMPT.sub("", one).strip() for one in found) if line]

    def check_for_abort(self) -> None:
        """Raises Aborted if the log says that the core gave up."""
        if found := _ABORT.search(self._process.logged()):
            raise Aborted(found[0], int(found[1], 16))


class _Echo:
    """Input that is printed again, broken into lines where the terminal would be full."""

    def __init__(self, typed: str) -> None:
        self._expected = "".join(typed.split())

    def has(self, line: str) -> bool:
        """Whether the line is the next part of it."""
        part = "".join(line.split())
        if not self._expected.startswith(part):
            return False
        self._expected = self._expected.removeprefix(part)
        return True


def is_readable(path: Path) -> bool:
    """Whether the monitor reads the path as it is written."""
    return not _NOT_IN_PATHS.search(str(path))


def quoted(path: Path) -> str:
    """A path as the monitor takes it. Raises UsageError for one that it would cut or read as something else."""
    text = str(path.absolute())
    if not is_readable(path.absolute()):
        raise UsageError(
            f"Renode cannot open {text!r}: its monitor takes plain ASCII without semicolon, quote and backslash.",
            remedy="Move it to a folder with a plainer name (TMPDIR chooses the one for temporary files), "
            "or use --engine builtin.",
            code="renode-path",
        )
    return "@" + text.replace(" ", "\\ ")
