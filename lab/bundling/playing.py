"""What a board prints while it is played samples: how a bundle is made, and how it is reproduced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lab.engines.machine import Engine
from lab.errors import FirmwareError, UsageError
from lab.image import Image
from lab.measuring.foreign.adapter import Adapter
from lab.measuring.foreign.board import ForeignBoard
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.measuring.player import Player
from lab.measuring.request import Brought, Request
from lab.metrics import Mode
from lab.outcomes.replay import Arrived, ReplayedInference
from lab.replaying.booting import booted
from lab.replaying.choosing import Chosen
from lab.replaying.feed import Feed
from lab.target import Target
from lab.traces import RecordedSignal, Values
from lab.workload import Workload


@dataclass(frozen=True)
class Play:
    """How samples are played. `adapter` reads a firmware that does not speak the lab's protocol.

    In the mode `stream` the core executes `mips` instructions a microsecond, None as many as the platform says, and it
    ends with the inference of the number `until`, None with the samples; `arriving` at the UART are bytes, at seconds
    from the first sample on.
    """

    mode: Mode
    adapter: Adapter | None = None
    mips: int | None = None
    until: int | None = None
    arriving: tuple[Arrived, ...] = ()


@dataclass(frozen=True)
class PlayedBack:
    """Lines of the device log, from the moment after boot on.

    Of a stream its inferences too, their times in seconds from the first sample on, and the error that ended it early.
    """

    lines: tuple[str, ...]
    inferences: tuple[ReplayedInference, ...] = ()
    error: FirmwareError | None = None


def play(
    engine: Engine, target: Target, workload: Workload, firmware: Image, samples: NDArray[np.int16], how: Play
) -> PlayedBack:
    """Play samples, int16 [frames, channels], to a board that has just booted.

    Raises UsageError for samples of another shape than the workload's, ConfigurationError for an adapter that does not
    fit, and as a board's run does where nothing is a stream.
    """
    _check(samples, workload)
    if how.mode == "stream":
        return _stream(engine, target, workload, firmware, samples, how)
    if how.adapter is not None:
        with ForeignBoard(engine, target, workload, firmware, how.adapter, how.mips) as foreign:
            return PlayedBack(foreign.listen(samples).lines)
    parameters = Parameters("clip", workload.input.frames)
    with Board(engine, target, workload, firmware, parameters, how.mips) as board:
        return PlayedBack(board.listen(samples).lines)


def _stream(
    engine: Engine, target: Target, workload: Workload, firmware: Image, samples: NDArray[np.int16], how: Play
) -> PlayedBack:
    brought = Brought(firmware.path, how.adapter) if how.adapter else None
    request = Request(workload, target, engine.name, brought=brought, mode="stream")

    def stops(number: int, _label: str, _scores: object) -> bool:
        return how.until is not None and number >= how.until

    feed = Feed(_as_recorded(samples, workload), workload.input)
    inferences: list[ReplayedInference] = []
    error = None
    with booted(request, firmware, engine, how.mips) as board:
        reading = board.reading(0.0, how.mips or 1, stops)
        player = Player(board.machine, board.sensor, feed, reading, arriving=how.arriving)
        try:
            inferences += player.inferences()
        except FirmwareError as ended_by:  # what was printed until then is what there is to see
            error = ended_by
    return PlayedBack(tuple(line.text for line in player.log), tuple(inferences), error)


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
