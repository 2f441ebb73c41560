from __future__ import annotations

import pytest

from tests.fuzz import models

pytest.importorskip("tflite_micro")


# `python -m tests.fuzz.models 5000` tries more.
@pytest.mark.parametrize(("kind", "count"), [("mutant", 120), ("one-operator", 120)])
def test_no_model_ends_the_lab_or_takes_more_than_its_share(kind, count):
    counts = models.tried(kind, range(count))
    assert not counts.faults
    assert counts.came["ran"] > count / 20  # the interpreter has seen some of them
    assert sum(counts.came.values()) == count
