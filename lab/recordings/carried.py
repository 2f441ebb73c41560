"""Recordings that TFLM's sources carry, for workloads that ask for them in `[recordings] also`."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from lab.recordings import tflm_clips, tflm_gestures
from lab.recordings.collection import Entry
from lab.signals.input import Input

Source = Literal["tflm-clips", "tflm-gestures"]


def find(sources: Iterable[Source], tflm_root: Path, played: Input, labels: Names[str]) -> list[Entry]:
    """The recordings of those sources; fewer, or none, where the tree lacks them. Raises RecordingError."""
    found: list[Entry] = []
    for source in sources:
        if source == "tflm-clips":
            found += tflm_clips.crate_recordings(tflm_root, labels)
        else:
            found += tflm_gestures.crate_recordings(tflm_root, played, labels)
    return found
