"""Changes in words."""

import pytest

from lab.reporting import comparison_words
from lab.verdict.result import Change


@pytest.mark.parametrize(
    ("metric", "before", "now", "said"),
    [
        ("auc", 0.97884, 0.97889, "+0.01 %"),
        ("accuracy", 0.892562, 0.892520, "-0.004 pp"),
        ("accuracy", 0.9, 0.89, "-1.0 pp"),
        ("flash", 100_000, 100_120, "+0.12 %"),
        ("flash", 100_000, 100_001, "+1"),
        ("flash", 100_000, 100_000, "="),
    ],
)
def test_a_change_is_never_said_to_be_nothing(metric, before, now, said):
    change = Change(metric=metric, before=before, now=now, standing="worse", why="")
    assert comparison_words.change(change).split(" bytes")[0] == said
