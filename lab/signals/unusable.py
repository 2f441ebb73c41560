"""The error for a recording of several axes that cannot be used."""

from __future__ import annotations

import reprlib
from pathlib import Path

from lab.errors import RecordingError
from lab.signals.sound import shown

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


def unusable(path: Path, why: str, key: str = "") -> RecordingError:
    """`why` completes a sentence that begins with the recording's name."""
    return RecordingError(f"{named(path, key)} {why}.", remedy="Replace it, or leave it out.", code="recording-broken")


def named(path: Path, key: str = "") -> str:
    """A file, and by its `key` the recording in it."""
    return f"{shown(path)}, {shown(key)}" if key else shown(path)


def quoted(value: object) -> str:
    """What a file holds, as Python writes it, without the middle of what is long."""
    if isinstance(value, int) and value.bit_length() > 64:  # Python does not write out 5,000 digits
        return "an integer of more than 64 bits"
    return _SHORT.repr(value)
