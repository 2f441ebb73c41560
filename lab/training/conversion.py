"""A trained network as a .tflite file that is int8 throughout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.features import Features
from lab.training import backend


def as_input(features: NDArray[np.int8], settings: Features) -> NDArray[np.float32]:
    """int8 features as a network's input of the same shape, by the workload's scale.

    So the converted model's int8 input is the feature itself.
    """
    values: NDArray[np.float32] = (features.astype(np.float32) - settings.zero_point) * np.float32(settings.scale)
    return values


def to_int8(tensorflow: Any, keras: Any, network: Any, calibration: NDArray[np.int8], settings: Features) -> bytes:
    """Quantise after training; int8 features [clips, rows, values] calibrate the range of every tensor.

    The whole range of features is among them, so that the model's int8 input is the feature itself.
    """
    classifier = keras.Model(network.input, keras.layers.Softmax()(network.output))
    # A batch of one, fixed, or reshaping becomes operators that TFLM of 2020 lacks.
    signature = tensorflow.TensorSpec((1, *network.input_shape[1:]), tensorflow.float32)
    concrete = tensorflow.function(lambda inputs: classifier(inputs, training=False)).get_concrete_function(signature)
    converter = tensorflow.lite.TFLiteConverter.from_concrete_functions([concrete], classifier)
    converter.optimizations = [tensorflow.lite.Optimize.DEFAULT]
    converter.target_spec.supported_ops = [tensorflow.lite.OpsSet.TFLITE_BUILTINS_INT8]
    # One scale for each dense layer: TFLM of 2020 reads only the first of several and computes with that, silently.
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    converter.inference_input_type = converter.inference_output_type = tensorflow.int8
    converter.representative_dataset = lambda: _representative(calibration, settings, network.input_shape[1:])
    with backend.quiet():
        return _without_names(bytes(converter.convert()))


def _without_names(data: bytes) -> bytes:
    """The same model without the names of its tensors, which take 4 kB of flash and which TFLM does not read."""
    from tensorflow.lite.tools import flatbuffer_utils  # noqa: PLC0415  (TensorFlow is an extra)

    model = flatbuffer_utils.read_model_from_bytearray(bytearray(data))
    flatbuffer_utils.strip_strings(model)
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def _representative(
    calibration: NDArray[np.int8], settings: Features, shape: Sequence[int]
) -> Iterator[list[NDArray[np.float32]]]:
    clips = calibration.copy()
    clips[0, 0, :2] = -128, 127  # the whole range of features, so that the input's scale is exact
    return ([as_input(clip, settings).reshape(1, *shape)] for clip in clips)
