"""One training, from folders of recordings to an int8 model and its accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from lab.building import frontend
from lab.errors import RecordingError
from lab.model import interpreter
from lab.recordings import collection
from lab.training import backend, conversion, evaluation, learning, material, networks, split
from lab.training.evaluation import Accuracy
from lab.training.material import Advance, Clips, Pool
from lab.training.recipe import Recipe, Stage
from lab.workload import Workload


class Progress(Protocol):
    """Shows where a training is: `stage` begins one of so many units."""

    def stage(self, name: str, total: int) -> Advance:
        """Returns what is called as each unit gets done."""


@dataclass(frozen=True)
class Judged:
    """Accuracy on the clips of one part of the split, before and after quantisation."""

    part: str
    network: Accuracy
    int8: Accuracy


@dataclass(frozen=True)
class Trained:
    """The .tflite file's content, and what it scores on human speakers, by part of the split."""

    data: bytes
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class _Material:
    human: Clips
    synthetic: Clips
    judging: dict[str, Clips]


def train(workload: Workload, folders: Sequence[Path], recipe: Recipe, progress: Progress) -> Trained:
    """Train as the recipe says.

    Raises ToolMissing without TensorFlow or TFLM's interpreter, RecordingError, and what compiling the frontend raises.
    """
    interpreter.runtime()  # before hours of work, not after
    tensorflow, keras = backend.load(recipe.seed)
    prepared = progress.stage("Preparing the audio frontend", 1)
    frontend.library()
    prepared("")
    heard = _read(workload, folders, recipe)
    pools = list(_pools(workload, heard, recipe, progress))

    def learned(name: str, stage: Stage, seed: int, teacher: learning.Teacher | None) -> Any:
        network = networks.build(keras, stage.network, material.shape(workload), len(workload.labels))
        advance = progress.stage(name, stage.schedule.epochs)
        learning.learn(tensorflow, keras, network, pools, stage.schedule, recipe.augmentation, seed, advance, teacher)
        return network

    count = recipe.teacher.networks
    large = [
        learned(f"Training large network {number + 1} of {count}", recipe.teacher, recipe.seed + number, None)
        for number in range(count)
    ]
    teacher = learning.Teacher(large, recipe.distillation)
    small = learned("Training the small network", recipe.student, recipe.seed + count, teacher)
    data = conversion.to_int8(tensorflow, keras, small, _calibration(pools, recipe))
    judged = []
    for part, clips in heard.judging.items():
        features = material.features(workload, clips)
        judged.append(
            Judged(
                part,
                evaluation.of_network(small, features, clips.labels, workload.labels),
                evaluation.of_int8(data, features, clips.labels, workload.labels),
            )
        )
    return Trained(data, tuple(judged))


def _read(workload: Workload, folders: Sequence[Path], recipe: Recipe) -> _Material:
    collections = [collection.read(folder, workload.labels) for folder in folders]
    chosen = split.of(workload)
    judging = {
        part: material.read(workload, chosen.select(collections, part))
        for part in ("validation", "test")
        if part not in recipe.parts
    }
    human = material.read(workload, chosen.select(collections, *recipe.parts))
    synthetic = material.read(workload, chosen.voices(collections))
    if not len(human) + len(synthetic):
        raise RecordingError(
            f"None of the recordings in {', '.join(map(str, folders))} is of a speaker to train on.",
            remedy=f"{workload.folder / split.FILE} says which speakers are kept for judging.",
            code="nothing-to-train-on",
        )
    return _Material(human, synthetic, {part: clips for part, clips in judging.items() if len(clips)})


def _pools(workload: Workload, heard: _Material, recipe: Recipe, progress: Progress) -> list[Pool]:
    groups = [(heard.human, 1.0), (heard.synthetic, recipe.synthetic_share if len(heard.human) else 1.0)]
    groups = [(clips, share) for clips, share in groups if len(clips)]
    advance = progress.stage("Making variants of the recordings", sum(len(clips) for clips, _ in groups))
    backgrounds = heard.human if len(heard.human) else heard.synthetic
    return [
        material.pool(workload, clips, backgrounds, recipe.augmentation, share, recipe.seed + number, advance)
        for number, (clips, share) in enumerate(groups)
    ]


def _calibration(pools: Sequence[Pool], recipe: Recipe) -> Any:
    """Recordings as they are, human ones first, spread over all labels."""
    plain = pools[0].features[:, 0]
    return plain[np.linspace(0, len(plain) - 1, min(recipe.calibration_clips, len(plain))).astype(int)]
