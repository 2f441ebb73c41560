"""Formats in which signals of several axes are recorded: a module each, found by its place here.

A module has what `Format` asks for. Its `read(path, wanted)` gives the recordings in a file as tracks. It raises
RecordingError for a file of which nothing can be used; what is wrong with one recording of several is the `problem` of
its track.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from lab.errors import RecordingError
from lab.signals.track import Track, Wanted
from lab.signals.unusable import unusable


class Format(Protocol):
    """What a module here offers. `ENDINGS` are in lower case, with their dot.

    `SAYS_LABELS` is whether a file itself says which labels its recordings have.
    """

    ENDINGS: frozenset[str]
    SAYS_LABELS: bool

    def read(self, path: Path, wanted: Wanted) -> list[Track]:
        """The recordings in a file, each with a key of its own. Raises RecordingError and OSError."""


def endings() -> frozenset[str]:
    """Of all files that are read."""
    return frozenset(_by_ending())


def says_labels(path: Path) -> bool:
    """Whether a file of that name says which labels its recordings have."""
    return _by_ending()[path.suffix.lower()].SAYS_LABELS


def read(path: Path, wanted: Wanted) -> list[Track]:
    """The recordings in a file.

    Raises RecordingError, naming the file, for whatever keeps it from being read, if a library of somebody else's fails
    at it too.
    """
    try:
        tracks = _by_ending()[path.suffix.lower()].read(path, wanted)
    except OSError as error:
        raise unusable(path, f"cannot be read: {error.strerror}") from error
    except RecordingError:
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}".partition("\n")[0].rstrip(": ")
        raise unusable(path, f"cannot be read ({what})") from error
    if not tracks:
        raise unusable(path, "holds no recording")
    return tracks


@cache
def _by_ending() -> dict[str, Format]:
    found = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return {ending: cast("Format", module) for module in found for ending in module.ENDINGS}
