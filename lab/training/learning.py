"""The training loop: AdamW on variants of clips, with a moving average of weights and, for a student, a teacher."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lab.training import material
from lab.training.lessons import Lessons, Values
from lab.training.material import Batch
from lab.training.settings import Distillation, Schedule
from lab.training.stages import Advance


@dataclass(frozen=True)
class Opinions:
    """What a teacher thinks of every variant: float32 logits [clips, variants, labels], one array a pool."""

    logits: Sequence[Values]
    distillation: Distillation

    def of(self, batch: Batch) -> Values:
        """Softened probabilities, [size, labels]."""
        softened = material.gathered(self.logits, batch) / self.distillation.temperature
        shares = np.exp(softened - softened.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


def learn(
    tensorflow: Any,
    keras: Any,
    network: Any,
    lessons: Lessons,
    schedule: Schedule,
    seed: int,
    advance: Advance,
    opinions: Opinions | None = None,
) -> None:
    """Train the Keras `network` in place; it ends with the averaged weights."""
    steps = lessons.an_epoch * schedule.epochs
    step = _step(tensorflow, keras, network, schedule, steps, opinions.distillation if opinions else None)
    average = [tensorflow.Variable(weight) for weight in network.weights]
    blend = _blend(tensorflow, average, network.weights)
    rng = np.random.default_rng(seed)
    taken = 0
    for _ in range(schedule.epochs):
        loss = 0.0
        for lesson in lessons.epoch(rng):
            taught = lesson.targets if opinions is None else opinions.of(lesson.batch)
            shown = (lesson.inputs, lesson.targets, taught)
            given = (tensorflow.constant(each) for each in _mixed(shown, schedule.mixup, rng))
            loss += float(step(*given))
            taken += 1
            # A young average follows closely, else it would remember the untrained network.
            blend(tensorflow.constant(min(schedule.averaging, taken / (taken + 9)), tensorflow.float32))
        advance(f"loss {loss / lessons.an_epoch:.3f}")
    for weight, averaged in zip(network.weights, average, strict=True):
        weight.assign(averaged)


def _step(
    tensorflow: Any, keras: Any, network: Any, schedule: Schedule, steps: int, distillation: Distillation | None
) -> Callable[[Any, Any, Any], Any]:
    rising = max(1, round(steps * schedule.warm_up))
    rate = keras.optimizers.schedules.CosineDecay(
        schedule.learning_rate / 20,
        max(1, steps - rising),
        warmup_target=schedule.learning_rate,
        warmup_steps=rising,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=schedule.weight_decay)
    cross_entropy = tensorflow.nn.softmax_cross_entropy_with_logits

    def step(inputs: Any, targets: Any, taught: Any) -> Any:
        with tensorflow.GradientTape() as tape:
            logits = network(inputs, training=True)
            loss = tensorflow.reduce_mean(cross_entropy(targets, logits))
            if distillation is not None:
                weight, heat = distillation.weight, distillation.temperature
                # Gradients of softened logits shrink with the square of the temperature (arXiv 1503.02531).
                softened = heat**2 * tensorflow.reduce_mean(cross_entropy(taught, logits / heat))
                loss = (1 - weight) * loss + weight * softened
        variables = network.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return loss

    compiled: Callable[[Any, Any, Any], Any] = tensorflow.function(step)
    return compiled


def _blend(tensorflow: Any, average: list[Any], weights: list[Any]) -> Callable[[Any], None]:
    def blend(decay: Any) -> None:
        for averaged, weight in zip(average, weights, strict=True):
            averaged.assign(averaged * decay + weight * (1 - decay))

    compiled: Callable[[Any], None] = tensorflow.function(blend)
    return compiled


def _mixed(batch: Sequence[Values], share: float, rng: np.random.Generator) -> Sequence[Values]:
    """A share of the clips blended with the clip at the other end of the batch, at most half and half."""
    if share == 0.0:
        return batch
    size = len(batch[0])
    part = np.where(rng.random(size) < share, rng.uniform(0.5, 1.0, size), 1.0).astype(np.float32)
    parts = [part.reshape(-1, *(1,) * (each.ndim - 1)) for each in batch]
    return [each * part + each[::-1] * (1 - part) for each, part in zip(batch, parts, strict=True)]
