"""What a board prints while it is played samples: how a bundle is made, and how it is reproduced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.elf import Firmware
from lab.engines.machine import Engine
from lab.errors import UsageError
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.measuring.streaming import listening
from lab.metrics import Mode
from lab.replaying.choosing import Chosen
from lab.replaying.feed import Feed
from lab.replaying.player import Player
from lab.replaying.reading import ProtocolReading, to_the_end
from lab.target import Target
from lab.traces import RecordedSignal, Values
from lab.workload import Workload


def log(
    engine: Engine,
    target: Target,
    workload: Workload,
    firmware: Firmware,
    samples: NDArray[np.int16],
    mode: Mode,
    mips: int | None = None,
) -> tuple[str, ...]:
    """The lines of the device log, from the moment after boot on; samples are int16 [frames, channels].

    Raises UsageError for samples of another shape than the workload's, and as a board's run does.
    """
    _check(samples, workload)
    if mode == "clip":
        parameters = Parameters("clip", workload.input.frames)
        with Board(engine, target, workload, firmware, parameters, mips) as board:
            return board.listen(samples).lines
    with listening(engine, target, workload, firmware, mips) as board:
        feed = Feed(_as_recorded(samples, workload), workload.input)
        reading = ProtocolReading(board, 0.0, mips or 1, to_the_end)
        player = Player(board.machine, workload.input.sensor, feed, reading)
        for _ in player.inferences():
            pass
        return tuple(line.text for line in player.log)


@dataclass(frozen=True)
class _Steps:
    """Frames of whole steps, of which so many are a unit."""

    samples: NDArray[np.int16]
    steps_per_unit: int

    def __len__(self) -> int:
        return len(self.samples)

    def read(self, first: int, count: int) -> Values:
        """As `lab.traces.Frames` has it."""
        return self.samples[first : first + count] / self.steps_per_unit


def _as_recorded(samples: NDArray[np.int16], workload: Workload) -> Chosen:
    played = workload.input
    frames = _Steps(samples, played.steps_per_unit)
    signal = RecordedSignal(played.sensor, played.axes, (played.unit,) * played.channels, frames, played.rate_hz)
    return Chosen(signal, tuple(range(played.channels)), (1.0,) * played.channels)


def _check(samples: NDArray[np.int16], workload: Workload) -> None:
    channels = workload.input.channels
    if samples.ndim != 2 or samples.shape[1] != channels or not len(samples):
        raise UsageError(
            f"The samples are of shape {list(samples.shape)}; {workload.name} has [frames, {channels}].",
            remedy="Take a bundle of this workload.",
        )
