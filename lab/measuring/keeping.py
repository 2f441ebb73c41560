"""Keeping what there is to see of the recordings that speak against a run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.outcomes.recording import Difference, Kept
from lab.signals.input import Input

MOST = 200
"""Of a run, so that one on thousands leaves a folder that can be passed on."""


class Keeping:
    """Of what one process hears in order, the first that differ from the host and the first that are decided wrongly.

    The first of all processes are among the first of each, so what a run keeps does not depend on their number.
    """

    def __init__(self, played: Input) -> None:
        self._played = played
        self._left = {"differs": MOST, "wrong": MOST}

    def of(
        self,
        samples: NDArray[np.int16],
        features: NDArray[np.int8] | None,
        difference: Difference | None,
        *,
        correct: bool,
    ) -> Kept | None:
        """What to keep of a recording that was played, int16 [frames] or [frames, channels]; None if nothing."""
        if difference is None and correct:
            return None
        why = "differs" if difference else "wrong"
        if not self._left[why]:
            return None
        self._left[why] -= 1
        return Kept(self._played.signal(samples[self._played.lead :]), features)
