"""How well what is unusual is told from what is as always: by the scores, and at the workload's threshold.

Of recordings each is decided. In a stream the device raises alarms, of which a fault needs one, and not too late.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

import numpy as np

from lab.decisions.anomaly import ANOMALY, NORMAL
from lab.metrics._metric import Conditions, Evidence, OfRecordings, OfStream, PlayedRecordings, Streamed, Tolerance
from lab.outcomes.recording import ClipOutcome

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


def _auc(played: PlayedRecordings) -> float | None:
    return area((clip.label, clip.scores[0]) for clip in played.clips if clip.scores)


def _auc_of_windows(played: Streamed) -> float | None:
    windows = played.stream.windows
    return area((one.label, one.scores[0]) for one in windows if one.label is not None and one.scores)


def _found(played: Streamed) -> float | None:
    found = [one.fate == "heard" for one in played.stream.events if one.event.label == ANOMALY]
    return sum(found) / len(found) if found else None


def _false_alarm(clip: ClipOutcome, conditions: Conditions) -> float:
    return 3600 / conditions.recording_s if clip.decided == ANOMALY else 0.0


def _false_alarms(played: Streamed) -> float | None:
    normal = [one.event for one in played.stream.events if one.event.label == NORMAL]
    alarms = sum(one.standing != "right" for one in played.stream.detections)
    return alarms / sum(event.end_s - event.start_s for event in normal) * 3600 if normal else None


def _delay(played: Streamed) -> float | None:
    delays = [one.delay_ms for one in played.stream.detections if one.delay_ms is not None]
    return round(median(delays), 3) if delays else None


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
AUC_OF_STREAM = OfStream.same_as(AUC, of_all=_auc_of_windows, asks=_IN_STREAMS, blames="missed events")
RATE = OfRecordings(
    name="detection_rate",
    place=120,
    meaning="Share of the anomalies that were decided so, at the workload's threshold; in a stream, of the faults that "
    "raised an alarm",
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
RATE_OF_STREAM = OfStream.same_as(RATE, of_all=_found, asks=_IN_STREAMS, blames="missed events")
ALARMS = OfRecordings(
    name="false_alarms_per_hour",
    place=130,
    meaning="What is normal and was decided an anomaly, an hour of it, at the workload's threshold; in a stream, "
    "alarms without a fault",
    unit="1/h",
    kind="exact",
    direction="lower",
    tolerance=Tolerance(relative=0.05, needs=("recordings",)),
    over="mean",
    of_one=_false_alarm,
    tells=lambda clip: clip.label == NORMAL,
    asks=_SCORED,
    main=True,
    blames="false alarms",
)
ALARMS_OF_STREAM = OfStream.same_as(ALARMS, of_all=_false_alarms, asks=_IN_STREAMS, blames="false accepts")
DELAY = OfStream(
    name="alarm_delay_ms",
    place=140,
    meaning="From the beginning of a fault to its first alarm; the median",
    unit="ms",
    kind="modelled",
    direction="lower",
    tolerance=Tolerance(relative=0.05, needs=("recordings", "cost_model")),  # a fault more or less moves the median
    of_all=_delay,
    asks=_IN_STREAMS,
)
