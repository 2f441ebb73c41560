"""What pages say about commands and numbers is what the code does; tests/errors says the same of errors."""

from __future__ import annotations

import re

from lab import cli
from lab.metrics import defined
from lab.verdict.checks import SKIPPED

from .documents import ROOT, table

DOCS = ROOT / "docs"


def test_the_readme_lists_each_command_and_no_other():
    rows = table(ROOT / "README.md", "Commands")
    assert {re.match(r"`lab (\w+)", row[0])[1] for row in rows} == set(cli.commands())


def test_the_page_of_numbers_defines_each_metric_with_its_kind():
    rows = {row[0].strip("`"): row[1] for row in table(DOCS / "numbers.md", "The metrics")}
    assert rows.pop(SKIPPED) == ""
    assert rows == {name: metric.kind for name, metric in defined("clip").items()}
    of_streams = {row[0].strip("`"): row[1] for row in table(DOCS / "numbers.md", "The metrics of a stream")}
    assert of_streams == {name: metric.kind for name, metric in defined("stream").items()}
