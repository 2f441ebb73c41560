"""Modelled times beside published ones, as a person reads them in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab.benching.published import Rerun
from lab.reporting import wording
from lab.reporting.shown import shown
from lab.reporting.whole_table import print_whole

_USES = {None: "", "fit": "fitted to", "held": "kept aside"}


def print_figures(figures: Sequence[Rerun], console: Console, within: float | None) -> None:
    """Print a row for each figure, and the mean and range of the errors, for figures kept aside apart."""
    figures = [shown(one) for one in figures]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("model", "measured on", "modelled as", ""):
        table.add_column(heading, no_wrap=True)
    for heading in ("instructions", "published ms", "modelled ms", "error"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in figures:
        names = (one.model, one.board, one.target, _USES[one.use])
        error = one.error
        if error is not None and one.modelled_ms is not None and one.instructions is not None:
            colour = "" if within is None else "green" if abs(error) <= within else "bold red"
            modelled = (f"{one.instructions:,}", f"{one.published_ms:,.2f}", f"{one.modelled_ms:,.2f}")
            table.add_row(*names, *modelled, Text(f"{error:+.1%}", colour))
        else:
            table.add_row(
                one.model, one.board, one.target, _USES[one.use], "", f"{one.published_ms:,.2f}", "not run", ""
            )
    print_whole(table, console)
    for use in sorted({one.use for one in figures}, key=str):
        errors = [one.error for one in figures if one.error is not None and one.use == use]
        if errors:
            console.print(_summed_up(errors, _USES[use]), soft_wrap=True)
    rebuilt = {one.model: one.not_run for one in figures if one.not_run}
    for model, how in rebuilt.items():
        console.print(f"{model} was not run, there is no file of it: {how}", soft_wrap=True, markup=False)


def _summed_up(errors: Sequence[float], use: str) -> str:
    figures = f"{wording.plural(len(errors), 'figure')}{f' {use}' if use else ''}"
    return f"{figures}: errors {min(errors):+.1%} to {max(errors):+.1%}, mean {mean(errors):+.1%}"
