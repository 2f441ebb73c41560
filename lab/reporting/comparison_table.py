"""Two runs side by side as a person reads them in the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab.reporting import comparison_words as words
from lab.reporting import wording
from lab.reporting.shown import shown
from lab.verdict.result import Change, ClipChange, Comparison, IdentityChange, SizeChange
from lab.verdict.side_by_side import ClipCount, Pairing, SideBySide

_KINDS = {"section": "sections", "library": "libraries", "symbol": "symbols"}
_LIBRARY = 12  # characters
_NAME = 28  # characters at least
_BESIDE = 50  # characters of a line beside the name


def print_comparison(found: SideBySide, console: Console, *, most: int) -> None:
    """Print every pair; of symbols and recordings at most `most` each."""
    found = shown(found)
    for pair in found.pairs:
        console.print(Text.assemble((pair.name, "bold"), f": {found.before} → {found.now}"), soft_wrap=True)
        _print_pair(console, pair, most)
    for side, names in ((found.before, found.only_before), (found.now, found.only_now)):
        if names:
            console.print(Text(f"only in {side}: {', '.join(names)}"), soft_wrap=True)


def metrics(changes: Sequence[Change]) -> Table:
    """The metrics with both values, their change and how it stands."""
    table = Table("metric", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("before", "now", "change"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for change in changes:
        before, now = (
            "missing" if value is None else wording.number(value, change.metric)
            for value in (change.before, change.now)
        )
        style = words.COLOURS[change.standing]
        table.add_row(change.metric, before, now, words.change(change), Text(change.standing, style))
    return table


def _print_pair(console: Console, pair: Pairing, most: int) -> None:
    comparison = pair.comparison
    if comparison.identities:
        console.print(identities(comparison.identities))
    console.print(metrics(comparison.changes))
    if comparison.sizes:
        console.print(_sizes(comparison.sizes, most, room=max(_NAME, console.width - _BESIDE)))
    if comparison.clips:
        console.print(_clips(comparison.clips, most))
        console.print()
    if pair.instructions:
        console.print(Text(_instructions(pair.instructions, pair.counted)))
    console.print(_summary(comparison), soft_wrap=True)
    console.print()


def identities(changes: Sequence[IdentityChange]) -> Table:
    """What firmware and numbers come from, where that changed."""
    table = Table("not the same", "before", "now", box=box.SIMPLE_HEAD, pad_edge=False)
    for change in changes:
        table.add_row(*map(Text, words.identity(change)))
    return table


def _sizes(sizes: Sequence[SizeChange], most: int, room: int) -> Table:
    table = Table("bytes of", "in", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("before", "now", "change"):
        table.add_column(heading, justify="right")
    for kind, heading in _KINDS.items():
        changed = [size for size in sizes if size.kind == kind]
        if changed:
            table.add_row(Text(f"{heading} ({len(changed):,})", "bold"))
        for size in changed[:most]:
            before, now = (words.fate(size) if value is None else f"{value:,}" for value in (size.before, size.now))
            change = Text(words.growth(size), "red" if size.growth > 0 else "green")
            name, library = words.clipped(size.name or "(none)", room), words.clipped(size.library, _LIBRARY)
            table.add_row(Text(f"  {name}"), Text(library), before, now, change)
        if len(changed) > most:
            rest = sum(size.growth for size in changed[most:])
            table.add_row(Text(f"  {len(changed) - most:,} more, with --json", "dim"), "", "", "", f"{rest:+,}")
    return table


def _clips(clips: Sequence[ClipChange], most: int) -> Table:
    turns = Counter(map(words.turn, clips))
    counts = ", ".join(f"{count:,} {turn}" for turn, count in turns.most_common())
    table = Table("recording", "is", "before", "now", "", box=box.SIMPLE_HEAD, pad_edge=False)
    table.title, table.title_justify, table.title_style = f"changed recordings: {counts}", "left", ""
    shown = sorted(clips, key=lambda clip: words.turn(clip) != "now wrong")[:most]
    for clip in shown:
        turn = words.turn(clip)
        style = {"now wrong": "red", "now right": "green"}.get(turn, "dim")
        table.add_row(*map(Text, (clip.clip, clip.label, clip.before or "", clip.now or "")), Text(turn, style))
    if len(clips) > most:
        table.add_row(Text(f"{len(clips) - most:,} more, with --json", "dim"))
    return table


def _instructions(counts: Sequence[ClipCount], counted: int) -> str:
    by = sorted(count.now - count.before for count in counts)
    return (
        f"instructions: {len(counts):,} of {wording.plural(counted, 'recording')} take another number, "
        f"by {by[0]:+,} to {by[-1]:+,}, median {median(by):+,.0f}"
    )


def _summary(comparison: Comparison) -> Text:
    style = f"bold {words.COLOURS[comparison.standing]}" if comparison.standing != "same" else "bold"
    why = f": {comparison.why}" if comparison.why else ""
    return Text.assemble((comparison.standing.upper(), style), why)
