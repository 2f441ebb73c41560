"""One training of a motion, from folders of recordings to a network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lab.building import host_features
from lab.errors import ConfigurationError, RecordingError
from lab.features import movement, window
from lab.interpreter import interpreter
from lab.recordings import splits
from lab.recordings.collection import Entry
from lab.training import backend, conversion, learning
from lab.training.learnt import Kept, Learnt
from lab.training.lessons import Lessons, Values
from lab.training.material import Batch, Features, Pool, collected, gathered
from lab.training.motion import material, networks
from lab.training.recipes import FILE
from lab.training.recipes.motion import Settings
from lab.training.stages import Progress
from lab.workload import Workload


def learn(workload: Workload, folders: Sequence[Path], recipe: Settings, progress: Progress) -> Learnt:
    """Train as the recipe says. Raises as `NetworkRecipe.learn` does."""
    _check_features(workload, recipe)
    _check_axes(workload, recipe)
    interpreter.check_installed()  # before minutes of work, not after
    collections = collected(workload, folders)
    chosen = splits.of(workload)
    chosen.check(collections)
    learnt, made = list(chosen.select(collections, *recipe.parts)), list(chosen.made(collections))
    _check_labels([*learnt, *made], folders, workload)
    loaded = progress.stage("Loading TensorFlow and compiling the features", 1)
    tensorflow, keras = backend.load(recipe.seed, threads=1)  # such small networks gain nothing by more
    host_features.library(workload.features, workload.input)
    loaded("")
    members, calibration, every = [], [], recipe.each()
    tuning: list[Lessons] = []
    for number, (member, unseen) in enumerate(every, 1):
        which = "the network" if len(every) == 1 else f"network {number} of {len(every)}"
        pools = material.pools(workload, member, learnt, made, which, progress)
        lessons = _lessons(workload, member, pools, unseen)
        if not tuning:  # one network's are enough, and each has variants of every recording in memory
            tuning.append(lessons)
        members.append(_network(tensorflow, keras, workload, member, lessons, unseen, which, progress))
        calibration.append(_calibration(pools, recipe.calibration_clips // len(every)))
    kept = []
    for part in ("validation", "test"):
        entries = list(chosen.select(collections, part)) if part not in recipe.parts else []
        if entries:
            kept.append(Kept(part, "Recordings kept out", *material.played(workload, entries)))
    return Learnt(
        tensorflow,
        keras,
        networks.mean(keras, members),
        networks.mean(keras, members, flat=True),
        workload.features,
        workload.labels,
        np.concatenate(calibration),
        tuning[0],
        recipe.seed,
        kept,
    )


def _check_features(workload: Workload, recipe: Settings) -> None:
    if not isinstance(workload.features, movement.Settings | window.Settings):
        raise ConfigurationError(
            f"A recipe of kind {recipe.kind} makes models for features of kind window or movement; {workload.name} "
            f"has those of kind {workload.features.kind}.",
            remedy=f"Write a recipe of another kind, or correct [features] in {workload.file}.",
            code="recipe-misfit",
        )


def _check_axes(workload: Workload, recipe: Settings) -> None:
    axes, settings = workload.input.axes, recipe.augmentation
    named = [
        *(turn.axis for turn in settings.turns if turn.axis),
        *(axis for flip in settings.flips for axis in flip.axes),
    ]
    strange = [axis for axis in named if axis not in axes]
    turned = settings.turns or any(member.augmentation.leaning for member, _ in recipe.each())
    if strange or (turned and len(axes) != 3):
        why = f"it names the axis {strange[0]!r}" if strange else "only three axes can be turned"
        raise ConfigurationError(
            f"{workload.folder / FILE}: augmentation does not fit the axes {', '.join(axes)}: {why}.",
            remedy="Correct turns and flips of [augmentation].",
            code="recipe-axes",
        )
    values = workload.features.shape(workload.input)[1]
    if absent := [index for member in recipe.members for index in member.unseen if index >= values]:
        raise ConfigurationError(
            f"{workload.folder / FILE}: members: unseen names the value {absent[0]}; a row of features has {values}, "
            "counted from 0.",
            remedy="Correct unseen of [[members]].",
            code="recipe-unseen",
        )


def _check_labels(entries: Sequence[Entry], folders: Sequence[Path], workload: Workload) -> None:
    labels = {entry.label for entry in entries}
    where = ", ".join(map(str, folders))
    if not labels:
        raise RecordingError(
            f"None of the recordings in {where} is of a person to train on.",
            remedy=f"{workload.folder / splits.FILE} says who is kept for judging.",
            code="nothing-to-train-on",
        )
    if len(labels) == 1:
        raise RecordingError(
            f"All recordings to train on in {where} are of one label, {labels.pop()}: there is nothing to tell apart.",
            remedy=f"Add recordings of the others: {', '.join(workload.labels)}.",
            code="one-label",
        )


def _lessons(workload: Workload, recipe: Settings, pools: Sequence[Pool], unseen: Sequence[int]) -> Lessons:
    features = [pool.features for pool in pools]

    def given(batch: Batch, _: np.random.Generator) -> Values:
        shown = _as_input(gathered(features, batch), workload)
        shown[..., list(unseen)] = 0.0
        return shown

    return Lessons(pools, given, len(workload.labels), recipe.schedule.batch, recipe.schedule.smoothing)


def _network(
    tensorflow: Any,
    keras: Any,
    workload: Workload,
    recipe: Settings,
    lessons: Lessons,
    unseen: Sequence[int],
    which: str,
    progress: Progress,
) -> Any:
    network = networks.build(keras, recipe.network, workload.features.shape(workload.input), lessons.labels)
    advance = progress.stage(f"Training {which}", recipe.schedule.epochs)
    learning.learn(tensorflow, keras, network, lessons, recipe.schedule, recipe.seed, advance)
    networks.forget(network, unseen)
    return network


def _as_input(features: Features, workload: Workload) -> Values:
    """As networks take it, [recordings, rows, 1, values]."""
    return conversion.as_input(features, workload.features)[:, :, np.newaxis]


def _calibration(pools: Sequence[Pool], clips: int) -> Features:
    """Of every pool some, spread over its recordings and their variants."""
    each = -(-clips // len(pools))
    chosen = [pool.features.reshape(-1, *pool.features.shape[2:]) for pool in pools]
    return np.concatenate([one[np.linspace(0, len(one) - 1, min(each, len(one))).astype(int)] for one in chosen])
