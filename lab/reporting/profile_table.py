"""What `lab profile` found, as a person reads it in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab.profiling.operators import shape
from lab.profiling.profile import BoardProfile, Phase, Profile
from lab.reporting import profile_rows
from lab.reporting.profile_rows import Row
from lab.reporting.shown import shown
from lab.reporting.whole_table import print_whole

_FUNCTIONS = 8
_LONGEST_NAME = 40


def print_profile(profile: Profile, folder: Path, console: Console) -> None:
    """Print, for each target, operators, stages of the frontend and the costliest functions, kernels side by side."""
    profile = shown(profile)
    for variants in profile_rows.boards(profile):
        last = variants[-1]
        console.print()
        decided = f" on {last.target}, which decides {profile.clip} as {last.decided!r}"
        console.print(Text.assemble((profile.workload, "bold"), decided))
        console.print(f"Cycles are modelled by {last.cost_model}, {last.cycle_error}.")
        for table in (_inference(variants), _features(variants), _functions(last), _others(variants)):
            print_whole(table, console)
            console.print()
    console.print(f"files       {folder}", soft_wrap=True)


def _inference(variants: Sequence[BoardProfile]) -> Table:
    table = _table(("", "operator", "output"), (*_headings(variants), "/MAC"))
    phases = [board.inference for board in variants]
    rows = profile_rows.rows(phases)
    for row in rows:
        operator = row.operator
        if operator:
            table.add_row(str(operator.index), row.name, shape(operator.output), *_costs(row), _per_mac(row))
    table.add_section()
    for kind in profile_rows.kinds(variants):
        per_mac = f"{kind.instructions[-1] / kind.macs:.2f}" if kind.macs else ""
        times = [f"{kind.instructions[0] / kind.instructions[-1]:.1f}"] if len(variants) > 1 else []
        counts = [f"{count:,}" for count in kind.instructions]
        table.add_row(
            "", kind.name, f"all {kind.count}", *counts, *times, f"{kind.cycles:,}", f"{kind.share:.1%}", per_mac
        )
    table.add_section()
    for row in rows:
        if not row.operator:
            table.add_row("", row.name, "", *_costs(row), "")
    table.add_section()
    table.add_row("", "inference", "", *_sum(phases), "", style="bold")
    return table


def _features(variants: Sequence[BoardProfile]) -> Table:
    table = _table(("stage",), ("calls", *_headings(variants)))
    phases = [board.features for board in variants]
    for row in profile_rows.rows(phases):
        table.add_row(row.name, f"{row.last.calls:,}" if row.last and row.last.calls else "", *_costs(row))
    table.add_section()
    table.add_row("features", "", *_sum(phases), style="bold")
    return table


def _functions(board: BoardProfile) -> Table:
    table = _table((f"function by itself, {board.kernels}",), ("calls", "instructions", "cycles", "share"))
    whole = sum(one.instructions for one in board.functions)
    for one in board.functions[:_FUNCTIONS]:
        name = one.name if len(one.name) <= _LONGEST_NAME else f"…{one.name[1 - _LONGEST_NAME :]}"
        share = f"{one.instructions / whole:.1%}"
        table.add_row(name, f"{one.calls:,}" if one.calls else "", f"{one.instructions:,}", f"{one.cycles:,}", share)
    return table


def _others(variants: Sequence[BoardProfile]) -> Table:
    table = _table(("besides",), _headings(variants)[:-1])
    for row in profile_rows.rows([board.remainder for board in variants]):
        table.add_row(row.name, *_costs(row)[:-1])
    for row in profile_rows.rows([board.start_up for board in variants]):
        table.add_row(row.name, *_costs(row)[:-1])
    return table


def _table(words: Sequence[str], numbers: Sequence[str]) -> Table:
    """A table without lines to its sides, so that eleven digits beside eleven digits fit 80 columns."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=0)
    for heading in words:
        table.add_column(heading, no_wrap=True)
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _headings(variants: Sequence[BoardProfile]) -> list[str]:
    names = [board.kernels for board in variants] if len(variants) > 1 else ["instructions"]
    return [*names, *(["ratio"] if len(variants) > 1 else []), "cycles", "share"]


def _costs(row: Row) -> list[str]:
    counts = [f"{part.instructions:,}" if part else "" for part in row.parts]
    last = row.last
    own = [f"{last.cycles:,}", f"{last.share:.1%}"] if last else ["", ""]
    return [*counts, *_times(row.ratio, len(row.parts)), *own]


def _sum(phases: Sequence[Phase]) -> list[str]:
    times = _times(profile_rows.ratio(phases[0], phases[-1]), len(phases))
    return [*(f"{phase.instructions:,}" for phase in phases), *times, f"{phases[-1].cycles:,}", ""]


def _times(ratio: float | None, variants: int) -> list[str]:
    if variants == 1:
        return []
    return ["" if ratio is None else f"{ratio:.1f}"]


def _per_mac(row: Row) -> str:
    last = row.operator if row.last is None else row.last
    per_mac = getattr(last, "per_mac", None)
    return "" if per_mac is None else f"{per_mac:.2f}"
