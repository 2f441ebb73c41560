"""Metrics of the task anomaly: of recordings and of a stream."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

from lab import tasks
from lab.metrics import Conditions, Played, Streamed
from lab.metrics.anomalies import area
from lab.outcomes.memory import Memory
from lab.outcomes.stream import Window
from tests.measuring.outcomes import outcome

MEMORY = Memory(100_000, 50_000, 1 << 20, 256 << 10, 32_768, 8_192, ())
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
    return {name: one.of(own, Played(clips, MEMORY, 1, conditions)) for name, one in metrics.items()}


def of_stream(*windows):
    streamed = Streamed(SimpleNamespace(windows=windows, parts=()), CONDITIONS)
    return {name: one.of_all(streamed) for name, one in tasks.named("anomaly").metrics("stream").items() if one.of_all}


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


def test_a_stream_has_the_same_over_the_inferences_that_are_about_one_thing():
    windows = [
        Window(2.0, "normal", "normal", (10,)),
        Window(3.0, "normal", "anomaly", (150,)),
        Window(4.0, None, "anomaly", (500,)),
        Window(5.0, "anomaly", "anomaly", (200,)),
    ]
    found = of_stream(*windows)
    assert found == {"auc": 1.0, "accuracy": 2 / 3, "detection_rate": 1.0, "false_alarms_per_hour": 1800}
    assert set(of_stream().values()) == {None}
