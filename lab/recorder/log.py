"""Dumps in a log that somebody captured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab import files
from lab.errors import RecordingError, UsageError
from lab.recorder import dump, lines
from lab.recorder.dump import Dump
from lab.recorder.lines import Pieces

_MOST_BYTES = 256 * files.MEGABYTE


def read(file: Path) -> list[Pieces]:
    """Every dump in a log. Raises UsageError for one that cannot be read."""
    try:
        content = files.content(file, _MOST_BYTES)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror or error}.",
            remedy="Name a log of the device, as a terminal program captured it.",
            code="file-unreadable",
        ) from error
    return lines.heard(lines.texts(content))


def chosen(dumps: Sequence[Pieces], number: int | None, place: str) -> Dump:
    """The dump of that number, counted from 1, or the last. Raises RecordingError for none, and as `dump.read`."""
    if not dumps:
        raise RecordingError(
            f"{place} holds nothing of a flight recorder: no whole line that begins with {lines.BEGINS}.",
            remedy="Ask the device for a dump while the log is captured; build it with the recorder: "
            "docs/recording-on-device.md.",
            code="recorder-no-dump",
        )
    if number is not None and number > len(dumps):
        raise UsageError(
            f"{place} has no dump {number}.",
            remedy=f"Name one from 1 to {len(dumps)}." if len(dumps) > 1 else "It has one: leave out --dump.",
        )
    at = len(dumps) if number is None else number
    return dump.read(dumps[at - 1], place if len(dumps) == 1 else f"dump {at} of {place}")
