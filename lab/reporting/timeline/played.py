"""What a sensor delivers in a replay, kept for the timeline as it goes, in memory that does not grow with the trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.replaying.wanted import Prepared
from lab.reporting.timeline import sound_file, values_file
from lab.reporting.timeline.features_over_time import FeaturesOverTime
from lab.reporting.timeline.signal_over_time import SignalOverTime
from lab.reporting.timeline.sound_file import SoundFile
from lab.reporting.timeline.values_file import ValuesFile
from lab.signals.signal import Signal


@dataclass(frozen=True)
class PlayedSignal:
    """`features` are None where they are no picture over time, or nobody knows them.

    `kept` is a file of what is played: of sound one to listen to.
    """

    signal: SignalOverTime
    features: FeaturesOverTime | None
    kept: SoundFile | ValuesFile

    def add(self, signal: Signal) -> None:
        """The next that is played. Raises StorageError."""
        for one in (self.signal, self.features, self.kept):
            if one is not None:
                one.add(signal.samples)


@contextmanager
def keeping(replay: Prepared, folder: Path) -> Iterator[PlayedSignal]:
    """Of a replay. What is played becomes a file of the folder when the context ends. Raises StorageError."""
    workload, feed = replay.request.workload, replay.feed
    heard = workload.input
    with ExitStack() as until_played:
        features = None
        kept: SoundFile | ValuesFile
        if heard.is_sound and heard.rate_hz <= sound_file.FASTEST_HZ:
            kept = until_played.enter_context(sound_file.writing(folder, heard.rate_hz))
        else:
            kept = until_played.enter_context(values_file.writing(folder, heard.channels))
        if replay.request.brought is None and FeaturesOverTime.can_be_seen(workload):
            features = until_played.enter_context(FeaturesOverTime(workload, feed.frames, feed.from_s))
        signal = SignalOverTime(feed.frames, heard.rate_hz, heard.axes, heard.unit, heard.steps_per_unit, feed.from_s)
        yield PlayedSignal(signal, features, kept)
