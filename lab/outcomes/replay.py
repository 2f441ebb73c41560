"""What a device made of a trace that was replayed to it."""

from __future__ import annotations

from dataclasses import dataclass

from lab.outcomes.stream import Pace
from lab.watching.types import Value


@dataclass(frozen=True)
class Found:
    """A detection that the device reported, when the inference that led to it ended."""

    time_s: float
    label: str
    score: int


@dataclass(frozen=True)
class ReplayedInference:
    """One inference. Times are seconds of the trace; from `begin_s` to `end_s` the model ran.

    `cpu_load` is the share of the time since the inference before in which the core did not sleep, `lost_samples` and
    `late` how many were lost since then, and whether it began when the next one was already due. A firmware that the
    lab did not build tells label and scores alone: the rest is None, 0 or empty. `watched` are the values of the
    variables that are watched, in their order, when the inference was told.
    """

    number: int
    begin_s: float
    end_s: float
    label: str
    scores: tuple[int, ...]
    found: tuple[Found, ...] = ()
    samples_crc: str = ""
    features_crc: str = ""
    instructions: int | None = None
    cpu_load: float | None = None
    lost_samples: int = 0
    late: bool = False
    watched: tuple[Value, ...] = ()


@dataclass(frozen=True)
class LogLine:
    """A line of the device log, when its last byte was sent."""

    time_s: float
    text: str


@dataclass(frozen=True)
class Arrived:
    """Bytes in hex that arrived at the board's UART, at a second of the trace as it was played.

    Those that are `behind` came after its end, from somebody who talked to the board then.
    """

    time_s: float
    hex: str
    behind: bool = False

    @property
    def data(self) -> bytes:
        """The bytes."""
        return bytes.fromhex(self.hex)


@dataclass(frozen=True)
class ReplayOutcome:
    """A whole replay, of the trace from `from_s` to `to_s`; `stimulus` is the SHA-256 of all that the sensor delivered.

    `arrived` is what the board's UART received, in order. `pace` is None where nobody can tell how fast the firmware
    would be on the board.
    """

    from_s: float
    to_s: float
    stimulus: str
    inferences: tuple[ReplayedInference, ...]
    log: tuple[LogLine, ...]
    pace: Pace | None
    notes: tuple[str, ...] = ()
    arrived: tuple[Arrived, ...] = ()

    @property
    def found(self) -> tuple[Found, ...]:
        """Every detection, in order."""
        return tuple(found for one in self.inferences for found in one.found)
