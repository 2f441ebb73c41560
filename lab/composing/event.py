"""Something that happens in a stream."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """A word, a gesture, a stretch of an activity: its label, the recording that it is from, and when it happens.

    Times are seconds of the stream. `snr_db` is how far below it the noise lies that was added, None where none was.
    """

    label: str
    clip: str
    start_s: float
    end_s: float
    snr_db: float | None = None
