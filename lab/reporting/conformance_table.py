"""A conformance run as a person reads it in the terminal."""

from __future__ import annotations

from collections import Counter

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab.conformance.outcome import Conformance, Outcome
from lab.reporting.shown import shown

_COLOURS = {
    "equal": "green",
    "equal by name": "green",
    "differs": "bold red",
    "stricter": "cyan",
    "broken": "bold red",
    "not run": "yellow",
}
_VERDICTS = {
    "equal": ("no difference", "bold green"),
    "differs": ("differences found", "bold red"),
    "broken": ("an engine broke", "bold red"),
}


def print_conformance(found: Conformance, console: Console) -> None:
    """Print a row for each firmware, then each difference with both sides, then how many there are of each."""
    found = shown(found)
    console.print(_table(found))
    for outcome in found.outcomes:
        if outcome.difference is not None or outcome.reason:
            _print_notes(outcome, found, console)
    for left_out, number in Counter(one.not_compared for one in found.outcomes if one.not_compared).items():
        console.print(
            f"{number} of another image than the recorded one, not compared: {', '.join(left_out)}.", soft_wrap=True
        )
    for note in found.notes:
        console.print(Text(note), soft_wrap=True)
    console.print(_summary(found), soft_wrap=True)


def _table(found: Conformance) -> Table:
    table = Table("target", "firmware", "outcome", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("events", "instructions"):
        table.add_column(heading, justify="right")
    for one in found.outcomes:
        numbers = (f"{one.events:,}", f"{one.instructions:,}")
        table.add_row(
            one.target,
            Text(one.name, overflow="fold"),
            Text(one.status, _COLOURS[one.status]),
            *(numbers if one.instructions else ()),
        )
    return table


def _print_notes(outcome: Outcome, found: Conformance, console: Console) -> None:
    said = Text.assemble((f"{outcome.target} {outcome.name}", "bold"), ": ", (outcome.status, _COLOURS[outcome.status]))
    if outcome.reason:
        said.append(f": {outcome.reason}")
    console.print(said, soft_wrap=True)
    difference = outcome.difference
    if difference is None:
        return
    after = f", after {difference.after}" if difference.after else ""
    line = f" ({difference.line})" if difference.line else ""
    console.print(Text(f"  {difference.where}{after}{line}"), soft_wrap=True)
    width = max(len(found.engine), len(found.reference))
    for side, value in ((found.engine, difference.here), (found.reference, difference.there)):
        console.print(Text(f"    {side:{width}}  {value}"), soft_wrap=True)


def _summary(found: Conformance) -> Text:
    counts = [f"{number} {status}" for status in _COLOURS if (number := found.count(status))]  # type: ignore[arg-type]
    verdict = _VERDICTS[found.verdict]
    return Text.assemble(verdict, f": {found.engine} against {found.reference}, {', '.join(counts)}")
