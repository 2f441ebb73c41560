"""One training, from folders of recordings to a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lab.building import host_features
from lab.errors import RecordingError
from lab.interpreter import interpreter
from lab.recordings import splits
from lab.training import backend, learning
from lab.training.learning import Opinions
from lab.training.learnt import Kept, Learnt
from lab.training.lessons import Lessons, Values
from lab.training.material import Batch, Pool, collected, gathered
from lab.training.recipes.speech import Settings as Recipe
from lab.training.recipes.speech import Teacher
from lab.training.speech import augmentation, embedding, material, networks, teaching
from lab.training.speech.embedding import Embedding
from lab.training.speech.material import Clips
from lab.training.stages import Progress
from lab.workload import Workload


@dataclass(frozen=True)
class _Material:
    human: Clips
    synthetic: Clips
    judging: dict[str, Clips]


@dataclass(frozen=True)
class _Course:
    """What every network of a training has in common."""

    tensorflow: Any
    keras: Any
    workload: Workload
    recipe: Recipe
    pools: Sequence[Pool]
    progress: Progress


def learn(workload: Workload, folders: Sequence[Path], recipe: Recipe, progress: Progress) -> Learnt:
    """Train as the recipe says.

    Raises ToolMissing without TensorFlow, onnxruntime for a teacher, or TFLM's interpreter; DownloadError without the
    teacher's embedding; RecordingError; and what compiling the features raises.
    """
    interpreter.check_installed()  # before hours of work, not after
    tensorflow, keras = backend.load(recipe.seed)
    prepared = progress.stage("Preparing the features", 1)
    host_features.library(workload.features, workload.input)
    prepared("")
    heard = _read(workload, folders, recipe)
    teachers_ears = embedding.load() if recipe.teacher else None
    pools = _pools(workload, heard, recipe, teachers_ears, progress)
    course = _Course(tensorflow, keras, workload, recipe, pools, progress)
    lessons = _lessons(course)
    network = _student(course, lessons, _opinions(course, recipe.teacher) if recipe.teacher else None)
    kept = [
        Kept(part, "Human speakers", material.features(workload, clips), clips.labels)
        for part, clips in heard.judging.items()
    ]
    calibration = _calibration(pools, recipe)
    features, labels = workload.features, workload.labels
    return Learnt(tensorflow, keras, network, network, features, labels, calibration, lessons, recipe.seed, kept)


def _read(workload: Workload, folders: Sequence[Path], recipe: Recipe) -> _Material:
    collections = collected(workload, folders)
    chosen = splits.of(workload)
    judging = {
        part: material.read(workload, chosen.select(collections, part))
        for part in ("validation", "test")
        if part not in recipe.parts
    }
    human = material.read(workload, chosen.select(collections, *recipe.parts))
    synthetic = material.read(workload, chosen.made(collections))
    if not len(human) + len(synthetic):
        raise RecordingError(
            f"None of the recordings in {', '.join(map(str, folders))} is of a speaker to train on.",
            remedy=f"{workload.folder / splits.FILE} says which speakers are kept for judging.",
            code="nothing-to-train-on",
        )
    return _Material(human, synthetic, {part: clips for part, clips in judging.items() if len(clips)})


def _opinions(course: _Course, teacher: Teacher) -> Opinions:
    heads = []
    for number in range(teacher.heads):
        advance = course.progress.stage(f"Training head {number + 1} of {teacher.heads}", teacher.schedule.epochs)
        seed = course.recipe.seed + 1 + number
        labels = len(course.workload.labels)
        heads.append(teaching.head(course.tensorflow, course.keras, course.pools, labels, teacher, seed, advance))
    return teaching.opinions(heads, course.pools, teacher)


def _lessons(course: _Course) -> Lessons:
    features = [pool.features for pool in course.pools]

    def heard(batch: Batch, rng: np.random.Generator) -> Values:
        chosen = gathered(features, batch)
        augmentation.mask(chosen, course.recipe.augmentation, rng)
        return networks.as_input(chosen, course.workload.features)

    schedule = course.recipe.student.schedule
    return Lessons(course.pools, heard, len(course.workload.labels), schedule.batch, schedule.smoothing)


def _student(course: _Course, lessons: Lessons, opinions: Opinions | None) -> Any:
    tensorflow, keras, recipe = course.tensorflow, course.keras, course.recipe
    keras.utils.set_random_seed(recipe.seed)  # the same student whatever was trained before it
    network = networks.build(keras, recipe.student.network, material.shape(course.workload), lessons.labels)
    schedule = recipe.student.schedule
    advance = course.progress.stage("Training the network", schedule.epochs)
    learning.learn(tensorflow, keras, network, lessons, schedule, recipe.seed, advance, opinions)
    return network


def _pools(
    workload: Workload, heard: _Material, recipe: Recipe, embedding: Embedding | None, progress: Progress
) -> list[Pool]:
    groups = [(heard.human, 1.0), (heard.synthetic, recipe.synthetic_share if len(heard.human) else 1.0)]
    groups = [(clips, share) for clips, share in groups if len(clips)]
    advance = progress.stage("Making variants of the recordings", sum(len(clips) for clips, _ in groups))
    backgrounds = heard.human if len(heard.human) else heard.synthetic
    return [
        material.pool(workload, clips, backgrounds, recipe.augmentation, share, recipe.seed, advance, embedding)
        for clips, share in groups
    ]


def _calibration(pools: Sequence[Pool], recipe: Recipe) -> Any:
    """Recordings as they are, human ones first, spread over all labels."""
    plain = pools[0].features[:, 0]
    return plain[np.linspace(0, len(plain) - 1, min(recipe.calibration_clips, len(plain))).astype(int)]
