"""Formats in which signals are recorded: a module each, found by its place here.

A module has what `Format` asks for. Its `read` gives all that is in a file. It raises RecordingError for a file of
which nothing can be used; what is wrong with one recording of several is the `problem` of its sheet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from lab import modules
from lab.errors import RecordingError
from lab.signals.dataset import Dataset
from lab.signals.unusable import unusable
from lab.traces.holds import Files
from lab.traces.sheet import Content
from lab.traces.trace import Trace

_LONGEST_NAME = 200
"""Of a recording, a label or a person: they stand in tables and messages."""


class Format(Protocol):
    """What a module here offers. `ENDINGS` are in lower case, with their dot.

    `OF_RECORDINGS` are those of files that are recordings of several axes wherever they lie in a folder of such.
    `WRITES` are those of files that are written too, by functions that the others need not have.
    `SAYS_LABELS` is whether a file itself says which label each of its recordings has, and `HAS_LABELS` whether labels
    and marks of a trace are in the file and not beside it.
    """

    ENDINGS: frozenset[str]
    OF_RECORDINGS: frozenset[str]
    WRITES: frozenset[str]
    SAYS_LABELS: bool
    HAS_LABELS: bool

    def read(self, path: Path, described: Dataset) -> Content:
        """What is in a file, each sheet with a key of its own. Raises RecordingError and OSError."""

    def losses(self, trace: Trace, path: Path) -> Iterator[str]:
        """What of a trace a file of that name has no room for, in words that complete "X loses: ..."."""

    def write(self, trace: Trace, path: Path) -> Files:
        """What to write of a trace, to that file and others beside it, as far as there is room for it."""


@cache
def by_ending() -> Mapping[str, Format]:
    """The format of each ending."""
    return {ending: cast("Format", module) for module in modules.every(__name__) for ending in module.ENDINGS}


def read(path: Path, described: Dataset) -> Content:
    """What is in a file of an ending that is known.

    Raises RecordingError, naming the file, for whatever keeps it from being read, if a library of somebody else's fails
    at it too.
    """
    try:
        content = by_ending()[path.suffix.lower()].read(path, described)
    except OSError as error:
        raise unusable(path, f"cannot be read: {error.strerror}") from error
    except RecordingError:
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": ")
        raise unusable(path, f"cannot be read ({what})") from error
    if not (content.sheets or content.received):
        raise unusable(path, "holds no recording")
    longest = max((len(text) for one in content.sheets for text in (one.key, one.label, one.person)), default=0)
    if longest > _LONGEST_NAME:
        raise unusable(path, f"holds a name of {longest:,} characters")
    return content
