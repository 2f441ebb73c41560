"""The error for a recording of several axes that cannot be used."""

from __future__ import annotations

from pathlib import Path

from lab.errors import RecordingError
from lab.signals.sound import shown


def unusable(path: Path, why: str, key: str = "") -> RecordingError:
    """`why` completes a sentence that begins with the recording's name."""
    return RecordingError(
        f"{named(path, key)} {why}.", remedy="Replace it, or take it out of the folder.", code="recording-broken"
    )


def named(path: Path, key: str = "") -> str:
    """A file, and by its `key` the recording in it."""
    return f"{shown(path)}, {shown(key)}" if key else shown(path)
