"""What pages say about commands and numbers is what the code does; tests/errors says the same of errors."""

from __future__ import annotations

import re

from lab import cli, target, workload
from lab.metrics import defined
from lab.reporting import wording
from lab.verdict import baseline
from lab.verdict.baseline import Baseline
from lab.verdict.checks import SKIPPED

from .documents import ROOT, blocks, table

DOCS = ROOT / "docs"
WORKLOAD = "keyword-spotting"


def test_the_readme_lists_each_command_and_no_other():
    rows = table(ROOT / "README.md", "Commands")
    assert {re.match(r"`lab (\w+)", row[0])[1] for row in rows} == set(cli.commands())


def test_the_page_of_numbers_defines_each_metric_with_its_kind():
    rows = {row[0].strip("`"): row[1] for row in table(DOCS / "numbers.md", "The metrics")}
    assert rows.pop(SKIPPED) == ""
    assert rows == {name: metric.kind for name, metric in defined("clip").items()}
    of_streams = {row[0].strip("`"): row[1] for row in table(DOCS / "numbers.md", "The metrics of a stream")}
    assert of_streams == {name: metric.kind for name, metric in defined("stream").items()}


def test_the_readme_shows_a_run_as_the_baseline_has_it():
    kept = baselines()
    first = workload.load(WORKLOAD).targets[0]
    rows = shown("change")
    assert list(rows) == [*workload.load(WORKLOAD).metrics(), SKIPPED]
    assert {name: row[0] for name, row in rows.items() if name != SKIPPED} == values(kept[first])


def test_the_readme_shows_the_boards_as_the_baselines_have_them():
    kept = baselines()
    rows = shown("stm32f746g")
    assert list(rows) == ["kernels", *workload.load(WORKLOAD).metrics(), SKIPPED, "baseline", "verdict"]
    assert rows["kernels"] == [golden.variant for golden in kept.values()]
    for name in workload.load(WORKLOAD).metrics():
        assert rows[name] == [values(golden)[name] for golden in kept.values()]


def test_the_page_of_numbers_has_the_boards_as_the_baselines_have_them():
    rows = [" | ".join(row) for row in table(DOCS / "numbers.md", "The boards")]
    assert rows == [board(name, golden) for name, golden in baselines().items()]


def test_each_board_hears_each_recording_as_the_host_does_and_as_well_as_the_others():
    kept = baselines().values()
    assert {golden.metrics["bit_exact"].value for golden in kept} == {1.0}
    assert {(golden.recordings.count, golden.recordings.stimuli) for golden in kept} == {
        (242, next(iter(kept)).recordings.stimuli)
    }


def board(name: str, golden: Baseline) -> str:
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


def baselines() -> dict[str, Baseline]:
    """What is kept for each board of the workload, with the kernels that suit it."""
    boards = map(target.load, workload.load(WORKLOAD).targets)
    return {
        one.name: baseline.read(baseline.file_of(ROOT / "baselines", WORKLOAD, one.name, one.core.kernels))
        for one in boards
    }


def values(golden: Baseline) -> dict[str, str]:
    return {name: wording.number(metric.value, name) for name, metric in golden.metrics.items()}


def shown(column: str) -> dict[str, list[str]]:
    """The rows of the README's sample of a run that has that column: the first word, and the others."""
    (sample,) = [
        block.text for block in blocks(ROOT / "README.md") if re.search(rf"^ metric .*{column}", block.text, re.M)
    ]
    lines = sample.partition("───\n")[2].splitlines()
    cells = [
        re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", line) for line in lines
    ]  # the number and its sign are one cell
    rows = [re.split(r"[ ]+", line.strip()) for line in cells[: lines.index("") if "" in lines else None]]
    rows = [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in rows]
    return {name: rest for name, *rest in rows}
