"""What a person reads in the terminal at the end: a result on standard output, errors on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from textwrap import indent

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lab.errors import LabError
from lab.verdict.result import Bounds, Check, Confusion, Error, Result, Run, Verdict, spelled

_SHOWN = 5
_WIDEST_MATRIX = 12
_STYLES: dict[Verdict, str] = {
    "passed": "bold green",
    "failed": "bold red",
    "error": "bold red",
    "interrupted": "bold yellow",
}


def print_error(error: LabError | Error) -> None:
    """Say on standard error what failed, the last output that belongs to it, and what to do next."""
    console = Console(file=sys.stderr, highlight=False, soft_wrap=True)
    console.print(Text.assemble((f"error[{error.code}]: ", "bold red"), error.message))
    if error.details:
        console.print(Text(indent(error.details.strip("\n"), "  ")))
    if error.remedy:
        console.print(Text.assemble(("remedy: ", "bold"), error.remedy))


def print_errors(result: Result) -> None:
    """Say on standard error what ended the result's runs early."""
    for run in result.runs:
        if run.error:
            print_error(run.error)


def print_result(result: Result, folder: Path) -> None:
    """Show the result of one run and where its files are."""
    (run,) = result.runs
    console = Console(file=sys.stdout, highlight=False)
    _print_header(console, run)
    console.print(_metrics(run) if run.metrics else "")
    if run.confusion and not all(clip.correct for clip in run.clips):
        console.print(_confusion(run.confusion))
        console.print()
    _print_some(console, "not played", [f"{one.clip}: {one.reason}" for one in run.skipped_recordings])
    _print_some(
        console, "different from the host", [f"{clip.clip}: {clip.difference}" for clip in run.clips if clip.difference]
    )
    _print_some(console, "limits broken", [str(check) for check in run.failed_checks], shown=len(run.checks))
    if result.fingerprint:
        console.print(f"fingerprint {result.fingerprint}", soft_wrap=True)
    console.print(Text(f"report      {folder / 'log.html'}"), soft_wrap=True)
    console.print(Text(_verdict(run), _STYLES[run.verdict]))


def _print_header(console: Console, run: Run) -> None:
    console.print(
        Text.assemble(
            (f"{run.workload} on {run.target}", "bold"),
            f": {_counted(run)}, {run.engine} engine, {run.host_seconds:.0f} s",
        )
    )
    if run.clips:
        console.print(Text(f"Accuracy is measured on {run.recordings.source}."))
    for note in run.notes:
        console.print(Text(f"{note}."))
    if not run.hardware_faithful:
        console.print(Text("This firmware would not run on the real board as it is."))


def _metrics(run: Run) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("metric", overflow="fold")
    table.add_column("value", justify="right")
    table.add_column("kind", style="dim")
    table.add_column("limit", overflow="fold")
    table.add_column("")
    checks = {check.name: check for check in run.checks}
    for name, metric in run.metrics.items():
        value = "not counted" if metric.value is None else spelled(metric.value)
        table.add_row(name, value, metric.kind, *_judged(checks.pop(name, None)))
    for name, check in checks.items():
        if check.limit is not None:
            table.add_row(name, "missing" if check.value is None else spelled(check.value), "", *_judged(check))
    return table


def _judged(check: Check | None) -> tuple[str, Text]:
    if check is None:
        return "", Text("")
    return _bounds(check.limit), Text("ok", "green") if check.passed else Text("FAILED", "bold red")


def _bounds(limit: Bounds | None) -> str:
    """In signs, so that the longest name and its limit stand in 80 columns."""
    if limit is None:
        return ""
    signs = (("≥", limit.at_least), ("≤", limit.at_most))
    return " ".join(f"{sign} {spelled(bound)}" for sign, bound in signs if bound is not None)


def _confusion(confusion: Confusion) -> Table:
    if len(confusion.labels) > _WIDEST_MATRIX:
        return _commonest_mistakes(confusion)
    table = Table(box=None, pad_edge=False, title="rows: what it was, columns: what was heard", title_justify="left")
    table.add_column("")
    for label in confusion.labels:
        table.add_column(label[:4], justify="right")
    for row, (label, counts) in enumerate(zip(confusion.labels, confusion.counts, strict=True)):
        table.add_row(label, *(_cell(count, row == column) for column, count in enumerate(counts)))
    return table


def _cell(count: int, is_right: bool) -> Text:
    if count == 0:
        return Text(".", "dim")
    return Text(str(count), "green" if is_right else "red")


def _commonest_mistakes(confusion: Confusion) -> Table:
    mistakes = sorted(
        (
            (count, label, heard)
            for label, counts in zip(confusion.labels, confusion.counts, strict=True)
            for heard, count in zip(confusion.labels, counts, strict=True)
            if count and label != heard
        ),
        key=lambda mistake: (-mistake[0], mistake[1:]),
    )
    table = Table(
        "it was", "heard", "times", box=None, pad_edge=False, title="commonest mistakes", title_justify="left"
    )
    for count, label, heard in mistakes[:_WIDEST_MATRIX]:
        table.add_row(label, heard, str(count))
    return table


def _print_some(console: Console, what: str, lines: Iterable[str], shown: int = _SHOWN) -> None:
    every = list(lines)
    if not every:
        return
    console.print(Text(f"{what} ({len(every)}):"))
    for line in every[:shown]:
        console.print(Padding.indent(Text(line), 2))
    if len(every) > shown:
        console.print(f"  and {len(every) - shown} more, in result.json")
    console.print()


def _verdict(run: Run) -> str:
    if run.verdict == "interrupted":
        return f"INTERRUPTED after {_counted(run)}; no limit was checked"
    if run.error:
        return f"{run.verdict.upper()}: {run.error.kind}"
    broken = len(run.failed_checks)
    return f"FAILED: {broken} of {len(run.checks)} checks" if broken else f"PASSED: {len(run.checks)} checks"


def _counted(run: Run) -> str:
    count = run.recordings.count
    return f"{count:,} recording{'' if count == 1 else 's'}"
