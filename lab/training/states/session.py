"""One training of normal states, from recordings to an int8 model, its threshold, and what it tells apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab.building import host_features
from lab.decisions import anomaly
from lab.decisions.anomaly import ANOMALY, NORMAL
from lab.errors import ConfigurationError, RecordingError
from lab.interpreter import interpreter
from lab.interpreter.interpreter import Interpreter
from lab.metrics.anomalies import area
from lab.model import Model
from lab.recordings import reading, splits
from lab.recordings.collection import Collection, Entry
from lab.recordings.splits import Split
from lab.training import material
from lab.training.recipes.normal_states import Settings
from lab.training.stages import Advance, Progress
from lab.training.states import fitting, layer
from lab.training.states.fitting import Material, State, Values
from lab.training.trained import Table, Trained
from lab.workload import Workload

Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Condition:
    """Scores of recordings under one condition, such as a speed."""

    name: str
    normal: tuple[int, ...]
    anomalous: tuple[int, ...]


@dataclass(frozen=True)
class Separated:
    """How well the int8 model tells what is not normal, on recordings of one part of the split, by condition."""

    part: str
    conditions: tuple[Condition, ...]
    threshold: int

    def table(self) -> Table:
        """By condition; the area under the ROC curve is that of the condition's own normal recordings."""
        normal = tuple(score for one in self.conditions for score in one.normal)
        anomalous = tuple(score for one in self.conditions for score in one.anomalous)
        every = (*self.conditions, Condition("all", normal, anomalous))
        headings = ("condition", "normal", "false alarms", "anomalous", "found", "AUC")
        return Table(f"Recordings of the {self.part} part", headings, tuple(map(self._row, every)))

    def _row(self, one: Condition) -> tuple[str, ...]:
        scored = [*((NORMAL, score) for score in one.normal), *((ANOMALY, score) for score in one.anomalous)]
        auc = area(scored)
        return (
            one.name or "-",
            str(len(one.normal)),
            self._above(one.normal),
            str(len(one.anomalous)),
            self._above(one.anomalous),
            "-" if auc is None else f"{auc:.4f}",
        )

    def _above(self, scores: Sequence[int]) -> str:
        return f"{sum(score > self.threshold for score in scores) / len(scores):.1%}" if scores else "-"


@dataclass(frozen=True)
class _State:
    """The recordings of a state, by what they are for."""

    name: str
    plain: tuple[Entry, ...]
    kept: tuple[Entry, ...]


@dataclass(frozen=True)
class _Ear:
    """How recordings become features."""

    workload: Workload
    advance: Advance

    def features(self, samples: Sequence[Samples]) -> NDArray[np.int8]:
        """int8 [recordings, rows, values]."""
        return host_features.of_each(np.stack(samples), self.workload.features, self.workload.input)

    def samples(self, entries: Sequence[Entry]) -> list[Samples]:
        """Of each recording. Raises RecordingError."""
        found = []
        for entry in entries:
            found.append(reading.load(entry, self.workload.input).samples)
            self.advance("")
        return found


def train(workload: Workload, folders: Sequence[Path], recipe: Settings, progress: Progress) -> Trained:
    """Compute as the recipe says. Raises as `Recipe.train` does, but needs TFLM's interpreter alone."""
    if not isinstance(workload.decision, anomaly.Settings):
        raise ConfigurationError(
            f"A recipe of kind {recipe.kind} makes models for decisions of kind anomaly; {workload.name} has one of "
            f"kind {workload.decision.kind}.",
            remedy=f"Write a recipe of another kind, or correct [decision] in {workload.file}.",
            code="recipe-misfit",
        )
    interpreter.check_installed()
    host_features.library(workload.features, workload.input)
    collections = material.collected(workload, folders)
    chosen = splits.of(workload)
    chosen.check(collections)
    found = _states(chosen, collections)
    judging = [*chosen.select(collections, "test")]
    count = len(judging) + sum(len(state.plain) + len(state.kept) for state in found)
    ear = _Ear(workload, progress.stage("Computing the features", count))
    kept, states = _fitted(found, ear, recipe)
    data = layer.written(states, workload.features, recipe.output_scale)
    decision = workload.decision.model_copy(
        update={
            "directions": recipe.directions,
            "offsets": tuple(round(state.offset / recipe.output_scale**2) for state in states),
        }
    )
    judge = _Judge(Model.of(Path(f"{workload.name}.tflite"), data), decision)
    threshold = int(recipe.margin * np.quantile(judge.scores(kept), recipe.quantile))
    conditions = tuple(_conditions(judging, judge.scores(ear.features(ear.samples(judging)) if judging else ())))
    judged = (Separated("test", conditions, threshold),) if judging else ()
    return Trained(data, judged, decision.model_copy(update={"threshold": threshold}))


