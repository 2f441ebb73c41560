"""The networks of motions: convolutions over time, of operators that TFLM of 2020 has."""

from __future__ import annotations

from typing import Any

from lab.training.recipes.motion import Network


def build(keras: Any, network: Network, shape: tuple[int, int], labels: int) -> Any:
    """An untrained Keras model from features [rows, 1, values] of that shape to logits, one a label."""
    layers = keras.layers
    rows, values = shape
    features = layers.Input((rows, 1, values))
    x = features
    for layer in network.layers:
        x = layers.Conv2D(layer.filters, (layer.kernel, 1), (layer.stride, 1), "same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=0.95)(x))
        if layer.pool > 1:
            x = layers.MaxPooling2D((layer.pool, 1))(x)
    if network.average:
        x = layers.AveragePooling2D((x.shape[1], 1))(x)
    x = layers.Dropout(network.dropout)(layers.Flatten()(x))
    if network.hidden:
        x = layers.Dropout(network.dropout / 2)(layers.Dense(network.hidden, activation="relu")(x))
    return keras.Model(features, layers.Dense(labels)(x))
