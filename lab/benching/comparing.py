"""Every inference of a device beside the host's, and the first operator at which they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.benching.agreement import Agreement, agreement, distance, place, together
from lab.benching.board import BenchBoard, Inferred
from lab.benching.reference import Reference, Refused
from lab.benching.stimulus import Arrays
from lab.measuring.host import crc
from lab.model import Model


@dataclass(frozen=True)
class Host:
    """A model on the host: `reference` is None where nothing there runs it, and `refused` then says why."""

    reference: Reference | None
    refused: str = ""

    @classmethod
    def of(cls, model: Model, steps: Sequence[Arrays]) -> Host:
        """Run the model on the inputs of every inference. Raises as Reference does."""
        try:
            return cls(Reference(model, steps))
        except Refused as refused:
            return cls(None, str(refused))

    def outputs(self) -> Sequence[Arrays] | None:
        """Of each inference."""
        return None if self.reference is None else self.reference.outputs()


@dataclass(frozen=True)
class Comparison:
    """How each inference of a device compares with the host's, nothing where no host ran the model."""

    host: Host
    agreements: tuple[Agreement, ...]

    @classmethod
    def of(cls, host: Host, inferred: Sequence[Inferred], tolerance: float) -> Comparison:
        """Each inference with that at the same place."""
        theirs = host.outputs() or ()
        return cls(
            host, tuple(agreement(ours.outputs, one, tolerance) for ours, one in zip(inferred, theirs, strict=False))
        )

    @property
    def whole(self) -> Agreement | None:
        """Of all inferences."""
        return together(self.agreements) if self.agreements else None

    @property
    def holds(self) -> bool:
        """No inference is farther from the host's than it may be."""
        return all(one.holds for one in self.agreements)


def first_difference(
    model: Model, steps: Sequence[Arrays], tracing: BenchBoard, host: Reference, tolerance: float
) -> str:
    """The first operator whose output is farther from the host's than rounding explains, with one of its values.

    `tracing` is a fresh board that traces operators: it makes the inferences once more, up to there.
    """
    for at, (given, outputs) in enumerate(zip(steps, host.operator_outputs(), strict=True)):
        for index, (step, theirs) in enumerate(zip(tracing.steps(given, len(outputs)), outputs, strict=True)):
            if step.told.crc == crc(theirs):
                continue
            ours = tracing.output_of(step, theirs)
            apart = distance(ours, theirs)
            if apart.first is not None and apart.exceeds(tolerance):
                where = f"operator {index} {model.operators[index].name}, {place(apart.first, ours, theirs)}"
                return where if len(steps) == 1 else f"inference {at}, {where}"
    return ""
