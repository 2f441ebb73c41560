"""Variants of a trained network: made, and judged on the recordings kept out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lab.training import evaluation
from lab.training.learnt import Learnt
from lab.training.settings import Tuning
from lab.training.stages import Progress
from lab.training.trained import Table
from lab.training.tuning import Tuned
from lab.training.unsuitable import Unsuitable
from lab.training.variants._variant import Variant


@dataclass(frozen=True)
class Made:
    """The content of a .tflite file for each variant, by name; and why there is none of others."""

    files: Mapping[str, bytes]
    unsuitable: Mapping[str, str]


def made(learnt: Learnt, wanted: Sequence[Variant], tuning: Tuning, progress: Progress) -> Made:
    """Convert the network to each of the variants. Raises ToolMissing without what some of them need."""
    tuned = Tuned(learnt, tuning, progress)
    files, unsuitable = {}, {}
    advance = progress.stage("Converting", len(wanted))
    for variant in wanted:
        try:
            files[variant.name] = variant.convert(tuned)
        except Unsuitable as error:
            unsuitable[variant.name] = str(error)
        advance(variant.name)
    return Made(files, unsuitable)


def judged(learnt: Learnt, files: Mapping[str, bytes]) -> Iterator[Table]:
    """The accuracy of each by label, for every part of the split that is kept out, by TensorFlow's interpreter."""
    for kept in learnt.kept:
        inputs = learnt.given(kept.features)
        found = [
            evaluation.of_file(learnt.tensorflow, data, inputs, kept.truth, learnt.labels) for data in files.values()
        ]
        by_label = [
            (scores[0].label, str(scores[0].clips), *(f"{one.share:.1%}" for one in scores))
            for scores in zip(*(one.scores for one in found), strict=True)
            if scores[0].clips
        ]
        total = ("all", str(len(kept.truth)), *(f"{one.share:.1%}" for one in found))
        yield Table(f"{kept.who}, {kept.part} part", ("label", "recordings", *files), (*by_label, total))
