"""The training loop: AdamW on augmented features, with a moving average of weights and, for a student, a teacher."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lab.training import material, networks
from lab.training.material import Advance, Pool
from lab.training.recipe import Augmentation, Distillation, Schedule


@dataclass(frozen=True)
class Teacher:
    """Trained networks whose mean opinion of each clip a student learns as well."""

    networks: Sequence[Any]
    distillation: Distillation


def learn(
    tensorflow: Any,
    keras: Any,
    network: Any,
    pools: Sequence[Pool],
    schedule: Schedule,
    settings: Augmentation,
    seed: int,
    advance: Advance,
    teacher: Teacher | None = None,
) -> None:
    """Train the Keras `network` in place; it ends with the averaged weights."""
    size = min(schedule.batch, material.clips_an_epoch(pools))
    steps = material.clips_an_epoch(pools) // size
    step = _step(tensorflow, keras, network, schedule, steps * schedule.epochs, teacher)
    average = [tensorflow.Variable(weight) for weight in network.weights]
    blend = _blend(tensorflow, average, network.weights)
    rng = np.random.default_rng(seed)
    labels = network.output_shape[-1]
    taken = 0
    for _ in range(schedule.epochs):
        loss = 0.0
        for features, truth in material.batches(pools, size, settings, rng):
            inputs = networks.as_input(features)
            targets = np.eye(labels, dtype=np.float32)[truth] * (1 - schedule.smoothing) + schedule.smoothing / labels
            inputs, targets = _mixed(inputs, targets, schedule.mixup, rng)
            loss += float(step(tensorflow.constant(inputs), tensorflow.constant(targets)))
            taken += 1
            # A young average follows closely, else it would remember the untrained network.
            blend(tensorflow.constant(min(schedule.averaging, taken / (taken + 9)), tensorflow.float32))
        advance(f"loss {loss / steps:.3f}")
    for weight, averaged in zip(network.weights, average, strict=True):
        weight.assign(averaged)


def _step(
    tensorflow: Any, keras: Any, network: Any, schedule: Schedule, steps: int, teacher: Teacher | None
) -> Callable[[Any, Any], Any]:
    rising = max(1, round(steps * schedule.warm_up))
    rate = keras.optimizers.schedules.CosineDecay(
        schedule.learning_rate / 20,
        max(1, steps - rising),
        warmup_target=schedule.learning_rate,
        warmup_steps=rising,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=schedule.weight_decay)
    cross_entropy = tensorflow.nn.softmax_cross_entropy_with_logits

    def step(inputs: Any, targets: Any) -> Any:
        with tensorflow.GradientTape() as tape:
            logits = network(inputs, training=True)
            loss = tensorflow.reduce_mean(cross_entropy(targets, logits))
            if teacher is not None:
                weight, heat = teacher.distillation.weight, teacher.distillation.temperature
                opinions = [tensorflow.nn.softmax(each(inputs, training=False) / heat) for each in teacher.networks]
                opinion = tensorflow.add_n(opinions) / len(opinions)
                # Gradients of softened logits shrink with the square of the temperature (arXiv 1503.02531).
                softened = heat**2 * tensorflow.reduce_mean(cross_entropy(opinion, logits / heat))
                loss = (1 - weight) * loss + weight * softened
        variables = network.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        return loss

    compiled: Callable[[Any, Any], Any] = tensorflow.function(step)
    return compiled


def _blend(tensorflow: Any, average: list[Any], weights: list[Any]) -> Callable[[Any], None]:
    def blend(decay: Any) -> None:
        for averaged, weight in zip(average, weights, strict=True):
            averaged.assign(averaged * decay + weight * (1 - decay))

    compiled: Callable[[Any], None] = tensorflow.function(blend)
    return compiled


def _mixed(inputs: Any, targets: Any, share: float, rng: np.random.Generator) -> tuple[Any, Any]:
    """A share of the clips blended with the clip at the other end of the batch, at most half and half."""
    if share == 0.0:
        return inputs, targets
    part = np.where(rng.random(len(inputs)) < share, rng.uniform(0.5, 1.0, len(inputs)), 1.0).astype(np.float32)
    wide = part[:, None, None, None]
    return inputs * wide + inputs[::-1] * (1 - wide), targets * part[:, None] + targets[::-1] * (1 - part[:, None])
