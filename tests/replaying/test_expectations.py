"""What a replay is expected to report."""

from __future__ import annotations

import pytest

from lab.errors import UnknownName, UsageError
from lab.outcomes.replay import Found, ReplayedInference, ReplayOutcome
from lab.replaying import expectations
from lab.replaying.expectations import Expected

LABELS = ("silence", "yes", "no")


@pytest.mark.parametrize(
    "text", ["yes@2.1±0.3", "yes@2.1s±0.3s", "yes@2.1s ± .3 s", "yes@2.1+-0.3", " yes@2.1s+/-0.3s "]
)
def test_an_event_at_a_time(text):
    found = expectations.event(text, LABELS)
    assert (found.label, found.start_s, found.end_s) == ("yes", pytest.approx(1.8), pytest.approx(2.4))


def test_half_a_second_around_is_usual_and_nothing_is_before_the_beginning():
    assert expectations.event("no@0.2", LABELS) == Expected(0.0, 0.7, "no")


@pytest.mark.parametrize("text", ["yes", "yes@", "@2", "yes@-2", "yes@2±", "yes@2 3", "yes@nan"])
def test_what_is_no_event(text):
    with pytest.raises(UsageError, match="is no event at a time"):
        expectations.event(text, LABELS)


def test_a_label_that_the_workload_lacks_is_named():
    with pytest.raises(UnknownName, match="yess"):
        expectations.event("yess@2", LABELS)


@pytest.mark.parametrize(("text", "span"), [("3.5-10", (3.5, 10)), ("0s - 2s", (0, 2))])
def test_a_span_without_events(text, span):
    assert expectations.nothing(text) == Expected(*span)


@pytest.mark.parametrize("text", ["3", "10-3", "3-3", "a-b", "-3"])
def test_what_is_no_span(text):
    with pytest.raises(UsageError, match="is no span of time"):
        expectations.nothing(text)


def outcome(*said: tuple[float, str], detected: bool) -> ReplayOutcome:
    inferences = tuple(
        ReplayedInference(n, at - 0.1, at, label, (), (Found(at, label, 1),) if detected else ())
        for n, (at, label) in enumerate(said)
    )
    return ReplayOutcome(0, 10, "", inferences, (), None)


@pytest.mark.parametrize("outside", [Expected(5, 6), Expected(7, 8, "yes"), Expected(0, 1)])
def test_what_is_expected_where_nothing_is_played_is_refused(outside):
    expectations.check_within([Expected(4.9, 6), Expected(0, 1.1, "yes")], 1.0, 5.0)
    with pytest.raises(UsageError, match=r"is not in what is played, from 1 s to 5 s\."):
        expectations.check_within([outside], 1.0, 5.0)


@pytest.mark.parametrize("by_inference", [False, True])
def test_reports_are_detections_or_every_inference(by_inference):
    said = outcome((1.0, "yes"), (5.0, "no"), detected=not by_inference)
    expected = [Expected(0.5, 1.5, "yes"), Expected(4.5, 5.5, "yes"), Expected(2, 4), Expected(4, 6)]
    checked = expectations.checked(expected, said, ("silence",), by_inference=by_inference)
    assert [one.passed for one in checked] == [True, False, True, False]
    assert checked[1].reported == ((5.0, "no"),)


def test_the_background_is_no_event():
    said = outcome((1.0, "silence"), detected=False)
    (checked,) = expectations.checked([Expected(0, 2)], said, ("silence",), by_inference=True)
    assert checked.passed
