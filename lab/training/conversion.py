"""A trained network as a .tflite file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.features import Features
from lab.training import backend
from lab.training.unsuitable import Unsuitable


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
    converter = quantising(tensorflow, keras, network)
    converter.target_spec.supported_ops = [tensorflow.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tensorflow.int8
    calibrate(converter, network, calibration, settings)
    return converted(converter)


def plain(tensorflow: Any, keras: Any, network: Any) -> Any:
    """A TFLiteConverter of the network from logits on to probabilities, which so far leaves everything float32."""
    classifier = keras.Model(network.input, keras.layers.Softmax()(network.output))
    # A batch of one, fixed, or reshaping becomes operators that TFLM of 2020 lacks.
    signature = tensorflow.TensorSpec((1, *network.input_shape[1:]), tensorflow.float32)
    concrete = tensorflow.function(lambda inputs: classifier(inputs, training=False)).get_concrete_function(signature)
    return tensorflow.lite.TFLiteConverter.from_concrete_functions([concrete], classifier)


def quantising(tensorflow: Any, keras: Any, network: Any) -> Any:
    """A TFLiteConverter that quantises weights and, once it is calibrated, all else; inputs and outputs stay float32.

    Of a network that was trained with quantisation nothing has to be calibrated.
    """
    converter = plain(tensorflow, keras, network)
    converter.optimizations = [tensorflow.lite.Optimize.DEFAULT]
    # One scale for each dense layer: TFLM of 2020 reads only the first of several and computes with that, silently.
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    return converter


def calibrate(converter: Any, network: Any, calibration: NDArray[np.int8], settings: Features) -> None:
    """Take the range of every tensor from int8 features [clips, rows, values], their whole range among them."""
    converter.representative_dataset = lambda: _representative(calibration, settings, network.input_shape[1:])


def converted(converter: Any) -> bytes:
    """The file's content, without the names of tensors, which take 4 kB of flash and which TFLM does not read.

    Raises Unsuitable for a network that cannot be converted so.
    """
    from tensorflow.lite.python.convert_phase import ConverterError  # noqa: PLC0415  (TensorFlow is an extra)
    from tensorflow.lite.tools import flatbuffer_utils  # noqa: PLC0415

    try:
        with backend.quiet():
            data = bytes(converter.convert())
    except (ConverterError, ValueError, RuntimeError) as error:
        raise Unsuitable(str(error).partition("\n")[0]) from error
    model = flatbuffer_utils.read_model_from_bytearray(bytearray(data))
    flatbuffer_utils.strip_strings(model)
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))


def _representative(
    calibration: NDArray[np.int8], settings: Features, shape: Sequence[int]
) -> Iterator[list[NDArray[np.float32]]]:
    clips = calibration.copy()
    clips[0, 0, :2] = -128, 127  # the whole range of features, so that the input's scale is exact
    return ([as_input(clip, settings).reshape(1, *shape)] for clip in clips)
