"""What pages say about commands and numbers is what the code does; tests/errors says the same of errors."""

from __future__ import annotations

import re

from lab import cli
from lab.metrics import METRICS
from lab.verdict.checks import SKIPPED

from .documents import ROOT, blocks, table

DOCS = ROOT / "docs"


def test_the_readme_lists_each_command_and_no_other():
    rows = table(ROOT / "README.md", "Commands")
    assert {re.match(r"`lab (\w+)", row[0])[1] for row in rows} == set(cli.commands())


def test_the_page_of_numbers_defines_each_metric_with_its_kind():
    rows = {row[0].strip("`"): row[1] for row in table(DOCS / "numbers.md", "The metrics")}
    assert rows.pop(SKIPPED) == ""
    assert rows == {name: metric.kind for name, metric in METRICS.items()}


def test_the_readme_shows_the_metrics_that_a_run_prints():
    (shown,) = [block for block in blocks(ROOT / "README.md") if "instructions_per_inference" in block.text]
    lines = shown.text.partition("───")[2].splitlines()[1:]
    names = [line.split()[0] for line in lines if re.match(r" [a-z_]+ {2}", line)]
    assert names == [*METRICS, SKIPPED]
