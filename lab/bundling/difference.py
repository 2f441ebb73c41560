"""The first thing in which one device log differs from another of the same samples."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

_STAGES = ("samples_crc", "features_crc", "scores", "label", "score")
"""Fields of a line in the order in which they are made: the first that differs is the cause of the others."""


@dataclass(frozen=True)
class LogDifference:
    """`field` of line `line`, from 1; "" is the whole line. None stands for a line that there is not."""

    line: int
    field: str
    expected: str | None
    found: str | None

    def __str__(self) -> str:
        what = f"{self.field} of line {self.line}" if self.field else f"line {self.line}"
        expected, found = ("nothing" if one is None else one for one in (self.expected, self.found))
        return f"{what} of the device log: {found}, expected {expected}"


def first(expected: Sequence[str], found: Sequence[str]) -> LogDifference | None:
    """The first difference; None if there is none."""
    for number, (wanted, got) in enumerate(zip_longest(expected, found), start=1):
        if wanted == got:
            continue
        field = _field(wanted, got)
        if not field:
            return LogDifference(number, "", wanted, got)
        return LogDifference(number, field, *(json.dumps(_parsed(one)[field]) for one in (wanted, got)))
    return None


def _field(wanted: str | None, got: str | None) -> str:
    """The first field in which two lines of the same event differ; "" where they are not of the same."""
    one, other = _parsed(wanted), _parsed(got)
    if not one or one.keys() != other.keys() or one.get("event") != other.get("event"):
        return ""
    return next((name for name in (*_STAGES, *one) if one.get(name) != other.get(name)), "")


def _parsed(line: str | None) -> Mapping[str, Any]:
    try:
        content = json.loads(line or "")
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
