"""What pages say about commands, numbers and errors is what the code does."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from lab import cli, errors, target, workload
from lab.measuring import metrics
from lab.measuring.device_log import Boot
from lab.measuring.measurement import Memory
from lab.verdict.checks import SKIPPED

from .documents import ROOT, blocks, table

DOCS = ROOT / "docs"
ANY = "…"


def reported():
    boot = Boot.model_construct(arena_used=0)
    found = metrics.of(
        (), boot, Memory(0, 0, 0, 0, 0, 0, ()), workload.load("keyword-spotting"), target.load("nano33ble")
    )
    return {name: metric.kind for name, metric in found.items()}


def test_the_readme_lists_each_command_and_no_other():
    rows = table(ROOT / "README.md", "Commands")
    assert {re.match(r"`lab (\w+)", row[0])[1] for row in rows} == set(cli.commands())


def test_the_page_of_numbers_defines_each_metric_with_its_kind():
    rows = {row[0].strip("`"): row[1] for row in table(DOCS / "numbers.md")}
    assert rows.pop(SKIPPED) == ""
    assert rows == reported()


def test_the_readme_shows_the_metrics_that_a_run_prints():
    (shown,) = [block for block in blocks(ROOT / "README.md") if "instructions_per_inference" in block.text]
    lines = shown.text.partition("───")[2].splitlines()[1:]
    names = [line.split()[0] for line in lines if re.match(r" [a-z_]+ {2}", line)]
    assert names == [*reported(), SKIPPED]


@cache
def said_by_the_code():
    """Every string in `lab/`, what is filled in as `…`."""
    found = []
    for file in (ROOT / "lab").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.JoinedStr | ast.BinOp | ast.Constant):
                found.append(re.sub(f"{ANY}+", ANY, pattern(node)))
    return found


def pattern(node):
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else ANY for part in node.values)
    if isinstance(node, ast.BinOp):
        return pattern(node.left) + pattern(node.right)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ANY


def is_said(message):
    return any(re.sub(f"{ANY}+", ANY, message) in said for said in said_by_the_code())


ERRORS = [
    (code, *row)
    for code in (1, 2, 3)
    for row in table(DOCS / "troubleshooting.md", f"Exit code {code}:")
    if len(row) == 4
]


@pytest.mark.parametrize(("code", "kind", "message", "_cause", "_remedy"), ERRORS)
def test_an_error_is_explained_under_its_exit_code_and_in_its_own_words(code, kind, message, _cause, _remedy):
    assert getattr(errors, kind.strip("`")).exit_code == code
    assert is_said(message.strip("`"))


def test_words_that_no_error_says_would_be_seen():
    assert is_said("Another run is writing to ….")
    assert not is_said("Another run is reading from ….")


def test_every_kind_of_error_is_explained():
    explained = {row[1].strip("`") for row in ERRORS}
    leaves = {
        kind.__name__ for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.LabError)
    }
    assert leaves - explained == {"LabError"}
