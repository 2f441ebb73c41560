"""`clips.csv`: a row for each recording of each run, for spreadsheets and data frames (docs/results.md)."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence

from lab.verdict.result import Clip, Result, SkippedRecording

_ENDS = "\r\n"  # both, so that the writer quotes a field with either of them; what is written ends in "\n" alone

COLUMNS = (
    "workload",
    "target",
    "variant",
    "engine",
    "clip",
    "outcome",
    "label",
    "decided",
    "difference_stage",
    "difference",
    "scores",
    "host_scores",
    "instructions",
    "cycles",
    "time_ns",
    "cpu_load",
    "stack_used",
    "lost_samples",
    "late_inferences",
    "samples_crc",
    "features_crc",
    "stimulus",
    "awake_cycles",
    "difference_index",
)
"""In this order; a later version adds columns at the end."""

_AS_THEY_ARE = (
    *("clip", "label", "decided", "instructions", "cycles", "time_ns", "cpu_load", "stack_used"),
    *("lost_samples", "late_inferences", "samples_crc", "features_crc", "stimulus", "awake_cycles"),
)


def render(result: Result) -> str:
    """The text of `clips.csv`: RFC 4180 with a head, UTF-8, a field without a value empty.

    A text that a spreadsheet would compute has an apostrophe before it, as spreadsheets write text themselves.
    """
    rows: list[str] = []
    writer = csv.DictWriter(_Rows(rows), COLUMNS, restval="", lineterminator=_ENDS)
    writer.writeheader()
    for run in result.runs:
        about = {name: getattr(run, name) for name in COLUMNS[:4]}
        writer.writerows(_as_text({**about, **_played(clip)}) for clip in run.clips)
        writer.writerows(_as_text({**about, **_skipped(one)}) for one in run.skipped_recordings)
    return "".join(f"{row.removesuffix(_ENDS)}\n" for row in rows)


class _Rows:
    """What the writer writes to: a row at a time."""

    def __init__(self, rows: list[str]) -> None:
        self.write = rows.append


def _played(clip: Clip) -> Mapping[str, object]:
    difference = clip.difference
    return {
        **{name: getattr(clip, name) for name in _AS_THEY_ARE},
        "outcome": "correct" if clip.correct else "wrong",
        "difference_stage": difference.stage if difference else "",
        "difference": str(difference) if difference else "",
        "difference_index": difference.index if difference else None,
        "scores": _numbers(clip.scores),
        "host_scores": _numbers(clip.host_scores),
    }


def _skipped(one: SkippedRecording) -> Mapping[str, object]:
    return {"clip": one.clip, "outcome": "skipped", "difference": one.reason}


def _as_text(row: Mapping[str, object]) -> Mapping[str, object]:
    return {name: f"'{value}" if _is_formula(value) else value for name, value in row.items()}


def _is_formula(value: object) -> bool:
    """Scores may begin with a minus, and hold no letter."""
    if not isinstance(value, str):
        return False
    return value.startswith(("=", "@")) or (value.startswith(("+", "-")) and any(map(str.isalpha, value)))


def _numbers(values: Sequence[int]) -> str:
    return " ".join(map(str, values))
