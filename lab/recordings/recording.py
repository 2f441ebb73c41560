"""A recording as the samples that a sensor delivers, whatever form it was stored in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Recording:
    """int16 `samples`, [frames] of sound, else [frames, channels]; `notes` says what was done to them, if anything."""

    samples: NDArray[np.int16]
    notes: tuple[str, ...] = ()
