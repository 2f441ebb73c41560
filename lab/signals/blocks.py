"""Samples in pieces, brought to blocks of one size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

BLOCK = 2**20
"""Frames that a sensor is given at once: a minute of sound, 2 MB."""


def joined(pieces: Iterable[NDArray[np.int16]], frames: int = BLOCK) -> Iterator[NDArray[np.int16]]:
    """The same frames in blocks of so many, the last one shorter."""
    waiting: list[NDArray[np.int16]] = []
    count = 0
    for piece in pieces:
        waiting.append(piece)
        count += len(piece)
        while count >= frames:
            together = np.concatenate(waiting)
            yield together[:frames]
            waiting, count = [together[frames:]], count - frames
    if count:
        yield np.concatenate(waiting)
