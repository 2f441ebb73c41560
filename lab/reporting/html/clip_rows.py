"""All recordings of a run as compact data, of which the page's script shows those that are looked at."""

from __future__ import annotations

from typing import TypedDict

from lab.reporting import wording
from lab.verdict.result import Clip, Run

Row = tuple[str, int, int, tuple[int, ...], "tuple[int, ...] | int", "int | None", "int | None", "str | int"]
"""Name, label, decision (both as an index), the device's scores, the host's (0 if equal), instructions, cycles,
first difference (0 if none)."""


class ClipRows(TypedDict):
    """What the script reads; `command` lacks the recording's name, `labels` are all that a row's index can name.

    `scores` are what each score is of; `threshold` is what a single one is held against, None where there are several.
    """

    labels: list[str]
    scores: list[str]
    threshold: int | None
    command: str
    rows: list[Row]


def clip_rows(run: Run) -> ClipRows:
    """The recordings in the order in which they were played."""
    scored = run.confusion.labels if run.confusion else ()
    named = [name for clip in run.clips for name in (clip.label, clip.decided)]
    labels = list(dict.fromkeys([*scored, *named]))
    places = {label: place for place, label in enumerate(labels)}
    return ClipRows(
        labels=labels,
        scores=list(run.scores or scored),
        threshold=run.threshold,
        command=wording.command(run),
        rows=[_row(clip, places) for clip in run.clips],
    )


def _row(clip: Clip, places: dict[str, int]) -> Row:
    return (
        clip.clip,
        places[clip.label],
        places[clip.decided],
        clip.scores,
        0 if clip.host_scores == clip.scores else clip.host_scores,
        clip.instructions,
        clip.cycles,
        str(clip.difference) if clip.difference else 0,
    )
