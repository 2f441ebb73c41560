"""A teacher: heads on the speech embedding, and what they think of every variant of every clip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.training import learning, material
from lab.training.learning import Opinions
from lab.training.lessons import Lessons, Values
from lab.training.material import Batch, Pool
from lab.training.recipes.speech import Teacher
from lab.training.speech import networks
from lab.training.stages import Advance

_BATCH = 512


def head(
    tensorflow: Any, keras: Any, pools: Sequence[Pool], labels: int, teacher: Teacher, seed: int, advance: Advance
) -> Any:
    """One trained head. The same seed trains the same."""
    embeddings = _embeddings(pools)

    def heard(batch: Batch, _: np.random.Generator) -> Values:
        return material.gathered(embeddings, batch).astype(np.float32)

    keras.utils.set_random_seed(seed)
    network = networks.build_head(keras, teacher.network, embeddings[0].shape[2:], labels)
    schedule = teacher.schedule
    lessons = Lessons(pools, heard, labels, schedule.batch, schedule.smoothing)
    learning.learn(tensorflow, keras, network, lessons, schedule, seed, advance)
    return network


def opinions(heads: Sequence[Any], pools: Sequence[Pool], teacher: Teacher) -> Opinions:
    """The mean of the heads' logits, for every variant."""
    return Opinions([_mean(heads, each) for each in _embeddings(pools)], teacher.distillation)


def _embeddings(pools: Sequence[Pool]) -> list[NDArray[np.float16]]:
    return [pool.embeddings for pool in pools if pool.embeddings is not None]


def _mean(heads: Sequence[Any], embeddings: NDArray[np.float16]) -> Values:
    clips, variants = embeddings.shape[:2]
    flat = embeddings.reshape(-1, *embeddings.shape[2:])
    parts = [flat[start : start + _BATCH].astype(np.float32) for start in range(0, len(flat), _BATCH)]
    logits = [np.mean([each(part, training=False).numpy() for each in heads], axis=0) for part in parts]
    return np.concatenate(logits).reshape(clips, variants, -1)
