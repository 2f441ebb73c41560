"""Features of recordings as one NPZ file, for notebooks and other trainers: computed by the device's own sources."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import disk
from lab.building import host_features
from lab.recordings import reading
from lab.recordings.collection import Collection, Entry
from lab.store import OnStage
from lab.workload import Workload

_ELSEWHERE = "name another file with --out"
_FEW = 0.001


def write(recordings: Collection, workload: Workload, file: Path, on_stage: OnStage) -> NDArray[np.int8]:
    """Compute the features of each recording and write the file, all or nothing; returns `features`.

    The file's arrays, of N recordings in the collection's order:

    - `features` int8 [N, rows, values]: what the model is given; it stands for `scale * (features - zero_point)`
    - `scale` float64 [], `zero_point` int64 []
    - `label` int64 [N], an index into `label_names` str [labels]
    - `name` and `speaker` str [N], as the collection has them

    Raises what `reading.load` and `host_features.of` raise, and StorageError.
    """
    with disk.writing(file, elsewhere=_ELSEWHERE):
        file.parent.mkdir(parents=True, exist_ok=True)
    features = computed(recordings, workload, on_stage)
    with disk.replacing(file, elsewhere=_ELSEWHERE) as stream:
        np.savez_compressed(
            stream,
            features=features,
            scale=np.float64(workload.features.scale),
            zero_point=np.int64(workload.features.zero_point),
            label=truth(recordings, workload),
            label_names=np.array(workload.labels),
            name=np.array([entry.name for entry in recordings]),
            speaker=np.array([entry.speaker for entry in recordings]),
        )
    return features


def at_ends(features: NDArray[np.int8]) -> str:
    """How many of the values are the least or the largest that int8 has, for a person; nothing where few are."""
    shares = {end: float(np.mean(features == end)) for end in (-128, 127)}
    told = [f"{100 * share:.1f} % are {end}" for end, share in shares.items() if share >= _FEW]
    return (
        f"Of the values {' and '.join(told)}, where int8 ends: `scale` and `zero_point` set the range." if told else ""
    )


def computed(recordings: Iterable[Entry], workload: Workload, on_stage: OnStage) -> NDArray[np.int8]:
    """Of each recording, int8 [recordings, rows, values]. Raises what `reading.load` and `host_features.of` raise."""
    heard, features = workload.input, workload.features
    host_features.library(features, heard, on_stage)
    found = [host_features.of(reading.load(entry, heard).samples, features, heard) for entry in recordings]
    return np.stack(found) if found else np.empty((0, *features.shape(heard)), np.int8)


def truth(recordings: Iterable[Entry], workload: Workload) -> NDArray[np.int64]:
    """The index of the label of each, [recordings]."""
    return np.array([workload.labels.index(entry.label) for entry in recordings], np.int64)
