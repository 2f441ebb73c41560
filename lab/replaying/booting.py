"""A board for a replay: with the firmware that the lab built, or with one that somebody brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from lab.engines.machine import Engine, Machine
from lab.errors import ConfigurationError
from lab.image import Image
from lab.measuring.foreign.board import ForeignBoard
from lab.measuring.marks import INFERENCE_BEGINS
from lab.measuring.reading import ProtocolReading, Reading, Stops
from lab.measuring.request import Request
from lab.measuring.streaming import listening
from lab.replaying.foreign import ForeignReading


@dataclass(frozen=True)
class Entered:
    """The function that an inference begins with, and its argument then; None for any."""

    address: int
    argument: int | None = None


@dataclass(frozen=True)
class Booted:
    """A machine that waits for what the sensor of that name delivers.

    `reading` makes what reads its firmware, of the second of the trace with which it begins, of the instructions that
    the core executes in a microsecond, and of what ends the replay. `inference` is where one begins; None where nobody
    has said.
    """

    machine: Machine
    sensor: str
    firmware: Image
    inference: Entered | None
    reading: Callable[[float, int, Stops], Reading]


@contextmanager
def booted(request: Request, firmware: Image, engine: Engine, mips: int | None = None) -> Iterator[Booted]:
    """A board whose core executes `mips` instructions a microsecond, None as many as its description says.

    Raises as `sensor_of`, and as boards do that come up.
    """
    workload, target = request.workload, request.target
    if request.brought is None:
        with listening(engine, target, workload, firmware, mips) as board:
            mark = Entered(firmware.symbol("lab_mark").address, INFERENCE_BEGINS)
            yield Booted(board.machine, sensor_of(request), firmware, mark, partial(ProtocolReading, board))
        return
    sensor = sensor_of(request)
    with ForeignBoard(engine, target, workload, firmware, request.brought.adapter, mips) as foreign:

        def reading(from_s: float, _mips: int, stops: Stops) -> Reading:
            return ForeignReading(foreign, from_s, stops)

        begins = Entered(foreign.begins) if foreign.begins is not None else None
        yield Booted(foreign.machine, sensor, firmware, begins, reading)


def sensor_of(request: Request) -> str:
    """The sensor that delivers the trace. Raises ConfigurationError for a brought firmware that has none."""
    brought = request.brought
    if brought is None:
        return request.workload.input.sensor
    if brought.adapter.input.buffer is not None:
        raise ConfigurationError(
            f"{brought.adapter.place('input', 'buffer')}: {brought.file.name} takes whole recordings in "
            f"{brought.adapter.input.buffer}, so that no trace can be replayed to it.",
            remedy="Name a sensor of the board in [input], from which the firmware reads on and on.",
            code="replay-buffer",
        )
    return brought.adapter.input.sensor or request.workload.input.sensor
