"""Progress on standard error while a run goes on: a live bar in a terminal, elsewhere a line every tenth."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from typing_extensions import Self

from lab import streams
from lab.measuring import ClipOutcome, PartOutcome, SkippedClip
from lab.output import one_line
from lab.reporting.console import to_stderr
from lab.reporting.wording import plural


class RunProgress:
    """What `lab.measuring.measure` reports, shown; use it as a context manager."""

    def __init__(self, name: str, event: str = "event") -> None:
        self._event = event
        # Robot Framework puts its own stream in place of sys.stderr while a keyword runs.
        console = to_stderr(stream=streams.tolerant(sys.__stderr__))
        self._shown: _Bar | _Lines = _Bar(console, name) if console.is_terminal else _Lines(console, name)
        self._counted = 0
        self._right = 0

    def __enter__(self) -> Self:
        self._shown.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._shown.stop()

    def on_stage(self, stage: str) -> None:
        """Say what the lab does now."""
        self._shown.say(stage)

    def on_clip(self, done: int, total: int, outcome: ClipOutcome | SkippedClip) -> None:
        """Count one more recording."""
        if isinstance(outcome, ClipOutcome):
            self._counted += 1
            self._right += outcome.correct
        else:
            self._shown.warn(one_line(f"skipped {outcome.clip}: {outcome.reason}"))
        self._shown.count(done, total, f"{100 * self._right / self._counted:.1f} % right" if self._counted else "")

    def on_part(self, done: int, total: int, outcome: PartOutcome) -> None:
        """Count one more part of a stream: what was detected in it, or where every inference counts, those."""
        self._counted += len(outcome.inferred or outcome.detected)
        counted = plural(self._counted, "inference") if outcome.inferred else plural(self._counted, self._event)
        self._shown.count(done, total, counted if outcome.inferred else f"{counted} detected")


class _Bar:
    def __init__(self, console: Console, name: str) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            TimeRemainingColumn(compact=True),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task(name, total=None, note="")

    def start(self) -> None:
        self._progress.start()

    def stop(self) -> None:
        self._progress.stop()

    def say(self, stage: str) -> None:
        self._progress.update(self._task, description=stage)

    def warn(self, text: str) -> None:
        self._progress.console.print(text, markup=False)

    def count(self, done: int, total: int, note: str) -> None:
        self._progress.update(self._task, completed=done, total=total, note=note)


class _Lines:
    def __init__(self, console: Console, name: str) -> None:
        self._console = console
        self._name = name
        self._began = time.monotonic()
        self._tenths = 0

    def start(self) -> None:
        """Nothing is drawn before the first stage."""

    def stop(self) -> None:
        """Nothing is left to be erased."""

    def say(self, stage: str) -> None:
        self._console.print(stage, markup=False, soft_wrap=True)

    def warn(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)

    def count(self, done: int, total: int, note: str) -> None:
        tenths = done * 10 // total
        if tenths > self._tenths:
            self._tenths = tenths
            seconds = time.monotonic() - self._began
            self.say(f"{self._name}: {done} of {total}, {note or 'none yet'}, {seconds:.0f} s")
