"""The stream of a workload, composed as the signal of its sensor can be."""

from __future__ import annotations

from lab.composing import motion, sound, states
from lab.composing.settings import Settings
from lab.composing.stream import Stream
from lab.recordings.collection import Collection
from lab.workload import Evaluation, Workload


def compose(collected: Collection, workload: Workload, evaluation: Evaluation) -> Stream:
    """Where every inference is judged, states that last; else events, which are mixed of sound, and follow of motion.

    Its parts raise RecordingError if nothing can be read. Raises UsageError for pictures.
    """
    workload.input.check_goes_on("A stream")
    settings = Settings.of(workload, evaluation)
    if workload.task.of_states:
        return states.compose(collected, settings)
    return sound.compose(collected, settings) if settings.played.is_sound else motion.compose(collected, settings)
