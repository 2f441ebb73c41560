"""What a motion's network learns from: variants of recordings, by what the workload's features are made of."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lab.features import movement
from lab.recordings import motion, reading
from lab.recordings.collection import Entry, Place
from lab.training import material
from lab.training.material import Features, Pool
from lab.training.motion import windows
from lab.training.motion.augmentation import Samples, Values
from lab.training.motion.movements import Maker
from lab.training.recipes.motion import Augmentation, Settings
from lab.training.stages import Progress
from lab.workload import Workload


@dataclass(frozen=True)
class Example:
    """A label by its index, and what makes features of the variants, [variants, rows, values]."""

    label: int
    make: Callable[[np.random.Generator], Features]


def pools(
    workload: Workload, recipe: Settings, learnt: Sequence[Entry], made: Sequence[Entry], which: str, progress: Progress
) -> list[Pool]:
    """Of recordings, of synthetic ones, and of what is no event, for the network of that name.

    Raises RecordingError for one that cannot be read.
    """
    groups = [
        (_examples(workload, recipe, learnt), 1.0),
        (_examples(workload, recipe, made), recipe.synthetic_share if learnt else 1.0),
        (_no_events(workload, recipe, [*learnt, *made]), recipe.others_share),
    ]
    advance = progress.stage(
        f"Making variants of the recordings for {which}", sum(len(examples) for examples, _ in groups)
    )
    found = []
    for number, (examples, share) in enumerate(groups):
        variants = []
        for position, example in enumerate(examples):
            # A recording's variants depend on the seed and its position alone.
            variants.append(example.make(np.random.default_rng((recipe.seed, number, position))))
            advance("")
        if variants:
            labels = np.array([example.label for example in examples], np.int64)
            found.append(Pool(np.stack(variants), None, labels, share))
    return found


def played(workload: Workload, entries: Sequence[Entry]) -> tuple[Features, NDArray[np.int64]]:
    """Features of the recordings as the device is played them, [recordings, rows, values], and their labels."""
    samples = [reading.load(entry, workload.input).samples for entry in entries]
    labels = np.array([workload.labels.index(entry.label) for entry in entries], np.int64)
    return material.of_each(samples, workload), labels


def _examples(workload: Workload, recipe: Settings, entries: Sequence[Entry]) -> list[Example]:
    """One for each window, or each movement, and for a longer recording as many as it may hold movements."""
    kind, settings, count = workload.features, recipe.augmentation, recipe.augmentation.variants
    if not isinstance(kind, movement.Settings):
        return _of_windows(workload, settings, entries)
    found: list[Example] = []
    for entry in entries:
        label, recording = workload.labels.index(entry.label), _whole(entry, workload)
        if len(recording) > workload.input.content:
            maker = Maker(workload, kind, settings, count)
            found += [Example(label, partial(maker.of_a_log, recording))] * (len(recording) // kind.longest)
        else:
            maker = Maker(workload, kind, settings, count)
            found.append(Example(label, partial(maker.between_rest, recording)))
    return found


def _of_windows(workload: Workload, settings: Augmentation, entries: Sequence[Entry]) -> list[Example]:
    cut = [
        (workload.labels.index(entry.label), _whole(entry, workload), entry.place.first if entry.place else 0)
        for entry in entries
    ]
    resting: dict[int, list[Values]] = defaultdict(list)
    for label, recording, first in cut:
        resting[label].append(windows.at_rest(workload, recording, first))
    others = {label: np.array(found) for label, found in resting.items()}
    return [
        Example(label, partial(windows.variants, workload, recording, first, others[label], settings))
        for label, recording, first in cut
    ]


def _no_events(workload: Workload, recipe: Settings, entries: Sequence[Entry]) -> list[Example]:
    """One for each movement that is an event, of the background's first label."""
    kind, background = workload.features, workload.background
    if not recipe.others_share or not background or not isinstance(kind, movement.Settings):
        return []
    maker = Maker(workload, kind, recipe.augmentation, recipe.augmentation.variants)
    events = [_whole(entry, workload) for entry in entries if entry.label not in background]
    others = np.random.default_rng(recipe.seed).permutation(len(events))
    label = workload.labels.index(background[0])
    return [
        Example(label, partial(maker.no_event, event, events[other]))
        for event, other in zip(events, others, strict=True)
    ]


def _whole(entry: Entry, workload: Workload) -> Samples:
    """All of the recording that an entry is a window of."""
    place = entry.place or Place()
    whole = replace(entry, place=replace(place, first=0))
    return motion.stretch(whole, workload.input, sys.maxsize).samples
