"""Networks that learn on from a trained one: ready for int8 arithmetic, or with most of their weights 0."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np

from lab.training import backend
from lab.training.learnt import Learnt
from lab.training.lessons import Values
from lab.training.settings import Tuning
from lab.training.stages import Progress
from lab.training.unsuitable import Unsuitable

_UNKNOWN = re.compile(r"Layer (\S+?):<class '(?:[^']*\.)?(\w+)'> is not supported")
_FOLDED = ("BatchNormalization", "SyncBatchNormalization")

_SETTLED = 0.6
"""The share of the tuning after which no further weight is pruned, so that the others can make up for them."""


@contextmanager
def _suitable() -> Iterator[None]:
    """What a layer is refused for, as Unsuitable."""
    try:
        yield
    except (ValueError, RuntimeError, TypeError, AttributeError) as error:
        raise Unsuitable(_reason(str(error))) from error


def _reason(said: str) -> str:
    """What the toolkit says, without the advice for whoever calls it from Python."""
    unknown = _UNKNOWN.match(said)
    if unknown is None:
        return said.partition("\n")[0]
    name, kind = unknown.groups()
    where = " but right behind a convolution or dense layer without an activation" if kind in _FOLDED else ""
    return f"TensorFlow's toolkit for tuning has no int8 form of {kind}{where} (layer {name})."


class Tuned:
    """Each network is made once, when it is asked for; the trained one stays as it is."""

    def __init__(self, learnt: Learnt, settings: Tuning, progress: Progress) -> None:
        self.learnt = learnt
        self._settings = settings
        self._progress = progress

    @cached_property
    def for_int8(self) -> Any:
        """It has learnt with its weights and values rounded as int8 rounds them (arXiv 1712.05877).

        The input's range is that of the features from the beginning, and no batch goes beyond it.
        """
        optimization = backend.model_optimization()
        with _suitable(), backend.quiet():
            network = optimization.quantization.keras.quantize_model(self._copy())
        settings, quantises = self.learnt.features, network.layers[1]
        low, high = (np.float32((end - settings.zero_point) * settings.scale) for end in (-128, 127))
        _, _, steps = quantises.get_weights()
        quantises.set_weights([low, high, steps])
        self._learn_on(network, "Training for int8")
        return network

    @cached_property
    def pruned(self) -> Any:
        """Of each layer's weights the smallest are 0, ever more of them as it learns on (arXiv 1710.01878)."""
        sparsity = backend.model_optimization().sparsity.keras
        steps = self._settings.epochs * self.learnt.lessons.an_epoch
        schedule = sparsity.PolynomialDecay(
            initial_sparsity=0.0,
            final_sparsity=self._settings.sparsity,
            begin_step=0,
            end_step=max(1, round(_SETTLED * steps)),
            frequency=max(1, steps // 100),
        )
        with _suitable():
            network = sparsity.prune_low_magnitude(self._copy(), pruning_schedule=schedule)
        self._learn_on(network, "Pruning", [sparsity.UpdatePruningStep()])
        return sparsity.strip_pruning(network)

    def _copy(self) -> Any:
        """Of the trained network: what wraps layers for tuning wraps those that it is given."""
        network = self.learnt.keras.models.clone_model(self.learnt.flat)
        network.set_weights(self.learnt.flat.get_weights())
        return network

    def _learn_on(self, network: Any, stage: str, callbacks: Sequence[Any] = ()) -> None:
        keras, lessons, epochs = self.learnt.keras, self.learnt.lessons, self._settings.epochs
        keras.utils.set_random_seed(self.learnt.seed)
        rate = keras.optimizers.schedules.CosineDecay(self._settings.learning_rate, epochs * lessons.an_epoch)
        network.compile(keras.optimizers.Adam(rate), keras.losses.CategoricalCrossentropy(from_logits=True))
        advance = self._progress.stage(stage, epochs)
        told = keras.callbacks.LambdaCallback(on_epoch_end=lambda _, logs: advance(f"loss {logs['loss']:.3f}"))
        network.fit(
            self._batches(), steps_per_epoch=lessons.an_epoch, epochs=epochs, verbose=0, callbacks=[*callbacks, told]
        )

    def _batches(self) -> Iterator[tuple[Values, Values]]:
        rng = np.random.default_rng(self.learnt.seed)
        for _ in range(self._settings.epochs):
            for lesson in self.learnt.lessons.epoch(rng):
                yield lesson.inputs, lesson.targets
