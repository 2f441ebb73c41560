"""Windows of a motion that goes on, each begun somewhat sooner or later than the recording is cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lab.building import host_features
from lab.training.motion import augmentation
from lab.training.motion.augmentation import Samples, Values
from lab.training.recipes.motion import Augmentation
from lab.workload import Workload


def at_rest(workload: Workload, recording: Samples, first: int) -> Values:
    """The mean [axes] of the window that begins with that frame, in steps: of acceleration about gravity."""
    return np.asarray(recording[first : first + workload.input.frames].mean(axis=0))


def variants(
    workload: Workload,
    recording: Samples,
    first: int,
    others: Values,
    settings: Augmentation,
    rng: np.random.Generator,
) -> NDArray[np.int8]:
    """Features [variants, rows, values] of windows about the one that begins with the frame `first`.

    `others` [n, axes] are the means of windows of the same label, for variants that lean as those do.
    """
    count, heard, frames = settings.variants, workload.input, workload.input.frames
    fast = augmentation.speeds(settings, count, rng)[:, np.newaxis]
    latest = len(recording) - 1 - fast * (frames - 1)
    hop = (heard.hop_s or 0.0) * heard.rate_hz
    starts = np.minimum(first + rng.uniform(-0.5, 0.5, (count, 1)) * hop, latest)
    starts[0] = first
    times = np.maximum(0, starts) + fast * np.arange(frames)
    rest = at_rest(workload, recording, first)
    turned = augmentation.leant(rest, others, settings, rng)
    varied = augmentation.varied(recording, times, rest, heard, settings, rng, turned)
    return host_features.of_each(varied, workload.features, heard)
