"""Butterworth filters of even order, as sections of order two."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from lab.features._features import Constant

Section = tuple[float, float, float, float, float]
"""b0, b1, b2, a1, a2 of (b0 + b1/z + b2/z^2) / (1 + a1/z + a2/z^2)."""
PASSES = (1.0, 0.0, 0.0, 0.0, 0.0)
"""A section that changes nothing."""


def sections(kind: Literal["low", "high"], order: int, cutoff_hz: float, rate_hz: int) -> list[Section]:
    """By the bilinear transform, warped so that the cutoff stays where it is: Oppenheim and Schafer, Discrete-Time
    Signal Processing, 7.1. Each pair of poles is a section of gain 1 in the middle of the pass band."""
    warped = math.tan(math.pi * cutoff_hz / rate_hz)
    found = []
    for pair in range(order // 2):
        damping = 2 * math.sin(math.pi * (2 * pair + 1) / (2 * order)) * warped
        whole = 1 + damping + warped**2
        first = (warped**2 if kind == "low" else 1.0) / whole
        second = 2 * first if kind == "low" else -2 * first
        found.append((first, second, first, 2 * (warped**2 - 1) / whole, (1 - damping + warped**2) / whole))
    return found


def is_stable(section: Section) -> bool:
    """Whether its poles are within the unit circle when its factors are floats of 32 bits: Jury's criterion."""
    a1, a2 = (float(np.float32(factor)) for factor in section[3:])
    return abs(a2) < 1 and abs(a1) < 1 + a2


def constants(every: Sequence[Section]) -> Mapping[str, Constant]:
    """`kSections`, `kForward` with b0, b1, b2 of each, `kBack` with its a1, a2."""
    return {
        "kSections": len(every),
        "kForward": tuple(factor for one in every for factor in one[:3]),
        "kBack": tuple(factor for one in every for factor in one[3:]),
    }
