"""How well what is unusual is told from what is as always: by the scores, and at the workload's threshold."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lab.metrics._metric import Conditions, Evidence, OfRecordings, OfStream, Played, Streamed, Tolerance
from lab.outcomes.recording import ANOMALY, NORMAL, ClipOutcome
from lab.outcomes.stream import Window

_SCORED: frozenset[Evidence] = frozenset({"anomaly score"})
_IN_STREAMS: frozenset[Evidence] = frozenset({"anomaly score", "windows"})
_TOLERANCE = Tolerance(absolute=0.005, needs=("recordings",))


def area(scored: Iterable[tuple[str, int]]) -> float | None:
    """The area under the ROC curve of labels and scores; None unless both labels are there.

    It is the probability that a score of an anomaly is above one of normal, a tie counted half: Hanley and McNeil, "The
    meaning and use of the area under a receiver operating characteristic (ROC) curve", Radiology 143, 1982. Whole
    numbers but for the last division, so that every machine has the same.
    """
    pairs = list(scored)
    normal = np.sort(np.array([score for label, score in pairs if label == NORMAL], np.int64))
    anomaly = np.array([score for label, score in pairs if label == ANOMALY], np.int64)
    if not normal.size or not anomaly.size:
        return None
    below = np.searchsorted(normal, anomaly, side="left").sum()
    not_above = np.searchsorted(normal, anomaly, side="right").sum()
    return int(below + not_above) / (2 * normal.size * anomaly.size)


def _auc(played: Played) -> float | None:
    return area((clip.label, clip.scores[0]) for clip in played.clips if clip.scores)


def _auc_of_windows(played: Streamed) -> float | None:
    return area((label, window.scores[0]) for label, window in _known(played) if window.scores)


def _alarm(clip: ClipOutcome, conditions: Conditions) -> float:
    return 3600 / conditions.recording_s if clip.decided == ANOMALY else 0.0


def _alarms(played: Streamed) -> float | None:
    alarms = [window.decided == ANOMALY for label, window in _known(played) if label == NORMAL]
    return sum(alarms) / len(alarms) * 3600 / played.conditions.stride_s if alarms else None


def _found(played: Streamed) -> float | None:
    found = [window.decided == ANOMALY for label, window in _known(played) if label == ANOMALY]
    return sum(found) / len(found) if found else None


def _known(played: Streamed) -> Iterable[tuple[str, Window]]:
    return ((window.label, window) for window in played.stream.windows if window.label is not None)


AUC = OfRecordings(
    name="auc",
    place=90,
    meaning="Area under the ROC curve of the scores",
    kind="exact",
    direction="higher",
    tolerance=_TOLERANCE,
    of_all=_auc,
    told_by="scores",
    asks=_SCORED,
    main=True,
    blames="wrong",
)
AUC_OF_STREAM = OfStream(
    name="auc",
    place=90,
    meaning="Area under the ROC curve of the scores",
    kind="exact",
    direction="higher",
    tolerance=_TOLERANCE,
    of_all=_auc_of_windows,
    asks=_IN_STREAMS,
    main=True,
    blames="missed events",
)
RATE = OfRecordings(
    name="detection_rate",
    place=120,
    meaning="Share of the anomalies that were decided so, at the workload's threshold",
    kind="exact",
    direction="higher",
    tolerance=_TOLERANCE,
    share=True,
    over="mean",
    of_one=lambda clip, _: int(clip.decided == ANOMALY),
    tells=lambda clip: clip.label == ANOMALY,
    asks=_SCORED,
    blames="missed anomalies",
)
RATE_OF_STREAM = OfStream(
    name="detection_rate",
    place=120,
    meaning="Share of the anomalies that were decided so, at the workload's threshold",
    kind="exact",
    direction="higher",
    tolerance=_TOLERANCE,
    share=True,
    of_all=_found,
    asks=_IN_STREAMS,
    blames="missed events",
)
ALARMS = OfRecordings(
    name="false_alarms_per_hour",
    place=130,
    meaning="What is normal and was decided an anomaly, an hour of it, at the workload's threshold",
    unit="1/h",
    kind="exact",
    direction="lower",
    tolerance=Tolerance(relative=0.05, needs=("recordings",)),
    over="mean",
    of_one=_alarm,
    tells=lambda clip: clip.label == NORMAL,
    asks=_SCORED,
    main=True,
    blames="false alarms",
)
ALARMS_OF_STREAM = OfStream(
    name="false_alarms_per_hour",
    place=130,
    meaning="What is normal and was decided an anomaly, an hour of it, at the workload's threshold",
    unit="1/h",
    kind="exact",
    direction="lower",
    tolerance=Tolerance(relative=0.05, needs=("recordings",)),
    of_all=_alarms,
    asks=_IN_STREAMS,
    main=True,
    blames="missed events",
)
