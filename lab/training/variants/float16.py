"""Weights in 16 bits, arithmetic in 32."""

from __future__ import annotations

from lab.training import conversion
from lab.training.tuning import Tuned
from lab.training.variants._variant import Variant


def _convert(of: Tuned) -> bytes:
    learnt = of.learnt
    converter = conversion.quantising(learnt.tensorflow, learnt.keras, learnt.network)
    converter.target_spec.supported_types = [learnt.tensorflow.float16]
    return conversion.converted(converter)


FLOAT16 = Variant("float16", "float16 weights", _convert)
