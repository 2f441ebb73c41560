"""The first difference between two plays of one trace."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.outcomes.replay import Found, ReplayedInference
from lab.replaying.comparing.first import STAGES, compared

WHOLE = [
    ReplayedInference(
        number=number,
        begin_s=1 + number / 2,
        end_s=1.2 + number / 2,
        label="yes",
        scores=(1, 2),
        found=(Found(1.2, "yes", 9),),
        samples_crc="aa",
        features_crc="bb",
        instructions=100,
        cpu_load=0.5,
    )
    for number in range(6)
]
ONLY_LABELS = [ReplayedInference(one.number, 0, 0, one.label, ()) for one in WHOLE]


def but(number: int, **changed: object) -> list[ReplayedInference]:
    return [replace(one, **changed) if one.number == number else one for one in WHOLE]  # type: ignore[arg-type]


def test_equal_plays_are_compared_by_every_stage():
    found = compared(WHOLE, list(WHOLE))
    assert (found.inferences, found.stages, found.difference) == (6, STAGES, None)


@pytest.mark.parametrize(
    ("stage", "changed"),
    [
        ("samples", {"samples_crc": "00", "features_crc": "00", "scores": (0, 0)}),
        ("features", {"features_crc": "00", "scores": (0, 0), "label": "no"}),
        ("scores", {"scores": (0, 0), "label": "no"}),
        ("decision", {"label": "no"}),
        ("detection", {"found": ()}),
        ("losses", {"lost_samples": 3}),
        ("losses", {"late": True}),
    ],
)
def test_the_earliest_stage_of_the_first_inference_is_named(stage: str, changed: dict[str, object]):
    other = but(3, **changed)
    other[5] = replace(other[5], samples_crc="later")
    difference = compared(WHOLE, other).difference
    assert difference is not None
    assert (difference.number, difference.time_s, difference.stage) == (3, 2.5, stage)


def test_what_one_play_does_not_tell_is_not_compared():
    found = compared(but(1, features_crc="00"), ONLY_LABELS)
    assert (found.stages, found.difference) == (("decision",), None)
    difference = compared(but(4, label="no"), ONLY_LABELS).difference
    assert difference is not None
    assert (difference.number, difference.here, difference.other) == (4, "no", "yes")


def test_an_inference_that_one_play_lacks_is_a_difference_but_at_the_end():
    difference = compared(WHOLE, WHOLE[:4]).difference
    assert difference is not None
    assert (difference.number, difference.stage, difference.here, difference.other) == (4, "inference", "yes", "none")
    assert compared(WHOLE, WHOLE[:5], whole_until_s=3.5).difference is None
    assert compared(WHOLE, ONLY_LABELS[:2], whole_until_s=0).difference is None
