"""All variants of a model on one board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.benching.image import Choices
from lab.building import kernels, tflm
from lab.errors import UsageError
from lab.measuring import Request, chosen
from lab.output import one_line
from lab.store import OnStage
from lab.training import features_file
from lab.variants import choosing
from lab.variants.measuring import LabelledFeatures, measured
from lab.variants.outcome import Outcome


@dataclass(frozen=True)
class Compared:
    """What was found of the variants, and `notes` on the recordings that were left out."""

    outcome: Outcome
    notes: tuple[str, ...]


def compared(files: Sequence[Path], request: Request, most_loss: float, on_stage: OnStage) -> Compared:
    """Give the recordings of the request to each variant, and name the smallest that loses at most `most_loss` points.

    Raises what choosing recordings and computing features raise, as `measured` does, and UsageError for a workload
    whose model does not score labels.
    """
    workload, target = request.workload, request.target
    if workload.decision.outputs(workload) != len(workload.labels):
        raise UsageError(
            f"The model of {workload.name} does not give a score for each label, so that there is no accuracy to "
            "compare.",
            remedy=f"Run each: lab run {workload.name} --model FILE.",
        )
    recordings = chosen.recordings(request, on_stage)
    on_stage(f"computing the features of {len(recordings):,} recordings")
    played = LabelledFeatures(
        features_file.computed(recordings, workload, on_stage), features_file.truth(recordings, workload)
    )
    choices = Choices(request.kernels, request.kernels_root, request.tflm_root)
    variants = tuple(measured(file, workload, target, played, choices, on_stage) for file in files)
    against = choosing.compared_with(variants)
    outcome = Outcome(
        workload=workload.name,
        target=target.name,
        kernels=kernels.choose(target, request.kernels, request.kernels_root).name,
        tflm=tflm.source(request.tflm_root, on_stage).version,
        recordings=len(recordings),
        source=one_line(request.source),
        variants=variants,
        most_loss=most_loss,
        compared_with=against and against[0],
        smallest=against and choosing.smallest(variants, against[1], most_loss),
    )
    return Compared(outcome, recordings.notes)
