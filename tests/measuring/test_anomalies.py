"""Metrics of the task anomaly: of recordings and of a stream."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

from lab import tasks
from lab.composing.event import Event
from lab.metrics import Conditions, PlayedRecordings, Streamed
from lab.metrics.anomalies import area
from lab.outcomes.memory import Footprint
from lab.outcomes.stream import Inferred, PartOutcome
from lab.tasks import Rules
from tests.measuring.outcomes import outcome

MEMORY = Footprint(100_000, 50_000, 1 << 20, 256 << 10, 32_768, 8_192, ())
CONDITIONS = Conditions(clock_hz=64_000_000, window_s=2.0, recording_s=2.0, stride_s=1.0, step_samples=100)
THRESHOLD = 100


def heard(label: str, score: int):
    return outcome(label=label, scores=(score,), decided="anomaly" if score > THRESHOLD else "normal")


def of_recordings(*clips, conditions=CONDITIONS):
    metrics = tasks.named("anomaly").metrics("clip")
    own = [
        {one.name: one.of_one(clip, conditions) for one in metrics.values() if one.of_one and one.tells(clip)}
        for clip in clips
    ]
    return {name: one.of(own, PlayedRecordings(clips, MEMORY, 1, conditions)) for name, one in metrics.items()}


def of_stream(events=(), alarms=(), windows=()):
    """Of stretches, alarms and inferences, each with its time in seconds."""
    said = tuple(Inferred(time_s, "anomaly" if score > THRESHOLD else "normal", (score,)) for time_s, score in windows)
    detected = tuple((time_s, "anomaly", 200) for time_s in alarms)
    part = PartOutcome(1, 0.0, 60.0, "5" * 64, tuple(events), detected, len(said), 1, 0.1, 9, 0, 0, inferred=said)
    judged = tasks.named("anomaly").judge([part], Rules(late_s=2.0, background=(), window_s=1.0))
    streamed = Streamed(SimpleNamespace(**vars(judged), parts=(part,)), CONDITIONS)
    metrics = tasks.named("anomaly").metrics("stream").items()
    return judged, {name: one.of_all(streamed) for name, one in metrics if one.of_all}


@pytest.mark.parametrize(
    ("normal", "anomaly", "expected"),
    [
        ([1, 2, 3], [4, 5], 1.0),
        ([4, 5], [1, 2, 3], 0.0),
        ([1, 3], [2, 4], 0.75),
        ([7], [7], 0.5),
        ([1, 7], [7], 0.75),
        ([-(2**31)], [2**31 - 1], 1.0),
    ],
)
def test_the_area_is_how_often_an_anomaly_scores_higher_a_tie_counted_half(normal, anomaly, expected):
    pairs = [("normal", one) for one in normal] + [("anomaly", one) for one in anomaly]
    assert area(pairs) == area(reversed(pairs)) == expected


def test_the_area_is_that_of_all_pairs_compared_one_by_one():
    draws = random.Random(3)  # noqa: S311  (nothing secret)
    normal, anomaly = ([draws.randrange(50) for _ in range(count)] for count in (120, 75))
    pairs = [(one > other) + (one == other) / 2 for one in anomaly for other in normal]
    scored = [*(("normal", one) for one in normal), *(("anomaly", one) for one in anomaly)]
    assert area(scored) == sum(pairs) / len(pairs)


@pytest.mark.parametrize("labels", [[], ["normal"], ["anomaly", "anomaly"]])
def test_there_is_no_area_of_one_kind_alone(labels):
    assert area((label, 1) for label in labels) is None


def test_recordings_have_area_accuracy_and_at_the_threshold_found_ones_and_false_alarms():
    clips = [heard("normal", 10), heard("normal", 150), heard("anomaly", 90), heard("anomaly", 200)]
    found = of_recordings(*clips)
    assert (found["auc"], found["accuracy"], found["detection_rate"]) == (0.75, 0.5, 0.5)
    assert found["false_alarms_per_hour"] == 900  # one in four seconds of what is normal


def test_where_windows_overlap_each_stands_for_what_lies_between_them():
    overlapping = Conditions(clock_hz=1, window_s=2.0, recording_s=0.5, stride_s=1.0, step_samples=1)
    found = of_recordings(heard("normal", 10), heard("normal", 150), conditions=overlapping)
    assert found["false_alarms_per_hour"] == 3600


def test_of_normal_recordings_alone_there_are_false_alarms_and_nothing_else():
    found = of_recordings(heard("normal", 10))
    assert (found["auc"], found["detection_rate"], found["false_alarms_per_hour"]) == (None, None, 0)


NORMAL, FAULT, AGAIN = (
    Event("normal", "a", 0.0, 30.0),
    Event("anomaly", "b", 30.0, 40.0),
    Event("normal", "a", 40.0, 60.0),
)
EVENTS = (NORMAL, FAULT, AGAIN)


def test_scores_of_a_stream_count_where_the_inference_is_about_one_thing():
    windows = [(2.0, 10), (3.0, 150), (30.5, 500), (32.0, 200)]
    _, found = of_stream(EVENTS, windows=windows)
    assert (found["auc"], found["accuracy"]) == (1.0, 2 / 3)


def test_a_fault_is_found_by_its_first_alarm_and_every_other_alarm_of_it_is_right():
    judged, found = of_stream(EVENTS, [37.5, 39.0, 41.9])
    assert [one.fate for one in judged.events] == ["ignored", "heard", "ignored"]
    assert [(one.standing, one.event, one.delay_ms) for one in judged.detections] == [
        ("right", 1, 7_500),
        ("right", 1, None),
        ("right", 1, None),
    ]
    assert (found["detection_rate"], found["false_alarms_per_hour"], found["alarm_delay_ms"]) == (1.0, 0.0, 7_500)


def test_an_alarm_where_no_fault_was_is_false_and_counts_by_the_hour_of_what_is_normal():
    judged, found = of_stream(EVENTS, [10.0, 42.1])
    assert [one.fate for one in judged.events] == ["taken", "missed", "taken"]
    assert [(one.standing, one.event) for one in judged.detections] == [("wrong", 0), ("wrong", 2)]
    assert found["detection_rate"] == 0.0
    assert found["false_alarms_per_hour"] == pytest.approx(2 / 50 * 3600)
    assert found["alarm_delay_ms"] is None


def test_a_stream_of_nothing_has_no_metrics():
    assert set(of_stream()[1].values()) == {None}
