"""A baseline as a person reads it in the terminal."""

from __future__ import annotations

from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab.reporting import wording
from lab.verdict.baseline import Baseline
from lab.verdict.policy import Policy, Rule
from lab.verdict.where import where


def print_baseline(golden: Baseline, file: Path, policy: Policy, console: Console) -> None:
    """Print where it is kept, what it comes from, and each metric with what the policy tolerates."""
    console.print(Text(where(file), "bold"), soft_wrap=True)
    console.print(f"{wording.plural(golden.recordings.count, 'recording')}, stimuli {golden.recordings.stimuli[:8]}")
    for name, value in golden.build.items():
        console.print(Text(f"{name.replace('_', ' ')}: {value}"), soft_wrap=True)
    console.print(_metrics(golden, policy))


def _metrics(golden: Baseline, policy: Policy) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("metric", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("tolerated", no_wrap=True)
    table.add_column("compared with the same")
    for name, metric in golden.metrics.items():
        rule = policy.metrics.get(name)
        needs = ", ".join(need.replace("_", " ") for need in rule.needs) if rule else ""
        table.add_row(name, wording.number(metric.value, name), _tolerated(rule, metric.value, name), Text(needs))
    return table


def _tolerated(rule: Rule | None, value: float | None, name: str) -> str:
    return "" if rule is None or value is None else wording.bounds(rule.tolerated(value), name)
