"""Names as TensorFlow 2.21 writes them, of models of tf_keras 2.21 and of Keras 3.15."""

from __future__ import annotations

import pytest

from lab.model import layers

GELU = "net/activation/Gelu/mul_2;net/activation/Gelu/mul/x;net/activation/Gelu/mul;net/activation/Gelu/Erfc"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("sequential/re_lu/Relu;sequential/conv2d/Conv2D", ("conv2d", "re_lu")),
        ("sequential_1/re_lu_1/Relu;sequential_1/conv2d_1/convolution", ("conv2d_1", "re_lu_1")),
        ("sequential/depthwise_conv2d/depthwise1", ("depthwise_conv2d",)),
        ("sequential/dense/MatMul;sequential/dense/Relu", ("dense",)),
        ("sequential/my_logits/MatMul1", ("my_logits",)),
        ("net/reshape/Reshape/shape", ("reshape",)),
        (GELU, ("activation",)),
        ("functional_2_1/lstm_1/while", ("lstm_1",)),
        ("model/conv2d_1/Conv2D", ("conv2d_1",)),
    ],
)
def test_the_layer_is_read_from_the_name_of_what_an_operator_gives(name, found):
    assert layers.of(name) == found


@pytest.mark.parametrize(
    "name",
    ["", "StatefulPartitionedCall:0", "tfl.unidirectional_sequence_lstm", "Identity", "serving/input", "/a/b", ";//;"],
)
def test_a_name_without_a_layer_tells_of_none(name):
    assert layers.of(name) == ()