class _Judge:
    """The model in TFLM's interpreter, and what the decision makes of its output."""

    def __init__(self, model: Model, decision: anomaly.Settings) -> None:
        self._interpreter = Interpreter(model)
        self._shape = model.input.shape
        self._decision = decision

    def scores(self, features: Sequence[NDArray[np.int8]] | NDArray[np.int8]) -> list[int]:
        """Of each recording."""
        found = []
        for one in features:
            (output,) = self._interpreter.run(one.reshape(self._shape))
            found.append(self._decision.scores(one, output.astype(np.int8))[0])
        return found


def _states(chosen: Split, collections: Sequence[Collection]) -> list[_State]:
    """By folder and by person or speed, in the order of the recordings. Raises RecordingError without any."""
    plain: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    kept: dict[tuple[int, str], list[Entry]] = defaultdict(list)
    for number, collection in enumerate(collections):
        for entry, part in zip(collection, chosen.parts(collection), strict=True):
            if entry.label == NORMAL and part in ("train", "validation"):
                (plain if part == "train" else kept)[number, entry.speaker].append(entry)
    for key, entries in plain.items():
        if len(entries) < 2 or key not in kept:
            raise RecordingError(
                f"The state {key[1] or 'without a name'} has too few recordings: {len(entries)} to train and "
                f"{len(kept[key])} to calibrate.",
                remedy="Record more of it, or change shares and gap in split.toml.",
                code="too-few-to-split",
            )
    if not plain:
        raise RecordingError(
            f"None of the recordings is {NORMAL} and to train on.",
            remedy="What is normal alone is learnt: record it at every speed, and label it so.",
            code="nothing-to-train-on",
        )
    return [_State(key[1], tuple(entries), tuple(kept[key])) for key, entries in plain.items()]


def _fitted(found: Sequence[_State], ear: _Ear, recipe: Settings) -> tuple[NDArray[np.int8], list[State]]:
    """The features of all recordings that calibrate, and the states."""
    rng = np.random.default_rng(recipe.seed)
    materials, every = [], []
    for state in found:
        samples = ear.samples(state.plain)
        kept = ear.features(ear.samples(state.kept))
        varied = [_louder_or_quieter(one, recipe.jitter_db, ear.workload.input.bits, rng) for one in samples]
        every.append(kept)
        materials.append(Material(_flat(ear.features(samples)), _flat(ear.features(varied)), _flat(kept)))
    return np.concatenate(every), fitting.fit(materials, recipe)


def _louder_or_quieter(samples: Samples, decibels: float, bits: int, rng: np.random.Generator) -> Samples:
    """Each axis by a factor of its own about its mean, so that gravity stays, within the sensor's range."""
    mean = samples.mean(axis=0)
    factors = 10 ** (rng.normal(0, decibels, samples.shape[1]) / 20)
    end = 2 ** (bits - 1)
    return np.asarray(np.clip(np.rint(mean + (samples - mean) * factors), -end, end - 1), np.int16)


def _flat(features: NDArray[np.int8]) -> Values:
    return features.reshape(len(features), -1).astype(np.float64)


def _conditions(entries: Sequence[Entry], scores: Sequence[int]) -> Iterator[Condition]:
    for name in dict.fromkeys(entry.speaker for entry in entries):
        of = {
            label: tuple(
                score
                for entry, score in zip(entries, scores, strict=True)
                if (entry.speaker, entry.label) == (name, label)
            )
            for label in (NORMAL, ANOMALY)
        }
        yield Condition(name, of[NORMAL], of[ANOMALY])
