"""Waiting for lines of a UART in virtual time, as Renode's TerminalTester does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lab.monitor.emulation import Emulation
from lab.robot_renode.pattern import Pattern


@dataclass(frozen=True)
class Found:
    """A line that was waited for, when its end was sent (virtual milliseconds), and the pattern's groups."""

    line: str
    time_ms: float
    groups: tuple[str, ...] = ()


class TestFailed(Exception):
    """The UART did not do what the test expects; the message says what it did, in Renode's form."""

    __test__ = False  # no test class for pytest

    def __init__(self, message: str) -> None:
        super().__init__(f"Terminal tester failed!\n\n{message}")


class TerminalTester:
    """Keeps lines until a wait takes them. `timeout` is in virtual seconds.

    A wait takes every line up to the one that it finds. It first looks at lines that came before; only then time
    passes, and it stops at the line that is found.
    """

    def __init__(self, emulation: Emulation, uart: str, timeout: float) -> None:
        self.uart = uart
        self._emulation = emulation
        self._timeout = timeout
        self._lines: list[Found] = []
        self._failing: list[Pattern] = []
        self._report: list[str] = []
        emulation.listen(self._receive, uart)

    @property
    def report(self) -> str:
        """What came and what was waited for, so far."""
        return "\n".join(self._report)

    def clear(self) -> None:
        """Forget lines and report."""
        self._lines.clear()
        self._report.clear()

    def fail_on(self, pattern: Pattern) -> None:
        """From now on each wait fails if such a line is among those that no wait took."""
        self._failing.append(pattern)

    def do_not_fail_on(self, pattern: Pattern) -> None:
        """Take `fail_on` back. Raises ValueError if it was not called."""
        self._failing.remove(pattern)

    def wait_for(
        self,
        pattern: Pattern,
        timeout: float | None,
        *,
        pause: bool,
        next_only: bool = False,
        unfinished: bool = False,
    ) -> Found:
        """The first line that matches; with `next_only` the next line must, with `unfinished` one without an end may.

        Raises TestFailed.
        """

        def find() -> Found | None:
            found = self._take(pattern, self._lines[:1] if next_only else self._lines)
            return found or (self._take_unfinished(pattern, at_start=next_only) if unfinished else None)

        return self._required(self._wait(find, timeout, pause=pause), f"Line containing{pattern}")

    def next_line(self, timeout: float | None, *, pause: bool) -> Found:
        """The next line. Raises TestFailed if none comes."""
        return self._required(
            self._wait(lambda: self._take(Pattern(""), self._lines), timeout, pause=pause), "Next line"
        )

    def refuse(self, pattern: Pattern, timeout: float | None, *, unfinished: bool = False) -> None:
        """Raises TestFailed if a line matches, among those that no wait took or until `timeout`."""

        def find() -> Found | None:
            found = self._take(pattern, self._lines)
            return found or (self._take_unfinished(pattern, at_start=False) if unfinished else None)

        found = self._wait(find, timeout, pause=False)
        if found is not None:
            raise TestFailed(f"Unexpected entry has been found on UART#:\n{found.line}")
        self._note(f"Line containing{pattern}", "failure", count=len(self._lines))

    def stay_idle(self, timeout: float, *, pause: bool) -> None:
        """Raises TestFailed if a line comes before `timeout`."""
        before = len(self._lines), self._unfinished()
        self._emulation.started = True
        came = self._emulation.advance(timeout, until=lambda: (len(self._lines), self._unfinished()) != before)
        self._emulation.started = not pause
        if came:
            self._required(None, "Terminal is idle")

    def write(self, text: str) -> None:
        """Type this. Raises ConfigurationError where the UART receives nothing."""
        self._emulation.board.type(self.uart, text.encode("utf-8"))

    def _receive(self, line: str, time_ms: float) -> None:
        self._lines.append(Found(_shown(line), time_ms))

    def _unfinished(self) -> str:
        return _shown(self._emulation.unfinished(self.uart))

    def _take_unfinished(self, pattern: Pattern, *, at_start: bool) -> Found | None:
        """What came behind the last line's end, if it matches; it and all lines are gone then."""
        begun = self._unfinished()
        groups = pattern.groups(begun, at_start=at_start)
        if groups is None:
            return None
        self._note(f"Line containing{pattern}", "success", count=len(self._lines))
        self._lines.clear()
        self._emulation.forget_unfinished(self.uart)
        return Found(begun, self._emulation.board.time_ms, groups)

    def _wait(self, find: Callable[[], Found | None], timeout: float | None, *, pause: bool) -> Found | None:
        seconds = self._timeout if timeout is None else timeout
        found: Found | None = None
        failed: Found | None = None

        def look() -> bool:
            nonlocal found, failed
            failed = self._find_failing()
            found = None if failed else find()
            return bool(found or failed)

        if not look() and seconds:
            self._emulation.started = True
            self._emulation.advance(seconds, until=look)
        if pause and (found or failed):
            self._emulation.started = False
        if failed:
            raise TestFailed(f"Test failing entry has been found on UART:\n{failed.line}")
        return found

    def _find_failing(self) -> Found | None:
        found = (self._take(pattern, self._lines, event="error") for pattern in self._failing)
        return next(filter(None, found), None)

    def _take(self, pattern: Pattern, among: list[Found], *, event: str = "") -> Found | None:
        """The first that matches, gone from the lines with all before it."""
        for index, line in enumerate(among):
            groups = pattern.groups(line.line)
            if groups is not None:
                self._note(event or f"Line containing{pattern}", "success", count=index + 1)
                del self._lines[: index + 1]
                return Found(line.line, line.time_ms, groups)
        return None

    def _required(self, found: Found | None, event: str) -> Found:
        if found is None:
            if begun := self._unfinished():
                self._report.append(f"{begun} [[no newline]]")
            self._note(event, "failure", count=len(self._lines))
            raise TestFailed(f"Full report:\n{self.report}")
        return found

    def _note(self, event: str, outcome: str, *, count: int = 0) -> None:
        self._report += [f"[virt: {line.time_ms:7.0f}] {line.line}" for line in self._lines[:count]]
        self._report.append(f"([virt: {self._emulation.board.time_ms:7.0f}] {event} event: {outcome})")


_ESCAPE = re.compile("\x1b(?:\\[([0-9;]*)(.?)|.?)", re.DOTALL)


def _shown(text: str) -> str:
    """What Renode's tester keeps of it: no colours, no carriage returns, nothing that is no printable ASCII."""

    def kept(sequence: re.Match[str]) -> str:
        return "" if sequence[2] == "m" else sequence[1] or ""

    return "".join(char for char in _ESCAPE.sub(kept, text) if " " <= char <= "~")
