"""What a variant is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.training import conversion
from lab.training.tuning import Tuned


@dataclass(frozen=True)
class Variant:
    """`convert` gives the content of a .tflite file; `summary` says in a few words what is special about it."""

    name: str
    summary: str
    convert: Callable[[Tuned], bytes]


def to_int8(of: Tuned, network: Any) -> bytes:
    """This network in int8, quantised after training."""
    learnt = of.learnt
    return conversion.to_int8(learnt.tensorflow, learnt.keras, network, learnt.calibration, learnt.features)
