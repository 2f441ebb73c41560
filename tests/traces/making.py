"""Traces to write, and whether two are the same."""

from __future__ import annotations

import numpy as np

from lab.traces import Held, Label, Mark, Received, RecordedSignal, Trace

STEPS = {"int8": 2**7, "int16": 2**15, "int24": 2**23, "int32": 2**31}


def sound(encoding: str = "int16", channels: int = 1, rate_hz: float = 16_000, frames: int = 40_000) -> Trace:
    """Noise that uses all bits of the encoding, its extremes included."""
    random = np.random.default_rng(7)
    if encoding in STEPS:
        steps = STEPS[encoding]
        values = random.integers(-steps, steps, (frames, channels)) / steps
        values[:2] = [[-1.0] * channels, [(steps - 1) / steps] * channels]
    else:
        values = random.normal(0, 0.5, (frames, channels))
        values = values.astype(np.float32).astype(np.float64) if encoding == "float32" else values
    axes = ("sound",) if channels == 1 else tuple(map(str, range(1, channels + 1)))
    return Trace((RecordedSignal("", axes, ("",) * channels, Held(values), rate_hz, encoding=encoding),))


def shaken(frames: int = 500, rate_hz: float = 50, start_s: float = 0.0, name: str = "", unit: str = "g") -> Trace:
    """Acceleration in whole µg."""
    values = np.round(np.random.default_rng(8).normal((0, 0, 1), 0.3, (frames, 3)), 6)
    return Trace((RecordedSignal(name, ("x", "y", "z"), (unit,) * 3, Held(values), rate_hz, start_s=start_s),))


def uneven(frames: int = 500, digits: int = 9) -> Trace:
    """The same with jitter, a gap of 1.5 s and a clock that drifts."""
    times = np.arange(frames) / 50 * 1.0001 + np.random.default_rng(9).uniform(0, 0.004, frames) + 2
    times[frames // 2 :] += 1.5
    (signal,) = shaken(frames).signals
    return Trace((RecordedSignal("", signal.axes, signal.units, signal.frames, 50, np.round(times, digits)),))


EVENTS = Trace(
    (),
    labels=(Label(0.25, 1.5, "yes"), Label(1.0, 2.0, "größer\tthan a tab")),
    marks=(Mark(0.75, "button"),),
    received=(Received(0.5, b"start\r\n"), Received(1.25, bytes(range(256))), Received(2.0, b"x", channel=3)),
)


def with_events(trace: Trace, *, received: bool = True) -> Trace:
    """The signals of a trace, and what happened meanwhile."""
    return Trace(trace.signals, EVENTS.labels, EVENTS.marks, EVENTS.received if received else ())


def whole(signal: RecordedSignal) -> np.ndarray:
    """All its values, read piece by piece."""
    return np.concatenate(list(signal.blocks(777)))


def assert_same(found: Trace, wanted: Trace, *, axes: bool = True, names: bool = True, encodings: bool = True) -> None:
    """Values to the bit; times to the nanosecond."""
    assert len(found.signals) == len(wanted.signals)
    for one, other in zip(found.signals, wanted.signals, strict=True):
        assert np.array_equal(whole(one), whole(other))
        assert not axes or (one.axes, one.units) == (other.axes, other.units)
        assert not names or one.name == other.name
        assert not encodings or one.encoding == other.encoding
        assert one.begin_s == other.begin_s
        assert (one.times_s is None) == (other.times_s is None)
        if one.times_s is not None and other.times_s is not None:
            assert np.allclose(one.times_s, other.times_s, rtol=0, atol=1e-9)
        else:
            assert np.isclose(one.rate_hz, other.rate_hz, rtol=1e-12)
    assert (found.labels, found.marks, found.received) == (wanted.labels, wanted.marks, wanted.received)
