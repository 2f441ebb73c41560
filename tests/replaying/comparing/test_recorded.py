"""A replay against what a flight recorder left in the trace of the device's own inferences."""

from __future__ import annotations

import numpy as np
import pytest

from lab import workload
from lab.errors import RecordingError
from lab.outcomes.replay import ReplayedInference
from lab.recorder import dump, lines, tracing
from lab.replaying.comparing import recorded
from lab.replaying.comparing.first import compared
from lab.traces.trace import Trace
from tests.recorder import making

RATE = 16_000
ENDS = (8_000, 15_840, 23_520, 31_200)
"""Of four inferences' frames; of the first not all are there."""


def trace(*, first: int = 0, without: int = -1, labels: tuple[str, ...] = ("silence", "yes")) -> Trace:
    """Two seconds; without one of the lines of samples, if it is told."""
    inferences = [
        making.inference(end, number, number % 2, False, (number, -number)) for number, end in enumerate(ENDS)
    ]
    payloads = making.payloads(np.zeros(2 * RATE, np.int16), inferences, first=first)
    sent = making.lines(payloads)
    if without >= 0:
        del sent[3 + len(inferences) + without]
    (pieces,) = lines.heard(sent)
    return tracing.trace(dump.read(pieces, "it"))


def told(of: Trace, from_s: float = 0.0) -> tuple[ReplayedInference, ...]:
    spotting = workload.load("keyword-spotting")
    return recorded.inferences(of, of.signals[0], spotting.input, spotting.features, from_s)


def replayed(*which: int, late_s: float = 0.006) -> list[ReplayedInference]:
    """Those inferences as a board makes them, a little after their last frame."""
    return [
        ReplayedInference(place, ENDS[n] / RATE + late_s, ENDS[n] / RATE + 0.2, ("silence", "yes")[n % 2], (n, -n))
        for place, n in enumerate(which)
    ]


def test_inferences_whose_frames_are_all_there_are_compared_by_the_time_they_are_of():
    found = compared(replayed(1, 2, 3), told(trace()), pairing=recorded.by_time)
    assert (found.inferences, found.stages, found.difference) == (3, ("scores", "decision"), None)


def test_one_that_was_not_made_again_is_a_difference():
    found = compared(replayed(1, 3), told(trace()), pairing=recorded.by_time)
    assert found.difference is not None
    assert (found.difference.stage, found.difference.here, found.difference.other) == ("inference", "none", "silence")


def test_one_whose_mark_was_lost_is_left_out():
    whole = trace()
    kept = Trace(whole.signals, marks=tuple(mark for mark in whole.marks if "inference 2" not in mark.text))
    assert compared(replayed(1, 2, 3), told(kept), pairing=recorded.by_time).difference is None


def test_a_difference_is_named():
    here = replayed(1, 2, 3)
    here[1] = ReplayedInference(1, here[1].begin_s, here[1].end_s, "yes", here[1].scores)
    difference = compared(here, told(trace()), pairing=recorded.by_time).difference
    assert difference is not None
    assert (difference.stage, difference.here, difference.other) == ("decision", "yes", "silence")


def test_those_over_a_hole_are_left_out():
    a_line = making.MOST_BYTES // 2
    assert [one.begin_s for one in told(trace(without=10_000 // a_line))] == [ENDS[3] / RATE]
    assert len(told(trace(without=100 // a_line))) == 2


def test_features_that_remember_give_no_scores_to_compare_unless_all_is_there_from_the_start():
    assert compared(replayed(1, 2, 3), told(trace(first=7_680)), pairing=recorded.by_time).stages == ("decision",)
    assert {one.scores for one in told(trace(), from_s=0.5)} == {()}


@pytest.mark.produces("recorded-inferences")
def test_a_trace_that_says_nothing_of_inferences_is_refused():
    whole = trace()
    with pytest.raises(RecordingError, match="it has none"):
        told(Trace(whole.signals))
    with pytest.raises(RecordingError, match="its 4 inferences are of frames that are not all there"):
        told(whole, from_s=1.5)
