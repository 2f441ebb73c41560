"""What a person reads in the terminal at the end: a result on standard output, errors on standard error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import indent
from typing import IO

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lab.errors import LabError
from lab.output import visible
from lab.reporting import wording
from lab.reporting.console import to_stderr, to_stdout
from lab.reporting.matrix_table import NARROWEST_NAME, STANDINGS, VERDICTS, by_workload, common, matrix, notes
from lab.reporting.metric_rows import MetricRow, metric_rows
from lab.reporting.overview import overview, verdict
from lab.reporting.run_folder import REPORT
from lab.reporting.shown import shown
from lab.reporting.whole_table import natural_width, print_fitting
from lab.verdict.result import Comparison, Confusion, Error, Result, Run

_SHOWN = 5
_WIDEST_MATRIX = 12


def print_error(error: LabError | Error) -> None:
    """Say on standard error what failed, the last output that belongs to it, and what to do next."""
    console = to_stderr(soft_wrap=True)
    console.print(Text.assemble((f"error[{error.code}]: ", "bold red"), visible(error.message)))
    if error.details:
        console.print(Text(indent(visible(error.details.strip("\n")), "  ")))
    if error.remedy:
        console.print(Text.assemble(("remedy: ", "bold"), visible(error.remedy)))


def print_warning(error: LabError, stream: IO[str] | None = None) -> None:
    """Say on standard error what failed beside the run, which has its verdict all the same."""
    console = to_stderr(soft_wrap=True, stream=stream)
    console.print(
        Text.assemble(("warning: ", "bold yellow"), visible(" ".join(filter(None, (error.message, error.remedy)))))
    )


def print_result(result: Result, folder: Path) -> None:
    """Show the result of one run and where its files are."""
    (run,) = shown(result).runs
    console = to_stdout()
    _print_header(console, run)
    _print_metrics(console, run)
    if run.confusion and not all(clip.correct for clip in run.clips):
        console.print(_confusion(run.confusion))
        console.print()
    _print_some(console, wording.missed_events(run), wording.misses(run))
    _print_some(console, wording.falsely_detected(run), wording.false_accepts(run))
    _print_some(console, "not played", [f"{one.clip}: {one.reason}" for one in run.skipped_recordings])
    _print_some(
        console, "different from the host", [f"{clip.clip}: {clip.difference}" for clip in run.clips if clip.difference]
    )
    _print_some(console, "broken", [str(check) for check in run.failed_checks], shown=len(run.checks))
    if run.baseline:
        console.print(_entry("baseline", _baseline(run.baseline)))
    if result.fingerprint:
        console.print(f"fingerprint {result.fingerprint}", soft_wrap=True)
    console.print(Text(f"report      {folder / REPORT}"), soft_wrap=True)
    console.print(Text(wording.verdict(run), VERDICTS[run.verdict]))


def print_together(result: Result, folder: Path) -> None:
    """Show several runs of a workload side by side, or those of several workloads in one table; and where files are."""
    console = to_stdout()
    result = shown(result)
    groups = by_workload(result.runs)
    if len(groups) != 1:
        _print_overview(console, result, folder)
        return
    _print_matrix(console, groups[0])
    if result.fingerprint:
        console.print(f"fingerprint {result.fingerprint}", soft_wrap=True)
    console.print(Text(f"report      {folder / REPORT}"), soft_wrap=True)
    for run in result.runs:
        console.print(Text.assemble(f"{wording.name(run)}: ", (wording.verdict(run), VERDICTS[run.verdict])))


def _print_overview(console: Console, result: Result, folder: Path) -> None:
    print_fitting(overview(result.runs), console)
    _print_some(console, "broken", _broken(result.runs), shown=sum(len(run.checks) for run in result.runs))
    if result.fingerprint:
        console.print(f"fingerprint {result.fingerprint}", soft_wrap=True)
    console.print(Text(f"report      {folder / REPORT}"), soft_wrap=True)
    console.print(verdict(result))


def _broken(runs: Sequence[Run]) -> list[str]:
    return [f"{wording.name(run)}: {check}" for run in runs for check in run.failed_checks]


def _print_matrix(console: Console, runs: Sequence[Run]) -> None:
    heard = [run for run in runs if run.clips or run.stream] or runs  # a board that did not come up heard nothing
    counts = common(wording.heard, heard)
    engines = common(lambda run: f"{run.engine} engine", runs)
    seconds = sum(run.host_seconds for run in runs)
    boards = ", ".join(run.target for run in runs)
    console.print(Text.assemble((f"{runs[0].workload} on {boards}", "bold"), f": {counts}, {engines}, {seconds:.0f} s"))
    if any(run.clips for run in runs):
        console.print(Text(f"Accuracy is measured on {common(lambda run: run.recordings.source, heard)}."))
    if streams := [run.stream for run in runs if run.stream]:
        source = common(lambda run: run.recordings.source, heard)
        console.print(Text(f"The stream, of seed {streams[0].seed}, is composed of {source}."))
    for note in notes(runs):
        console.print(Text(note))
    print_fitting(matrix(runs), console)
    broken = [f"{run.target}: {check}" for run in runs for check in run.failed_checks]
    _print_some(console, "broken", broken, shown=len(broken))


def _print_header(console: Console, run: Run) -> None:
    console.print(
        Text.assemble(
            (wording.name(run), "bold"),
            f": {wording.heard(run)}, {run.engine} engine, {run.host_seconds:.0f} s",
        )
    )
    if run.clips:
        console.print(Text(f"Accuracy is measured on {run.recordings.source}."))
    if run.stream:
        console.print(Text(f"The stream, of seed {run.stream.seed}, is composed of {run.recordings.source}."))
    for note in run.notes:
        console.print(Text(f"{note}."))
    if not run.hardware_faithful:
        console.print(Text("This firmware would not run on the real board as it is."))


def _print_metrics(console: Console, run: Run) -> None:
    """Never cut a number: in a narrow terminal the kinds go first, then names are broken, then lines."""
    if not run.metrics:
        console.print()
        return
    table = _metrics(run, kinds=True)
    if natural_width(table, console) > console.width:
        table = _metrics(run, kinds=False)
    print_fitting(table, console)


def _metrics(run: Run, *, kinds: bool) -> Table:
    rows = metric_rows(run)
    compared = any(row.change_in_words for row in rows)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0) if compared else (0, 1))
    table.add_column("metric", overflow="fold", min_width=NARROWEST_NAME)
    table.add_column("value", justify="right", no_wrap=True)
    if kinds:
        table.add_column("kind", style="dim", no_wrap=True)
    table.add_column("limit", no_wrap=True)
    if compared:
        table.add_column("change", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for row in rows:
        limit = wording.bounds(row.limit.limit, row.name) if row.limit and row.limit.limit else ""
        table.add_row(
            row.name,
            row.value_in_words,
            *([row.margin_in_words] if kinds else ()),
            limit,
            *([_change(row)] if compared else ()),
            _judged(row),
        )
    return table


def _change(row: MetricRow) -> Text:
    standing = row.change.standing if row.change else "not comparable"
    return Text(row.change_in_words, STANDINGS[standing])


def _judged(row: MetricRow) -> Text:
    if row.passed is None:
        return Text("")
    return Text("ok", "green") if row.passed else Text("FAIL", "bold red")


def _baseline(comparison: Comparison) -> str:
    return f"{wording.standing(comparison)} ({comparison.against})"


def _entry(name: str, text: str) -> Table:
    """A line of the summary at the end, its text in a column of its own where it is long."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=11)
    table.add_column(overflow="fold")
    table.add_row(name, Text(text))
    return table


def _confusion(confusion: Confusion) -> Table:
    if len(confusion.labels) > _WIDEST_MATRIX:
        return _commonest_mistakes(confusion)
    table = Table(box=None, pad_edge=False, title="rows: what it was, columns: what was decided", title_justify="left")
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
            (count, label, decided)
            for label, counts in zip(confusion.labels, confusion.counts, strict=True)
            for decided, count in zip(confusion.labels, counts, strict=True)
            if count and label != decided
        ),
        key=lambda mistake: (-mistake[0], mistake[1:]),
    )
    table = Table(
        "it was", "decided", "times", box=None, pad_edge=False, title="commonest mistakes", title_justify="left"
    )
    for count, label, decided in mistakes[:_WIDEST_MATRIX]:
        table.add_row(label, decided, str(count))
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
