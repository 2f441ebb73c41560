"""The stream of a workload, composed as the signal of its sensor can be."""

from __future__ import annotations

from lab.composing import motion, sound
from lab.composing.settings import Settings
from lab.composing.stream import Stream
from lab.recordings.collection import Collection
from lab.workload import Evaluation, Workload


def compose(collected: Collection, workload: Workload, evaluation: Evaluation) -> Stream:
    """Sound is mixed; of motion, of which there is one at a time, recordings follow each other.

    Raises RecordingError if no recording of an event can be read.
    """
    settings = Settings.of(workload, evaluation)
    return sound.compose(collected, settings) if settings.played.is_sound else motion.compose(collected, settings)
