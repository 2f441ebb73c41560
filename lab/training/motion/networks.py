"""The networks of motions: convolutions over time, of operators that TFLM of 2020 has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

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


def mean(keras: Any, members: Sequence[Any], *, flat: bool = False) -> Any:
    """One network that gives the mean of what several networks of `build` give, with one dense layer for all.

    Each is a network in it, so that the model computes one after the other and needs memory for one. `flat`, it has
    their layers instead: what tunes networks takes none with others in it.
    """
    if len(members) == 1:
        return members[0]
    layers = keras.layers
    features = layers.Input(members[0].input_shape[1:])
    if flat:
        seen = [_but_the_last(member, features) for member in members]
    else:
        seen = [keras.Model(member.input, member.layers[-1].input)(features) for member in members]
    decided = layers.Dense(members[0].output_shape[-1])
    joined = keras.Model(features, decided(layers.Concatenate()(seen)))
    weights, biases = zip(*(member.layers[-1].get_weights() for member in members), strict=True)
    decided.set_weights([np.concatenate(weights) / len(members), np.mean(biases, axis=0)])
    return joined


def _but_the_last(member: Any, features: Any) -> Any:
    """What the layer before the last gives."""
    x = features
    for layer in member.layers[1:-1]:
        x = layer(x)
    return x


def forget(network: Any, unseen: Sequence[int]) -> None:
    """Take from a network what it does with values that it was never shown."""
    first = next(layer for layer in network.layers if layer.weights)
    (kernel,) = first.get_weights()
    kernel[:, :, list(unseen)] = 0.0
    first.set_weights([kernel])
