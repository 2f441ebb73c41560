"""What every form of recordings offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Collection as Names
from dataclasses import dataclass
from pathlib import Path

from lab.recordings.collection import Collection, Entry
from lab.recordings.recording import Recording
from lab.signals.input import Input


@dataclass(frozen=True)
class Form:
    """How recordings of such an input are found below a folder, and loaded. Both raise RecordingError.

    `read` is given the folder, the input, the labels, and words that stand for labels. `stretch` gives as much of what
    follows in a file as is asked for, in frames; of a form whose files hold no more than one recording, that.
    """

    takes: Callable[[Input], bool]
    read: Callable[[Path, Input, Names[str], Mapping[str, str] | None], Collection]
    load: Callable[[Entry, Input], Recording]
    stretch: Callable[[Entry, Input, int], Recording]
