"""The inference with which a replay ends."""

from __future__ import annotations

import pytest

from lab import workload
from lab.errors import UnknownName, UsageError
from lab.replaying.conditions import parsed

SPOTTING = workload.load("keyword-spotting")
YES = SPOTTING.labels.index("yes")


def scores(yes: int) -> list[int]:
    return [yes if index == YES else -128 for index in range(len(SPOTTING.labels))]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("inference 2", 2),
        ("label yes", 1),
        ("score yes > 90", 3),
        ("score yes>=90", 1),
        ("score no < -127", 0),
    ],
)
def test_it_is_the_first_that_meets_the_condition(text: str, first: int):
    stops = parsed(text, SPOTTING)
    heard = [(0, "silence", scores(-128)), (1, "yes", scores(90)), (2, "no", scores(0)), (3, "yes", scores(91))]
    assert next(number for number, label, given in heard if stops(number, label, given)) == first


@pytest.mark.parametrize("text", ["", "42", "inference", "inference -1", "score yes", "score yes = 3", "label"])
def test_what_is_no_condition_is_answered_with_what_is(text: str):
    with pytest.raises(UsageError, match="is no condition"):
        parsed(text, SPOTTING)


@pytest.mark.parametrize("text", ["label yess", "score yess > 3"])
def test_labels_are_those_of_the_workload(text: str):
    with pytest.raises(UnknownName, match="yess"):
        parsed(text, SPOTTING)
