"""The networks that are trained: depthwise-separable CNNs over int8 features, and heads on the speech embedding.

Each ends in logits. Everything in a CNN becomes an operator that TFLM of 2020 has: no mean, no residual sum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.features import Features
from lab.training import conversion
from lab.training.recipes.speech import Head, Network


def as_input(features: NDArray[np.int8], settings: Features) -> NDArray[np.float32]:
    """int8 features [clips, steps, channels] as float input [clips, steps, channels, 1], by the workload's scale."""
    return conversion.as_input(features, settings)[..., np.newaxis]


def build(keras: Any, network: Network, shape: tuple[int, int], labels: int) -> Any:
    """An untrained Keras model from features [steps, channels] of that shape to logits, one a label."""
    layers = keras.layers
    features = layers.Input((*shape, 1))
    x = layers.Conv2D(network.filters, network.kernel, network.stride, "same", use_bias=False)(features)
    x = _activated(layers, x)
    for block in network.blocks:
        x = _activated(layers, layers.DepthwiseConv2D(3, block.stride, "same", use_bias=False)(x))
        x = _activated(layers, layers.Conv2D(block.filters, 1, use_bias=False)(x))
    x = layers.AveragePooling2D(x.shape[1:3])(x)
    x = layers.Dropout(network.dropout)(layers.Flatten()(x))
    return keras.Model(features, layers.Dense(labels)(x))


def build_head(keras: Any, head: Head, shape: tuple[int, int], labels: int) -> Any:
    """An untrained Keras model from embeddings [windows, size] of that shape to logits, one a label."""
    layers = keras.layers
    embeddings = layers.Input(shape)
    x = layers.Dropout(head.dropout)(layers.LayerNormalization()(embeddings))
    x = layers.Conv1D(head.filters, head.kernel, padding="same", activation="relu")(x)
    x = layers.Flatten()(layers.Dropout(head.dropout)(x))
    x = layers.Dropout(head.dropout)(layers.Dense(head.filters, activation="relu")(x))
    return keras.Model(embeddings, layers.Dense(labels)(x))


def _activated(layers: Any, x: Any) -> Any:
    return layers.ReLU()(layers.BatchNormalization()(x))
