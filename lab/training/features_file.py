"""Features of recordings as one NPZ file, for notebooks and other trainers: computed by the device's own sources."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lab import disk
from lab.building import host_features
from lab.recordings import reading
from lab.recordings.collection import Collection
from lab.store import OnStage
from lab.workload import Workload

_ELSEWHERE = "name another file with --out"


def write(recordings: Collection, workload: Workload, file: Path, on_stage: OnStage) -> tuple[int, ...]:
    """Compute the features of each recording and write the file, all or nothing; returns the shape of `features`.

    The file's arrays, of N recordings in the collection's order:

    - `features` int8 [N, rows, values]: what the model is given; it stands for `scale * (features - zero_point)`
    - `scale` float64 [], `zero_point` int64 []
    - `label` int64 [N], an index into `label_names` str [labels]
    - `name` and `speaker` str [N], as the collection has them

    Raises what `reading.load` and `host_features.of` raise, and StorageError.
    """
    with disk.writing(file, elsewhere=_ELSEWHERE):
        file.parent.mkdir(parents=True, exist_ok=True)
    host_features.library(workload.features, workload.input, on_stage)
    shape = workload.features.shape(workload.input)
    features = np.zeros((len(recordings), *shape), np.int8)
    for number, entry in enumerate(recordings):
        features[number] = host_features.of(
            reading.load(entry, workload.input).samples, workload.features, workload.input
        )
    with disk.replacing(file, elsewhere=_ELSEWHERE) as stream:
        np.savez_compressed(
            stream,
            features=features,
            scale=np.float64(workload.features.scale),
            zero_point=np.int64(workload.features.zero_point),
            label=np.array([workload.labels.index(entry.label) for entry in recordings], np.int64),
            label_names=np.array(workload.labels),
            name=np.array([entry.name for entry in recordings]),
            speaker=np.array([entry.speaker for entry in recordings]),
        )
    return features.shape
