"""Progress of a training on standard error: a live bar for each stage, elsewhere than in a terminal some lines."""

from __future__ import annotations

import time
from types import TracebackType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from typing_extensions import Self

from lab.reporting.console import to_stderr
from lab.training.stages import Advance

_LINES = 10


class TrainingProgress:
    """What a training reports, shown; use it as a context manager."""

    def __init__(self) -> None:
        self._console = to_stderr()
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[note]}", markup=False),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
            console=self._console,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def stage(self, name: str, total: int) -> Advance:
        """Begin a stage of so many units."""
        return self._bar(name, total) if self._console.is_terminal else self._lines(name, total)

    def _bar(self, name: str, total: int) -> Advance:
        task = self._bars.add_task(name, total=total, note="")

        def advance(note: str) -> None:
            self._bars.update(task, advance=1, note=note)

        return advance

    def _lines(self, name: str, total: int) -> Advance:
        began = time.monotonic()
        done = 0

        def advance(note: str) -> None:
            nonlocal done
            done += 1
            if done * _LINES // total > (done - 1) * _LINES // total:
                line = f"{name}: {done} of {total}, {time.monotonic() - began:.0f} s{note and ', ' + note}"
                self._console.print(line, markup=False, soft_wrap=True)

        return advance
