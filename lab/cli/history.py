"""List earlier runs, and plot their metrics over commits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated

import typer

from lab import chart_file
from lab.errors import UsageError
from lab.history import changes, choice, database, entries, listing
from lab.history.changes import Changes
from lab.history.choice import Choice
from lab.history.entries import Entry
from lab.metrics import by_name
from lab.output import say, say_json
from lab.reporting.console import to_stdout
from lab.reporting.wording import plural
from lab.verdict import baseline, policy
from lab.verdict.policy import Policy

GROUP = "Look at results"
EXAMPLES = ("lab history keyword-spotting", "lab history --since 2w --plot accuracy.svg --metric accuracy")

_LISTED = 20
_MAKE_ONE = "Every `lab run` adds one."


def command(
    workloads: Annotated[
        list[str] | None, typer.Argument(metavar="[WORKLOAD]...", help="Runs of these only.", show_default="all")
    ] = None,
    targets: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="TARGET", help="Runs on this board; may be repeated.", show_default="all"),
    ] = None,
    metrics: Annotated[
        list[str] | None,
        typer.Option("--metric", metavar="NAME", help="Show this; may be repeated.", show_default="the usual ones"),
    ] = None,
    verdict: Annotated[
        str | None, typer.Option(metavar="VERDICT", help="passed, failed, error or interrupted.", show_default="any")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="An age (12h, 3d, 2w) or a date in UTC.", show_default="the first run"),
    ] = None,
    commit: Annotated[
        str | None, typer.Option(metavar="REV", help="A commit: hash, branch, tag or HEAD~N.", show_default="any")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="The newest N.", show_default=f"{_LISTED} in the table, else all"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the metrics over commits: .png, .svg or .pdf.", show_default="no"),
    ] = None,
) -> None:
    """List earlier runs, newest first, and how metrics changed since the previous comparable run.

    Every `lab run` adds to runs/history.sqlite in the current folder, or to the file that LAB_HISTORY names.
    """
    if plot:
        chart_file.check(plot)
    file = database.location()
    wanted = Choice(
        workloads=workloads or (),
        targets=targets or (),
        verdict=verdict,
        since=choice.moment(since, datetime.now(timezone.utc)) if since else None,
        commit=commit,
    )
    with entries.opened(file) as kept:
        known = kept.known() if kept else None
        if kept is None or known is None or not known.runs:
            _say_empty(file, as_json=as_json, plot=plot)
            return
        conditions = wanted.conditions(known)
        names = choice.metrics(known, metrics or (), None if as_json else _usual())
        shown = kept.newest(*conditions, limit=limit or (None if as_json or plot else _LISTED))
        found = kept.count(*conditions)
        if plot is None:
            rest = None if len(shown) == known.runs else kept
            changed = changes.of(shown, _policy(), rest, gapless=wanted.is_gapless)
    if plot is not None:
        from lab.history import chart  # noqa: PLC0415 - loads Matplotlib

        chart.save(plot, shown, names, _policy())
        say(plot)
    elif as_json:
        rows = zip(shown, changed, strict=True)
        say_json(json.dumps([listing.data(entry, change, names) for entry, change in rows], indent=2))
    else:
        _print(shown, changed, names, found=found, of=known.runs)


def _say_empty(file: Path, *, as_json: bool, plot: Path | None) -> None:
    if plot:
        raise UsageError(f"There is nothing to plot: {file} has no runs.", remedy=_MAKE_ONE, code="empty-history")
    if as_json:
        say_json("[]")
        return
    say(f"There are no runs in {file} yet. {_MAKE_ONE}")


def _policy() -> Policy:
    return policy.load(baseline.folder())


def _print(shown: Sequence[Entry], changed: Sequence[Changes], names: Sequence[str], *, found: int, of: int) -> None:
    console = to_stdout()
    for table in listing.tables(shown, changed, names, console.width):
        console.print(table)
        console.print()
    if any(entry.commit and entry.dirty for entry in shown):
        console.print("* with uncommitted changes")
    console.print(_counted(len(shown), found, of))


def _counted(shown: int, found: int, of: int) -> str:
    if found == 0:
        return f"No run of {of:,} is as asked for."
    whole = plural(of, "run") if found == of else f"{found:,} of {plural(of, 'run')}"
    more = f"; the newest {shown:,} are shown, --limit N shows more" if shown < found else ""
    return f"{whole}{more}."


def _usual() -> list[str]:
    return [name for name, metric in by_name().items() if metric.main]
