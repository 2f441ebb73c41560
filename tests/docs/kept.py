"""What is kept of runs in `baselines/`, spelled as pages spell it, and the samples of runs that pages show."""

from __future__ import annotations

import re
from pathlib import Path

from lab import target, workload
from lab.engines import selection
from lab.metrics import Mode, defined
from lab.reporting import wording
from lab.reporting.metric_rows import MetricRow
from lab.verdict import baseline
from lab.verdict.baseline import Baseline
from lab.verdict.result import Bounds
from tests.docs.documents import ROOT, blocks

WORKLOAD = "keyword-spotting"
DOCS = ROOT / "docs"
_UNITS = {"%": 100, "M": 1e-6, "million": 1e-6}


def baselines(name: str = WORKLOAD, mode: Mode = "clip") -> dict[str, Baseline]:
    """What is kept for each board of the workload, with the kernels that suit it."""
    boards = map(target.load, workload.load(name).targets)
    stream = "-stream" if mode == "stream" else ""
    return {
        one.name: baseline.read(baseline.file_of(ROOT / "baselines", name, one.name, one.core.kernels + stream))
        for one in boards
    }


def values(golden: Baseline) -> dict[str, str]:
    """Each metric's value, as tables show it."""
    return {name: wording.number(metric.value, name) for name, metric in golden.metrics.items()}


def cycles_note(board: str, golden: Baseline) -> str:
    """What a run on that board says of its cycles: by which tables they are, and how far these were from boards."""
    return f"modelled by {golden.build['cost_model']}, {selection.select('builtin').cycle_error(target.load(board))}"


def row(name: str, board: str, golden: Baseline, mode: Mode = "clip", of: str = WORKLOAD) -> str:
    """The line of a metric in the terminal's table of a run that is as the baseline, each piece a blank apart."""
    ratios = selection.select("builtin").cycle_ratios(target.load(board))
    value = golden.metrics[name].value
    shown = MetricRow(name, value, defined(mode)[name].quantity(value, ratios), None, None, None, None)
    limit = workload.load(of).limits_for(board, mode)[name]
    asked = wording.bounds(Bounds(at_least=limit.at_least, at_most=limit.at_most), name)
    return f"{name} {shown.value_in_words} {shown.margin_in_words} {asked} = ok"


def board_row(name: str, golden: Baseline) -> str:
    """The row of a board in the page of numbers."""
    value = {metric: one.value for metric, one in golden.metrics.items()}
    cells = (
        f"`{name}`",
        f"`{golden.variant}`",
        f"{value['instructions_per_inference']:,}",
        f"{value['cycles_per_inference']:,}",
        f"{value['latency_ms']:.1f} ms",
        f"{value['cpu_load']:.1%}".replace("%", " %"),
        f"{value['realtime_headroom']:.1f}",
        f"{value['flash_bytes']:,}",
        f"{value['ram_bytes']:,}",
    )
    return " | ".join(cells)


def sample(page: Path, column: str) -> str:
    """The page's sample of a run whose table of metrics has that column."""
    (found,) = (block.text for block in blocks(page) if re.search(rf"^ metric .*{column}", block.text, re.MULTILINE))
    return found


def rows(text: str) -> dict[str, str]:
    """The lines of a sample's table of metrics by their first word, each piece a blank apart."""
    lines = text.partition("───\n")[2].partition("\n\n")[0].splitlines()
    return {line.split()[0]: " ".join(line.split()) for line in lines}


def says(cell: str, value: float) -> bool:
    """Whether the number in that text is the value to the digits that it has; `%`, `M` and `million` scale it."""
    number, _, unit = cell.partition(" ")
    digits = number.replace(",", "")
    exact = value * _UNITS.get(unit, 1)
    return abs(float(digits) - exact) <= 0.5 * 0.1 ** len(digits.partition(".")[2]) * (1 + 1e-9)
