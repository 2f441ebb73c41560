"""From a trained network to the workload's model: converted to int8, and judged."""

from __future__ import annotations

from pathlib import Path

from lab.model import Model
from lab.training import conversion, evaluation
from lab.training.learnt import Learnt
from lab.training.stages import Progress
from lab.training.trained import Judged, Trained


def in_int8(learnt: Learnt, name: str, progress: Progress) -> Trained:
    """The model, and what it and the network make of recordings kept out; `name` is what errors call the model."""
    done = progress.stage("Converting and judging", 1)
    data = conversion.to_int8(learnt.tensorflow, learnt.keras, learnt.network, learnt.calibration, learnt.features)
    converted = Model.of(Path(f"{name}.tflite"), data)
    judged = tuple(
        Judged(
            kept.part,
            evaluation.of_network(learnt.network, learnt.given(kept.features), kept.truth, learnt.labels),
            evaluation.of_int8(converted, kept.features, kept.truth, learnt.labels),
            kept.who,
        )
        for kept in learnt.kept
    )
    done("")
    return Trained(data, judged)
