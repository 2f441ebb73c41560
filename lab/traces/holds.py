"""What a format has room for, and so what a trace loses in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lab.errors import UsageError
from lab.signals.signal import SOUND
from lab.traces.packed import is_exact
from lab.traces.timing import EVEN
from lab.traces.trace import RecordedSignal, Trace

Files = Mapping[Path, Callable[[BinaryIO], int]]
"""What to write into each file; it gives how many values had to be clipped."""

_BLOCK = 2**16


@dataclass(frozen=True)
class Holds:
    """Whether a format has room for several signals, for the names of axes, for units, for a time of each frame, for
    that of the first, for a rate that is no whole number, for bytes on a UART.

    `encodings` are those of its values, from the smallest on. The name of a signal that is alone is that of the file.
    """

    signals: bool = False
    axes: bool = False
    units: bool = False
    times: bool = False
    start: bool = False
    any_rate: bool = False
    received: bool = False
    encodings: tuple[str, ...] = ("float64",)

    def losses(self, trace: Trace) -> Iterator[str]:
        """What of a trace there is no room for, in words."""
        if not self.signals and len(trace.signals) > 1:
            others = ", ".join(repr(signal.name) for signal in trace.signals[1:])
            yield f"all signals but the first: {others}"
        for signal in trace.signals if self.signals else trace.signals[:1]:
            yield from self._of_signal(signal)
        if trace.received and not self.received:
            yield f"the {sum(len(one.data) for one in trace.received):,} bytes that the UART received"

    def _of_signal(self, signal: RecordedSignal) -> Iterator[str]:
        if not self.axes and signal.axes not in (SOUND, _numbers(signal)):
            yield f"the names of its axes, {', '.join(signal.axes)}"
        if not self.units and any(signal.units):
            yield f"its unit, {', '.join(dict.fromkeys(filter(None, signal.units)))}"
        if not self.times and signal.times_s is not None:
            yield "the times of its frames, which are uneven (--timing nominal makes them even)"
        elif not self.start and abs(signal.begin_s) * signal.rate_hz > EVEN:
            yield f"that it begins at {signal.begin_s:g} s (`lab trace cut --from {signal.begin_s:g}` makes that 0)"
        if not self.any_rate and not float(signal.rate_hz).is_integer():
            yield f"its rate of {signal.rate_hz:.9g} Hz, which becomes {round(signal.rate_hz):,} Hz"
        if "float64" not in self.encodings:
            encoding = self.encoding(signal)
            if encoding != signal.encoding and not _fits(signal, encoding):
                yield f"the precision of its values: {signal.encoding} becomes {encoding}"

    def encoding(self, signal: RecordedSignal) -> str:
        """Its own; where it is none of these, or the largest, the smallest that holds all its values, or the last."""
        own = signal.encoding
        if own in self.encodings and own != "float64":
            return own
        left = list(self.encodings)
        for block in signal.blocks(_BLOCK):
            left = [one for one in left if is_exact(block, one)]
            if len(left) < 2:
                break
        return left[0] if left else self.encodings[-1]


def _numbers(signal: RecordedSignal) -> tuple[str, ...]:
    return tuple(map(str, range(1, len(signal.axes) + 1)))


def _fits(signal: RecordedSignal, encoding: str) -> bool:
    return all(is_exact(block, encoding) for block in signal.blocks(_BLOCK))


def whole_rate(signal: RecordedSignal) -> int:
    """The rate for a format of whole ones."""
    return max(1, round(signal.rate_hz))


def too_large(path: Path, why: str) -> UsageError:
    """The error for a trace that a format cannot hold at all; `why` completes a sentence that begins with the file."""
    return UsageError(
        f"{path.name} {why}.", remedy="Write .npz, or cut the trace: `lab trace cut`.", code="trace-unfit"
    )
