"""int8 weights, and values that are quantised while the model runs."""

from __future__ import annotations

from lab.training import conversion
from lab.training.tuning import Tuned
from lab.training.variants._variant import Variant


def _convert(of: Tuned) -> bytes:
    learnt = of.learnt
    return conversion.converted(conversion.quantising(learnt.tensorflow, learnt.keras, learnt.network))


DYNAMIC_RANGE = Variant("dynamic-range", "int8 weights alone", _convert)
