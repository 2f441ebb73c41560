"""Values in int16, weights in int8."""

from __future__ import annotations

from lab.training import conversion
from lab.training.tuning import Tuned
from lab.training.variants._variant import Variant


def _convert(of: Tuned) -> bytes:
    learnt = of.learnt
    converter = conversion.quantising(learnt.tensorflow, learnt.keras, learnt.network)
    lite = learnt.tensorflow.lite
    converter.target_spec.supported_ops = [lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8]
    converter.inference_input_type = converter.inference_output_type = learnt.tensorflow.int16
    conversion.calibrate(converter, learnt.network, learnt.calibration, learnt.features)
    return conversion.converted(converter)


INT16X8 = Variant("int16x8", "int16 values, int8 weights", _convert)
