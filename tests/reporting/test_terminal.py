"""What a person reads at the end of a run, in terminals of any width."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lab.metrics import Quantity
from lab.reporting import terminal
from lab.reporting.metric_rows import MetricRow, metric_rows
from tests.reporting import results


@pytest.mark.parametrize("width", [20, 40, 50, 60, 80, 120])
def test_no_number_is_cut_or_broken_in_a_narrow_terminal(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    result = results.regressed()
    terminal.print_result(result, Path("runs/latest"))
    shown = capsys.readouterr().out
    assert "…" not in shown
    for row in metric_rows(result.runs[0]):
        assert re.search(rf"(?m)(^| ){re.escape(row.value_in_words)} ", shown), row.name


@pytest.mark.parametrize("width", [20, 50, 80])
def test_no_number_of_several_boards_is_cut_or_broken_either(capsys, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    result = results.side_by_side()
    terminal.print_together(result, Path("runs/latest"))
    shown = capsys.readouterr().out
    assert "…" not in shown
    for run in result.runs:
        for row in metric_rows(run):
            assert row.value_in_words in shown


def test_kinds_are_left_out_before_anything_else_is_broken(capsys, monkeypatch):
    shown = {}
    for width in (120, 62):
        monkeypatch.setenv("COLUMNS", str(width))
        terminal.print_result(results.passing(), Path("runs/latest"))
        shown[width] = capsys.readouterr().out
    assert "modelled" in shown[120]
    assert "modelled" not in shown[62]
    assert "instructions_per_inference" in shown[62]


@pytest.mark.parametrize(
    ("name", "value", "interval", "margin", "whole"),
    [
        ("cycles_per_inference", 588_724, (571_062.3, 800_664.6), "-3 to +36 %", "modelled, 571,000 to 801,000"),
        ("cpu_load", 0.0018705, (0.001814, 0.002544), "-3 to +36 %", "modelled, 0.181 % to 0.254 %"),
        ("latency_ms", 9.19881, None, "modelled", "modelled"),
    ],
)
def test_a_modelled_figure_has_its_interval_beside_it(name, value, interval, margin, whole):
    row = MetricRow(name, value, Quantity(value, "", "modelled", interval), None, None, None, None)
    assert (row.margin_in_words, row.kind_in_words) == (margin, whole)
