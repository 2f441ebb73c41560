"""Variants of a model side by side, as a person reads them in the terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab.reporting import wording
from lab.reporting.shown import shown
from lab.reporting.whole_table import print_whole
from lab.variants.outcome import Accuracy, Outcome, Variant


def print_outcome(outcome: Outcome, console: Console) -> None:
    """Print accuracy and costs of each, the accuracy by label, why some do not run, and which is the smallest."""
    outcome = shown(outcome)
    recordings = wording.plural(outcome.recordings, "recording")
    console.print(
        Text.assemble(
            (outcome.workload, "bold"),
            f" on {outcome.target}, {outcome.kernels} kernels, TFLM {outcome.tflm}; {recordings}, {outcome.source}",
        ),
        soft_wrap=True,
    )
    print_whole(_costs(outcome), console)
    print_whole(_by_label(outcome), console)
    for one in outcome.variants:
        if one.refused:
            console.print(f"{one.name} does not run: {one.refused}", style="yellow", markup=False, soft_wrap=True)
    console.print(in_words(outcome), style="bold" if outcome.smallest else "yellow", soft_wrap=True)


def in_words(outcome: Outcome) -> str:
    """Which variant to ship."""
    if outcome.compared_with is None:
        return f"No variant runs on {outcome.target}."
    points = "1 point" if outcome.most_loss == 1 else f"{outcome.most_loss:g} points"
    within = f"within {points} of {outcome.compared_with}"
    for one in outcome.variants:
        if one.name == outcome.smallest:
            return f"The smallest {within}: {one.name}, {one.bytes:,} bytes, {percent(one.device)} on the device."
    return f"No variant that runs on {outcome.target} is {within}."


def percent(found: Accuracy | None) -> str:
    """`93.4 %`, nothing where it is not known."""
    return "" if found is None else f"{100 * found.share:.1f} %"


def equal(variant: Variant) -> str:
    """Whether the device's outputs are the host's."""
    if variant.cost is None:
        return "does not run"
    return {True: "yes", False: "NO", None: "not compared"}[variant.cost.equals_host]


def _costs(outcome: Outcome) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("variant", no_wrap=True)
    for heading in ("device", "host", "equal", "bytes", "gzip", "arena", "flash", "instructions", "cycles", "ms"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in outcome.variants:
        cost = one.cost
        counts = (cost.arena, cost.flash, cost.instructions, cost.cycles) if cost else (None,) * 4
        table.add_row(
            Text(one.name, "bold" if one.name == outcome.smallest else ""),
            percent(one.device),
            percent(one.host),
            Text(equal(one), "bold red" if cost and cost.equals_host is False else ""),
            f"{one.bytes:,}",
            f"{one.compressed_bytes:,}",
            *("" if count is None else f"{count:,}" for count in counts),
            f"{cost.latency_ms:,.1f}" if cost and cost.latency_ms is not None else "",
        )
    return table


def _by_label(outcome: Outcome) -> Table:
    """On the device; of what does not run there, on the host."""
    known = [(one, found) for one in outcome.variants if (found := one.device or one.host)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("accuracy by label", no_wrap=True)
    table.add_column("recordings", justify="right", no_wrap=True)
    for one, _ in known:
        table.add_column(one.name if one.device else f"{one.name} (host)", justify="right", no_wrap=True)
    for rights in zip(*(found.by_label for _, found in known), strict=True):
        shares = (f"{100 * one.right / one.recordings:.1f}" for one in rights)
        table.add_row(rights[0].label, f"{rights[0].recordings:,}", *shares)
    return table
