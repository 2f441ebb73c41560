"""What a replay is expected to report, and whether it did."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lab.errors import UnknownName, UsageError
from lab.outcomes.replay import ReplayOutcome

TOLERANCE_S = 0.5
"""Before and after the time that is given, where nothing else is."""

_NUMBER = r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+"
_EXPECTED = re.compile(rf"(?P<label>.+)@(?P<time>{_NUMBER})\s*s?(?:\s*(?:±|\+-|\+/-)\s*(?P<around>{_NUMBER})\s*s?)?")
_SPAN = re.compile(rf"(?P<start>{_NUMBER})\s*s?\s*-\s*(?P<end>{_NUMBER})\s*s?")


@dataclass(frozen=True)
class Expected:
    """That a label is reported from `start_s` to `end_s`; or, with no label, that no event is."""

    start_s: float
    end_s: float
    label: str | None = None

    def __str__(self) -> str:
        span = f"from {self.start_s:.10g} s to {self.end_s:.10g} s"
        return f"nothing {span}" if self.label is None else f"{self.label} {span}"


@dataclass(frozen=True)
class Checked:
    """An expectation and what was reported in its time, with the times; `passed` is whether that is as expected."""

    expected: Expected
    reported: tuple[tuple[float, str], ...]
    passed: bool


def event(text: str, labels: Collection[str]) -> Expected:
    """Of a text such as `yes@2.1s±0.3`. Raises UsageError and UnknownName."""
    parts = _EXPECTED.fullmatch(text.strip())
    if parts is None:
        raise UsageError(
            f"{text!r} is no event at a time.", remedy="Write label@seconds±seconds, such as yes@2.1±0.3 (or +-0.3)."
        )
    if parts["label"] not in labels:
        raise UnknownName("label", parts["label"], labels)
    time_s, around_s = float(parts["time"]), float(parts["around"] or TOLERANCE_S)
    return Expected(max(0.0, time_s - around_s), time_s + around_s, parts["label"])


def nothing(text: str) -> Expected:
    """Of a span such as `3.5-10`. Raises UsageError."""
    parts = _SPAN.fullmatch(text.strip())
    if parts is None or float(parts["end"]) <= float(parts["start"]):
        raise UsageError(f"{text!r} is no span of time.", remedy="Write from-to in seconds, such as 3.5-10.")
    return Expected(float(parts["start"]), float(parts["end"]))


def check_within(expected: Sequence[Expected], from_s: float, to_s: float) -> None:
    """Raises UsageError for one that has no moment of what is played: it could never fail, or never be met."""
    for one in expected:
        if one.start_s >= to_s or one.end_s <= from_s:
            raise UsageError(
                f"What is expected, {one}, is not in what is played, from {from_s:.10g} s to {to_s:.10g} s.",
                remedy="Correct the times, which are seconds of the trace, or --from and --to.",
            )


def checked(
    expected: Sequence[Expected], replayed: ReplayOutcome, background: Collection[str], *, by_inference: bool
) -> tuple[Checked, ...]:
    """Each held against what the device reported: its detections, or each inference where every one counts."""
    if by_inference:
        reports = [(one.end_s, one.label) for one in replayed.inferences]
    else:
        reports = [(found.time_s, found.label) for found in replayed.found]
    results = []
    for one in expected:
        inside = tuple((time_s, label) for time_s, label in reports if one.start_s <= time_s <= one.end_s)
        events = tuple((time_s, label) for time_s, label in inside if label not in background)
        if one.label is None:
            results.append(Checked(one, events, not events))
        else:
            results.append(Checked(one, inside, any(label == one.label for _, label in inside)))
    return tuple(results)
