"""A trained network as a .tflite file that is int8 throughout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.model.interpreter import runtime
from lab.training import backend, networks


def to_int8(tensorflow: Any, keras: Any, network: Any, calibration: NDArray[np.int8]) -> bytes:
    """Quantise after training; int8 features [clips, steps, channels] calibrate the range of every tensor.

    Raises RuntimeError if the model's int8 input is not the feature itself: another TensorFlow quantises otherwise.
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
    converter.representative_dataset = lambda: _representative(calibration)
    with backend.quiet():
        data = _without_names(bytes(converter.convert()))
    _check_input(data)
    return data


def _without_names(data: bytes) -> bytes:
    """The same model without the names of its tensors, which take 4 kB of flash and which TFLM does not read."""
    from tensorflow.lite.tools import flatbuffer_utils  # noqa: PLC0415  (TensorFlow is an extra)

    model = flatbuffer_utils.read_model_from_bytearray(bytearray(data))
    flatbuffer_utils.strip_strings(model)
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def _representative(calibration: NDArray[np.int8]) -> Iterator[list[NDArray[np.float32]]]:
    clips = calibration.copy()
    clips[0, 0, :2] = -128, 127  # the whole range of features, so that the input's scale is exact
    return ([networks.as_input(clip[np.newaxis])] for clip in clips)


def _check_input(data: bytes) -> None:
    quantisation = runtime().Interpreter.from_bytes(data).get_input_details(0)["quantization_parameters"]
    found = (float(quantisation["scales"][0]), int(quantisation["zero_points"][0]))
    if found != (networks.SCALE, networks.ZERO_POINT):
        raise RuntimeError(f"the model takes {found}, not {(networks.SCALE, networks.ZERO_POINT)}")
