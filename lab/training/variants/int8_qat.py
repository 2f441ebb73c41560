"""Trained with the rounding of int8 (quantisation-aware training), input and output in int8 too."""

from __future__ import annotations

from lab.training import conversion
from lab.training.tuning import Tuned
from lab.training.variants._variant import Variant


def _convert(of: Tuned) -> bytes:
    learnt = of.learnt
    converter = conversion.quantising(learnt.tensorflow, learnt.keras, of.for_int8)
    converter.inference_input_type = converter.inference_output_type = learnt.tensorflow.int8
    return conversion.converted(converter)


INT8_QAT = Variant("int8-qat", "int8, trained for it", _convert)
