"""Real values as a tensor stores them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def stored(
    values: NDArray[np.floating[Any]], kind: np.dtype[Any], scale: float = 0.0, zero_point: int = 0
) -> NDArray[np.generic]:
    """The nearest that the type has, value = scale * (stored - zero_point); floats, without a scale, as they are."""
    if kind.kind != "f":
        limits = np.iinfo(kind)
        values = np.clip(np.rint(values / np.float64(scale)) + zero_point, limits.min, limits.max)
    found: NDArray[np.generic] = values.astype(kind)
    return found
