"""Numbers in words: what a reader of any report sees of a metric's value."""

from __future__ import annotations

import pytest

from lab import metrics


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
    for definitions in metrics.METRICS_OF.values():
        assert all(metrics.meaning(name) for name in definitions)
