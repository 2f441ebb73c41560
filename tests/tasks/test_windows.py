"""Which inferences of a stream are about what, and what becomes of an event that is judged by them."""

from __future__ import annotations

import pytest

from lab import tasks
from lab.composing.event import Event
from lab.outcomes.stream import Inferred, PartOutcome
from lab.tasks import Rules

RULES = Rules(late_s=1.0, background=(), window_s=4.0)
WALKING, SITTING = Event("walking", "a.csv", 2.0, 12.0), Event("sitting", "b.csv", 13.0, 23.0)


def part(events, *inferred: tuple[float, str], number: int = 1, start_s: float = 0.0) -> PartOutcome:
    said = tuple(Inferred(time_s, label, (1, 2)) for time_s, label in inferred)
    return PartOutcome(number, start_s, 30.0, "5" * 64, tuple(events), (), len(said), 1, 0.1, 9, 0, 0, inferred=said)


def judged(*parts: PartOutcome):
    return tasks.named("classification").judge(parts, RULES)


@pytest.mark.parametrize(
    ("time_s", "about"),
    [(5.9, None), (6.0, "walking"), (12.0, "walking"), (12.1, None), (16.9, None), (17.0, "sitting"), (29.0, None)],
)
def test_an_inference_is_about_what_all_of_its_window_is_of(time_s, about):
    (window,) = judged(part([WALKING, SITTING], (time_s, "walking"))).windows
    assert (window.label, window.decided, window.scores, window.correct) == (
        about,
        "walking",
        (1, 2),
        about == "walking",
    )


@pytest.mark.parametrize(
    ("said", "fate", "taken"),
    [
        ([], "missed", None),
        (["walking"], "heard", "walking"),
        (["walking", "sitting"], "mistaken", "walking"),
        (["walking", "walking", "sitting"], "heard", "walking"),
        (["sitting", "sitting", "walking"], "mistaken", "sitting"),
    ],
)
def test_an_event_is_heard_if_more_than_half_of_the_inferences_about_it_are_right(said, fate, taken):
    (outcome,) = judged(part([WALKING], *((7.0 + index, label) for index, label in enumerate(said)))).events
    assert (outcome.event, outcome.fate, outcome.taken_for, outcome.delay_ms) == (WALKING, fate, taken, None)


def test_an_inference_is_about_the_part_that_its_window_is_of():
    """What was heard at a part's end may be told in the next one."""
    last, second = Event("sitting", "b.csv", 20.0, 30.0), Event("walking", "a.csv", 30.0, 42.0)
    first, other = part([last]), part([second], (30.0, "sitting"), (32.0, "sitting"), number=2, start_s=30.0)
    assert [one.fate for one in judged(first, other).events] == ["heard", "missed"]
    assert [one.label for one in judged(first, other).windows] == ["sitting", None]
