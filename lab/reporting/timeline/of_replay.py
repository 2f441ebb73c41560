"""The timeline of a replay."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from lab.outcomes.inferences import Inferences, Scoring
from lab.outcomes.replay import Found, LogLine, ReplayedInference
from lab.replaying.feed import Feed
from lab.replaying.replay import Replayed
from lab.replaying.result import ReplayResult
from lab.replaying.wanted import Prepared
from lab.reporting import replay_words
from lab.reporting.timeline import curves
from lab.reporting.timeline.lanes import Curves, Item, Lane, Load, Timeline, items
from lab.reporting.timeline.played import PlayedSignal
from lab.traces.trace import Trace
from lab.workload import Workload

_AFTER_S = 1.0
"""What was fed lies ahead of the board. So much of it is shown where a replay ended early."""


def timeline(prepared: Prepared, result: ReplayResult, replayed: Replayed, played: PlayedSignal) -> Timeline:
    """What was played and what came of it."""
    inferences, log, workload = result.inferences, replayed.outcome.log, prepared.request.workload
    tones = curves.tones(label for label in result.labels if label not in result.background)
    scoring = _scoring(inferences, workload)
    told = Inferences.of(inferences, len(scoring.names))
    detections = (_detection(one, workload, tones) for each in inferences for one in each.found)
    lanes = (
        items("labels", _labels(prepared.trace, prepared.feed), "events"),
        items("expected", _expected(result), "events"),
        played.signal.waves(),
        played.features.picture() if played.features else None,
        _scores(inferences, scoring, told, tones),
        items("inferences", (_inference(one, scoring, tones) for one in inferences), "steps"),
        items("detections", detections, "events"),
        Load.since_the_last(told, result.from_s),
        *(_watched(name, place, inferences) for place, name in enumerate(result.watched)),
        items("trouble", _trouble(inferences), "events"),
        items("compared", _differences(result), "events"),
        items("device log", (Item(line.time_s, line.time_s, "", line.text) for line in log)),
    )
    return Timeline(result.from_s, _end_s(result, log), [lane for lane in lanes if lane is not None])


def _end_s(result: ReplayResult, log: Sequence[LogLine]) -> float:
    last = (one.end_s for one in result.inferences[-1:]), (line.time_s for line in log[-1:])
    last_s = max([result.from_s, *chain(*last)])
    return max(result.to_s, last_s) if result.fingerprint else min(result.to_s, last_s + _AFTER_S)


def _scoring(inferences: Sequence[ReplayedInference], workload: Workload) -> Scoring:
    """Of as many scores as the first has."""
    scoring, count = Scoring.of(workload), len(inferences[0].scores) if inferences else 0
    if len(scoring.names) == count:
        return scoring
    return replace(scoring, names=tuple(f"score {number}" for number in range(1, count + 1)))


def _scores(
    inferences: Sequence[ReplayedInference], scoring: Scoring, told: Inferences, tones: Mapping[str, str]
) -> Curves | None:
    labels = [one.label for one in inferences if len(one.scores) == len(scoring.names)]
    return curves.of_scores(told, scoring, labels, tones) if told and scoring.names else None


def _labels(trace: Trace, feed: Feed) -> Iterator[Item]:
    """Where the feed has them."""
    found = [Item(feed.when(one.start_s), feed.when(one.end_s), one.text, one.text, "c0") for one in trace.labels]
    found += [Item(feed.when(one.time_s), feed.when(one.time_s), one.text, one.text, "warn") for one in trace.marks]
    for one in found:
        if one.end_s >= feed.from_s and one.begin_s <= feed.to_s:
            yield one


def _expected(result: ReplayResult) -> Iterator[Item]:
    for one in result.expectations:
        met, tone = ("as expected", "good") if one.passed else ("not as expected", "bad")
        label = f"{'✓' if one.passed else '✗'} {one.label or 'nothing'}"
        yield Item(one.start_s, one.end_s, label, f"{met}: {replay_words.expectation(one)}", tone)


def _inference(one: ReplayedInference, scoring: Scoring, tones: Mapping[str, str]) -> Item:
    scores = replay_words.scores(one.scores, scoring)
    counted = f"{one.instructions:,} instructions" if one.instructions is not None else ""
    told = "; ".join(
        filter(None, (f"inference {one.number}: {one.label}", scores, counted, *replay_words.trouble(one)))
    )
    return Item(one.begin_s, max(one.begin_s, one.end_s), one.label, told, tones.get(one.label, "soft"))


def _detection(one: Found, workload: Workload, tones: Mapping[str, str]) -> Item:
    score = f"{one.score / 255:.2f}" if workload.decision.threshold_is_share else f"{one.score:,}"
    return Item(one.time_s, one.time_s, one.label, f"{one.label} detected, score {score}", tones.get(one.label, "soft"))


def _trouble(inferences: Sequence[ReplayedInference]) -> Iterator[Item]:
    for one in inferences:
        if words := ", ".join(replay_words.trouble(one)):
            yield Item(one.begin_s, one.begin_s, words, f"inference {one.number}: {words}", "bad")


def _watched(name: str, place: int, inferences: Sequence[ReplayedInference]) -> Lane | None:
    """A variable of the firmware: a curve of a number, else what it was."""
    values = [(one.end_s, one.watched[place]) for one in inferences if place < len(one.watched)]
    numbers = [(time_s, float(value)) for time_s, value in values if isinstance(value, int | float)]
    if len(numbers) == len(values):
        return curves.of_one(name, numbers) if values else None
    return items(name, (Item(time_s, time_s, json.dumps(value), json.dumps(value)) for time_s, value in values))


def _differences(result: ReplayResult) -> Iterator[Item]:
    found = result.comparison.difference if result.comparison else None
    if found is not None:
        yield Item(found.time_s, found.time_s, f"first difference: {found.stage}", str(found), "bad")
