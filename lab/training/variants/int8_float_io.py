"""Quantised after training, with floats as input and output."""

from __future__ import annotations

from lab.training import conversion
from lab.training.tuning import Tuned
from lab.training.variants._variant import Variant


def _convert(of: Tuned) -> bytes:
    learnt = of.learnt
    converter = conversion.quantising(learnt.tensorflow, learnt.keras, learnt.network)
    converter.target_spec.supported_ops = [learnt.tensorflow.lite.OpsSet.TFLITE_BUILTINS_INT8]
    conversion.calibrate(converter, learnt.network, learnt.calibration, learnt.features)
    return conversion.converted(converter)


INT8_FLOAT_IO = Variant("int8-float-io", "int8 between float input and output", _convert)
