"""Models of Keras 3 come out of tf-keras with the same values."""

from __future__ import annotations

import numpy as np
import pytest

from lab.training import backend, keras3

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture(scope="module")
def both():
    pytest.importorskip("tensorflow", reason="training needs the extra `train`")
    _, tf_keras = backend.load(1)
    return tf_keras, backend.keras3()


def _sequence(keras):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((12, 1, 3)),
            layers.Conv2D(4, (3, 1), activation="relu", name="z"),
            layers.BatchNormalization(name="a"),
            layers.Flatten(),
            layers.Dense(5, activation="softmax"),
        ]
    )


def _with_a_network_in_it(keras):
    layers = keras.layers
    inner = keras.Sequential([keras.Input((12, 1, 3)), layers.Conv2D(4, (3, 1), name="c10"), layers.ReLU(name="c9")])
    given = keras.Input((12, 3))
    x = inner(layers.Reshape((12, 1, 3))(given))
    return keras.Model(given, layers.Dense(5)(layers.GlobalAveragePooling2D()(x)))


def _of_two_ways(keras):
    layers = keras.layers
    given = keras.Input((12, 1, 3))
    shared = layers.Conv2D(3, (3, 1), padding="same")
    once = shared(given)
    x = layers.Concatenate()([layers.Add()([once, shared(once)]), layers.DepthwiseConv2D((3, 1), padding="same")(once)])
    return keras.Model(given, layers.Dense(5)(layers.Flatten()(x)))


@pytest.mark.parametrize("made", [_sequence, _with_a_network_in_it, _of_two_ways])
def test_the_values_are_the_same(both, made):
    tf_keras, keras = both
    keras.utils.set_random_seed(3)
    model = made(keras)
    rng = np.random.default_rng(1)
    model.set_weights([rng.uniform(0.1, 1, weight.shape).astype(np.float32) for weight in model.get_weights()])
    found = keras3.as_tf_keras(tf_keras, model)
    given = rng.normal(size=(4, *model.input_shape[1:])).astype(np.float32)
    np.testing.assert_allclose(
        found(given, training=False).numpy(), model(given, training=False).numpy(), rtol=1e-5, atol=1e-6
    )
    assert not any(isinstance(layer, tf_keras.Model) for layer in found.layers)


def test_a_layer_that_tf_keras_does_not_have_is_named(both):
    tf_keras, keras = both
    given = keras.Input((12, 4))
    model = keras.Model(given, keras.layers.RMSNormalization()(given))
    with pytest.raises(keras3.NotThere, match="no layer RMSNormalization"):
        keras3.as_tf_keras(tf_keras, model)
