"""Windows of a motion that goes on, each begun somewhat sooner or later than the recording is cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.building import host_features
from lab.training.motion import augmentation
from lab.training.motion.augmentation import Samples
from lab.training.recipes.motion import Augmentation
from lab.workload import Workload


def variants(
    workload: Workload, recording: Samples, first: int, settings: Augmentation, count: int, rng: np.random.Generator
) -> NDArray[np.int8]:
    """Features [variants, rows, values] of windows about the one that begins with the frame `first`."""
    heard, frames = workload.input, workload.input.samples
    fast = augmentation.speeds(settings, count, rng)[:, np.newaxis]
    latest = len(recording) - 1 - fast * (frames - 1)
    hop = (heard.hop_s or 0.0) * heard.rate_hz
    starts = np.minimum(first + rng.uniform(-0.5, 0.5, (count, 1)) * hop, latest)
    starts[0] = first
    times = np.maximum(0, starts) + fast * np.arange(frames)
    rest = recording[first : first + frames].mean(axis=0)
    return host_features.of_each(
        augmentation.varied(recording, times, rest, heard, settings, rng), workload.features, heard
    )
