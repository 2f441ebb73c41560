"""Which windows of a recording are played, and what is in one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lab.recordings.conversion import Converted
from lab.recordings.recording import Recording
from lab.signals.input import Input


def starts(frames: int, played: Input) -> Sequence[int]:
    """The first frames of the windows of a recording of so many frames.

    They begin `hop_s` apart as long as a whole one is left; without `hop_s`, or of a shorter recording, there is one.
    """
    if played.hop_s is None or frames <= played.content:
        return [0]
    hop = played.hop_s * played.rate_hz
    return [round(number * hop) for number in range(int((frames - played.content) / hop + 1e-9) + 1)]


def are_several(converted: Converted, played: Input) -> bool:
    """Whether a window's name must say where it begins: for all of a recording that is cut, be it into one."""
    return played.hop_s is not None and len(converted.samples) > played.content


def seconds(first: int, played: Input) -> str:
    """When a frame is, in seconds, with as many decimals as it takes: 12.0, 0.25."""
    whole = f"{first / played.rate_hz:.6f}".rstrip("0")
    return whole + "0" * whole.endswith(".")


def cut(converted: Converted, first: int, played: Input) -> Recording:
    """The window that begins with that frame, its end held from the last frame where the recording is shorter."""
    whole, length = converted.samples, played.content
    samples = whole[first : first + length]
    notes = list(converted.notes)
    if len(whole) < length:
        samples = np.concatenate([samples, np.repeat(samples[-1:], length - len(samples), axis=0)])
        notes.append("padded by holding the last frame")
    elif len(whole) > length and played.hop_s is None:
        notes.append(f"longer than {played.content / played.rate_hz:g} s: only the beginning was played")
    steps = 2 ** (played.bits - 1)
    if converted.clipped and np.any((samples == -steps) | (samples == steps - 1)):
        notes.append(f"clipped at ±{played.range:g} {played.unit}".rstrip())
    samples = np.ascontiguousarray(samples)
    samples.setflags(write=False)
    return Recording(samples, tuple(notes))
