"""One firmware with all that decides what it does: the same case gives the same observation, on whatever engine."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from lab.configuration import Frozen
from lab.conformance import handlers
from lab.elf import Firmware
from lab.measuring.parameters import Parameters
from lab.signals.signal import Signal
from lab.target import Target


class Stricter(Frozen):
    """Where the built-in engine stops following Renode on purpose: the last event that is equal, and why."""

    after: str
    because: str


@dataclass(frozen=True)
class Stimulus:
    """What one sensor of the target delivers, queued before the core starts."""

    sensor: str
    signal: Signal


def hash_of(stimuli: Iterable[Stimulus]) -> str:
    """SHA-256 of the samples in their order, "" for none."""
    samples = b"".join(one.signal.samples.astype("<i2").tobytes() for one in stimuli)
    return hashlib.sha256(samples).hexdigest() if samples else ""


@dataclass(frozen=True)
class OtherImage:
    """The image that a record was made of, where another is run: its handlers, and whether its features are these."""

    handlers: tuple[str, ...]
    same_features: bool


@dataclass(frozen=True)
class Case:
    """A firmware to be run for `seconds` of virtual time; `sources` is a hash of what made it, "" if not a probe.

    `features` is a hash of how the workload's features are computed, "" for a probe.
    """

    target: Target
    name: str
    firmware: Firmware
    seconds: float
    stimuli: tuple[Stimulus, ...] = ()
    parameters: Parameters | None = None
    sources: str = ""
    features: str = ""
    stricter: Stricter | None = None
    recorded_of: OtherImage | None = None

    @property
    def handlers(self) -> tuple[str, ...]:
        """The functions that interrupts and faults enter."""
        return tuple(handlers.names(self.firmware))

    @property
    def image(self) -> str:
        """SHA-256 of what is loaded, by address: debug information and file names do not enter it."""
        digest = hashlib.sha256()
        for segment in self.firmware.segments:
            digest.update(f"{segment.address}:{len(segment.data)}:".encode() + segment.data)
        return digest.hexdigest()


@dataclass(frozen=True)
class LeftOut:
    """A firmware that cannot be compared, and why."""

    target: Target
    name: str
    reason: str
