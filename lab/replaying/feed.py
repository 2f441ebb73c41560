"""A trace as the sensor of a workload delivers it: at its rate, in its steps, block by block."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Literal

import numpy as np
import soxr
from numpy.typing import NDArray

from lab.errors import UsageError
from lab.replaying.choosing import Chosen
from lab.signals.blocks import BLOCK
from lab.signals.input import Input
from lab.signals.signal import Signal
from lab.signals.timing import GAP_PERIODS
from lab.traces.trace import RecordedSignal, Values

Timing = Literal["recorded", "nominal"]

_AS_IT_IS = 0.5
"""Frames that all lie within that part of a period of ticks of the workload's rate are the samples of those ticks."""


class Feed:
    """The signal of one sensor, from second `from_s` of the trace to second `to_s`, its end if that is None.

    With the timing "recorded" the signal is at each time what was recorded then: what frames with uneven times say is
    interpolated linearly, and in a gap the last frame is held. With "nominal" frames follow each other at the nominal
    rate whatever their times, and gaps are closed. A rate that is not the workload's is resampled. Before the first
    frame of a trace there is silence, of motion its first frame.

    After `blocks` is through, `clipped` counts the values beyond the sensor's range and `stimulus` is the SHA-256 of
    all samples.
    """

    def __init__(
        self, chosen: Chosen, played: Input, timing: Timing = "recorded", from_s: float = 0.0, to_s: float | None = None
    ) -> None:
        self._chosen = chosen
        self._played = played
        self._signal = _timed(chosen.signal, timing, played.rate_hz)
        end_s = self._signal.end_s
        self.from_s, self.to_s = from_s, end_s if to_s is None else min(to_s, end_s)
        if self.to_s <= self.from_s:
            raise UsageError(
                f"Nothing is left of the trace, which ends at {end_s:g} s, from {from_s:g} s on.",
                remedy="Correct --from and --to.",
            )
        self.frames = round(self.seconds * played.rate_hz)
        self.clipped = 0
        self.stimulus = ""

    @property
    def signal(self) -> RecordedSignal:
        """What is played, as the trace has it."""
        return self._chosen.signal

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.to_s - self.from_s

    @property
    def notes(self) -> tuple[str, ...]:
        """What is done to the signal where it changes what is heard."""
        uneven = self._signal.times_s is not None
        return (
            *self._chosen.notes,
            *(("had uneven times: interpolated linearly, gaps held",) * uneven),
            *((f"resampled {self._grid_hz:.6g}->{self._played.rate_hz} Hz",) * (self._grid_hz != self._played.rate_hz)),
        )

    def when(self, time_s: float) -> float:
        """The second at which is played what the trace has at that second: another one where gaps are closed."""
        times, played = self._chosen.signal.times_s, self._signal
        if times is None or played.times_s is not None:
            return time_s
        return played.start_s + float(np.interp(time_s, times, np.arange(len(times)))) / played.rate_hz

    def blocks(self, frames: int = BLOCK) -> Iterator[NDArray[np.int16]]:
        """The samples, int16 [frames, channels], so many at a time. Raises RecordingError."""
        self.clipped, digest, left = 0, hashlib.sha256(), self.frames
        for values in self._at_rate(frames):
            samples = self._in_steps(values[:left])
            digest.update(samples.tobytes())
            left -= len(samples)
            if len(samples):
                yield samples
        self.stimulus = digest.hexdigest()

    def signals(self, frames: int = BLOCK) -> Iterator[Signal]:
        """The same as the sensor's signal. Raises RecordingError."""
        return map(self._played.signal, self.blocks(frames))

    def _at_rate(self, frames: int) -> Iterator[Values]:
        """At the workload's rate, and at least as many as are wanted."""
        rate_hz, wanted_hz = self._grid_hz, self._played.rate_hz
        if rate_hz == wanted_hz:
            yield from self._placed(rate_hz, frames)
            return
        channels = self._played.channels
        stream = soxr.ResampleStream(rate_hz, wanted_hz, channels, dtype="float64", quality="VHQ")
        made, last = 0, np.zeros((1, channels))
        for values in self._placed(rate_hz, frames):
            last = values[-1:]
            resampled = stream.resample_chunk(values).reshape(-1, channels)
            made += len(resampled)
            yield resampled
        rest = stream.resample_chunk(np.empty((0, channels)), last=True).reshape(-1, channels)
        yield rest
        yield np.repeat(last, max(0, self.frames - made - len(rest)), axis=0)  # one at most, by rounding

    @property
    def _grid_hz(self) -> float:
        """The rate that the signal is brought to before it is resampled: of uneven times never less than is wanted."""
        own, wanted = self._signal.rate_hz, float(self._played.rate_hz)
        return own if self._signal.times_s is None else max(own, wanted)

    def _placed(self, rate_hz: float, frames: int) -> Iterator[Values]:
        """The values of each tick of that rate, from `from_s` on."""
        ticks = round(self.seconds * rate_hz)
        for first in range(0, ticks, frames):
            yield self._ticks(rate_hz, first, min(frames, ticks - first))

    def _ticks(self, rate_hz: float, first: int, count: int) -> Values:
        signal = self._signal
        if signal.times_s is not None:
            times = self.from_s + (first + np.arange(count)) / rate_hz
            return self._interpolated(times, signal.times_s)
        start = first + round((self.from_s - signal.start_s) * rate_hz)
        before = min(count, max(0, -start))
        values = self._read(max(0, start), count - before)
        if before:
            held = self._read(0, 1) if not self._played.is_sound else np.zeros((1, values.shape[1]))
            values = np.concatenate([np.repeat(held, before, axis=0), values])
        missing = count - len(values)
        return np.concatenate([values, np.repeat(values[-1:], missing, axis=0)]) if missing else values

    def _interpolated(self, wanted: NDArray[np.float64], times: NDArray[np.float64]) -> Values:
        first = max(0, int(np.searchsorted(times, wanted[0], side="right")) - 1)
        last = min(len(times), int(np.searchsorted(times, wanted[-1], side="left")) + 1)
        near, values = times[first:last], self._read(first, last - first)
        found = np.stack([np.interp(wanted, near, column) for column in values.T], axis=1)
        before = np.clip(np.searchsorted(near, wanted, side="right") - 1, 0, len(near) - 1)
        after = np.minimum(before + 1, len(near) - 1)
        in_gap = near[after] - near[before] > GAP_PERIODS / self._signal.rate_hz
        found[in_gap] = values[before[in_gap]]
        return found

    def _read(self, first: int, count: int) -> Values:
        columns = self._chosen.columns
        values: Values = self._chosen.signal.frames.read(first, count)[:, columns] * np.array(self._chosen.factors)
        return np.mean(values, axis=1, keepdims=True) if self._chosen.mixes else values

    def _in_steps(self, values: Values) -> NDArray[np.int16]:
        steps = np.rint(values * self._played.steps_per_unit)
        end = 2 ** (self._played.bits - 1)
        self.clipped += int(np.count_nonzero((steps < -end) | (steps > end - 1)))
        return np.clip(steps, -end, end - 1).astype(np.int16)


def _timed(signal: RecordedSignal, timing: Timing, wanted_hz: int) -> RecordedSignal:
    """The signal with the times that its frames are replayed at; None for even ones."""
    times = signal.times_s
    if times is None:
        return signal
    if timing == "recorded":
        off = times - np.arange(len(times)) / wanted_hz
        if np.ptp(off) * wanted_hz < 2 * _AS_IT_IS:
            return _even(signal, wanted_hz)
        return signal
    near = abs(signal.rate_hz / wanted_hz - 1) < 0.01  # oscillators of sensors are that far off
    return _even(signal, wanted_hz if near else signal.rate_hz)


def _even(signal: RecordedSignal, rate_hz: float) -> RecordedSignal:
    return RecordedSignal(signal.name, signal.axes, signal.units, signal.frames, rate_hz, None, signal.begin_s)
