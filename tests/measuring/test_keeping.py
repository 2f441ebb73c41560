"""What is kept of recordings that speak against a run."""

from __future__ import annotations

import numpy as np

from lab.measuring import keeping
from lab.measuring.keeping import Keeping
from lab.outcomes.recording import Difference
from tests import fake_workloads

OFF = Difference("decision", "label", "wing", "ring")
FEATURES = np.zeros((48, 3), np.int8)


def test_what_was_held_before_a_recording_is_no_part_of_it():
    played = fake_workloads.gestures().input
    samples = np.arange(played.frames * 3, dtype=np.int16).reshape(-1, 3)
    kept = Keeping(played).of(samples, FEATURES, OFF, correct=True)
    assert kept is not None
    assert np.array_equal(kept.signal.samples, samples[played.lead :])
    assert (kept.signal.axes, kept.signal.unit, kept.signal.rate_hz) == (("x", "y", "z"), "g", 25)
    assert kept.features is FEATURES


def test_the_first_that_differ_and_the_first_that_are_wrong_are_kept(monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 2)
    keeper = Keeping(fake_workloads.gestures().input)
    samples = np.zeros((50, 3), np.int16)
    found = [(None, False), (None, True), (None, False), (OFF, False), (None, False), (OFF, True), (OFF, True)]
    kept = [keeper.of(samples, None, difference, correct=correct) is not None for difference, correct in found]
    assert kept == [True, False, True, True, False, True, False]
