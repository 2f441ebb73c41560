"""The one way to recordings of any sensor: what a folder holds, and what of it is played."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from lab.recordings import forms
from lab.recordings.collection import Collection, Entry
from lab.recordings.recording import Recording
from lab.signals.input import Input


def read(folder: Path, played: Input, labels: Names[str], names: Mapping[str, str] | None = None) -> Collection:
    """The recordings below `folder` for a workload of that input and those labels, `names` being words for labels.

    Raises RecordingError and ConfigurationError as `sounds.read` and `motion.read` do.
    """
    return forms.of(played).read(folder, played, labels, names)


def stretch(entry: Entry, played: Input, frames: int) -> Recording:
    """What a file of several axes has from a recording's first frame on, up to so many frames: nothing is held at its
    end, and it may be longer than a window. Of other forms it is what is played of a recording. Raises RecordingError,
    naming the file.
    """
    return forms.of(played).stretch(entry, played, frames)


def load(entry: Entry, played: Input) -> Recording:
    """What is played of a recording, as long as the workload's window. Raises RecordingError, naming the file."""
    loaded = forms.of(played).load(entry, played)
    if not played.lead:
        return loaded
    samples = np.concatenate([np.repeat(loaded.samples[:1], played.lead, axis=0), loaded.samples])
    samples.setflags(write=False)
    return Recording(samples, loaded.notes)
