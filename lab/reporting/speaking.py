"""What of a run speaks against a metric: recordings, events, detections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lab.decisions.anomaly import ANOMALY, NORMAL
from lab.metrics import Blames, defined
from lab.reporting import wording
from lab.verdict.checks import SKIPPED
from lab.verdict.result import Clip, Run


@dataclass(frozen=True)
class Listed:
    """What it is, in the plural; a row of cells for each under `headings`, and a line of text for each."""

    what: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[str, ...]


def against(metric: str, run: Run) -> Listed | None:
    """What speaks against the metric of that name, or the skipped recordings; None if nothing does."""
    if metric == SKIPPED:
        found = _skipped(run)
    else:
        known = defined(run.mode).get(metric)
        if known is None or known.blames is None:
            return None
        found = _KINDS[known.blames](run)
    return found if found.rows else None


def decided(clip: Clip) -> str:
    """What a recording is and was taken for."""
    return f"is {clip.label!r}, decided as {clip.decided!r}"


def _wrong(run: Run, what: str = "recordings taken for another label", *labels: str) -> Listed:
    clips = [clip for clip in run.clips if not clip.correct and (not labels or clip.label in labels)]
    rows = tuple((clip.clip, clip.label, clip.decided) for clip in clips)
    return Listed(what, ("recording", "is", "decided"), rows, tuple(f"{clip.clip}: {decided(clip)}" for clip in clips))


def _differing(run: Run) -> Listed:
    pairs = [(clip.clip, str(clip.difference)) for clip in run.clips if clip.difference]
    return _pairs("recordings different from the host", ("recording", "first difference"), pairs)


def _skipped(run: Run) -> Listed:
    pairs = [(one.clip, one.reason) for one in run.skipped_recordings]
    return _pairs("recordings not played", ("recording", "reason"), pairs)


def _pairs(what: str, headings: tuple[str, str], pairs: Iterable[tuple[str, str]]) -> Listed:
    rows = tuple(pairs)
    return Listed(what, headings, rows, tuple(f"{name}: {said}" for name, said in rows))


def _of_lines(what: str, heading: str, lines: Iterable[str]) -> Listed:
    told = tuple(lines)
    return Listed(what, (heading,), tuple((line,) for line in told), told)


_KINDS: Mapping[Blames, Callable[[Run], Listed]] = {
    "wrong": _wrong,
    "missed anomalies": lambda run: _wrong(run, "anomalies taken for normal", ANOMALY),
    "false alarms": lambda run: _wrong(run, "normal recordings taken for an anomaly", NORMAL),
    "differing": _differing,
    "missed events": lambda run: _of_lines(wording.missed_events(run), "missed", wording.misses(run)),
    "false accepts": lambda run: _of_lines(wording.falsely_detected(run), "detected", wording.false_accepts(run)),
}
