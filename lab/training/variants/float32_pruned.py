"""Floats, of which many weights are 0: as large in flash, smaller as a compressed update."""

from __future__ import annotations

from lab.training import conversion
from lab.training.tuning import Tuned
from lab.training.variants._variant import Variant


def _convert(of: Tuned) -> bytes:
    learnt = of.learnt
    return conversion.converted(conversion.plain(learnt.tensorflow, learnt.keras, of.pruned))


FLOAT32_PRUNED = Variant("float32-pruned", "floats, the smallest weights 0", _convert)
