"""Numbers in words: what a reader of any report sees of a metric's value."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lab import metrics, tasks
from lab.metrics import _by_name

NEW_METRIC = """
from lab.metrics._metric import OfRecordings, Tolerance

LOUDNESS = OfRecordings(
    name="loudness", place=999, meaning="How loud it was", kind="exact", direction="higher",
    tolerance=Tolerance(absolute=0.1), share=True, over="mean", of_one=lambda clip, _: 0.5,
)
"""


def run_python(folder, *lines):
    script = "\n".join(lines)
    return subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("metric", "value", "shown"),
    [
        ("accuracy", 0.8925619834710744, "89.256 %"),
        ("accuracy", 1, "100 %"),
        ("accuracy", 0, "0 %"),
        ("bit_exact", 0.99999, "99.999 %"),
        ("miss_rate", 0.123, "12.3 %"),
        ("cpu_load", 0.0520989, "5.2099 %"),
        ("instructions_per_inference", 12_184_492, "12,184,492"),
        ("latency_ms", 232.67634, "232.676"),
        ("a metric of somebody's own", 0.5, "0.5"),
    ],
)
def test_a_share_is_shown_in_per_cent_and_everything_else_as_a_number(metric, value, shown):
    assert metrics.spelled(value, metric) == shown


def test_every_metric_says_what_it_is():
    assert all(metrics.meaning(name) for name in metrics.by_name())


def test_metrics_of_one_name_are_compared_alike_and_shown_alike():
    ours, theirs = metrics.defined("clip"), metrics.defined("stream")
    both = ours.keys() & theirs.keys()
    assert both
    for name in both:
        alike = [(one.meaning, one.unit, one.share, one.direction, one.tolerance) for one in (ours[name], theirs[name])]
        assert alike[0] == alike[1]


@pytest.mark.parametrize("mode", ["clip", "stream"])
@pytest.mark.parametrize("task", tasks.names())
def test_no_two_metrics_of_a_run_have_one_name_or_one_place(task, mode):
    assert len({metric.name for metric in _by_name._all() if metric.mode == mode}) == len(metrics.defined(mode))
    shown = tasks.named(task).metrics(mode).values()
    assert len(shown) == len({metric.place for metric in shown})


def test_a_metric_is_a_file_and_nothing_else(tmp_path):
    package = tmp_path / "metrics"
    shutil.copytree(Path(metrics.__file__).parent, package)
    (package / "loudness.py").write_text(NEW_METRIC, encoding="utf-8")
    found = run_python(
        tmp_path,
        "import lab; lab.__path__.insert(0, '.')",
        "from lab import metrics",
        "print(list(metrics.defined('clip'))[-1], metrics.meaning('loudness'), metrics.spelled(0.5, 'loudness'))",
        "from lab.verdict import policy",
        "print(policy.load().metrics['loudness'].tolerated(0.5).at_least)",
    )
    assert found.splitlines() == ["loudness How loud it was 50 %", "0.4"]


@pytest.mark.parametrize("made_by", [{}, {"over": "mean"}, {"of_one": len}, {"of_one": len, "of_all": len}])
def test_a_metric_that_does_not_say_how_it_is_computed_is_refused(made_by):
    with pytest.raises(ValueError, match=r"^loudness needs either"):
        metrics.OfRecordings("loudness", 1, "", "exact", "higher", metrics.Tolerance(), **made_by)
