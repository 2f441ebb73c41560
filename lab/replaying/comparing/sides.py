"""One of two plays of a trace at a single inference: the signal, the features, and what its operators make of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lab.engines import selection
from lab.errors import FirmwareError
from lab.image import Image
from lab.measuring import operator_outputs
from lab.measuring.player import Player
from lab.measuring.request import Request
from lab.model import Model
from lab.outcomes.replay import Arrived, ReplayedInference
from lab.replaying.booting import booted
from lab.replaying.evidence import Evidence
from lab.replaying.feed import Feed

Outputs = Sequence[NDArray[np.generic]]


@dataclass(frozen=True)
class Side:
    """`samples` are int16 [frames, channels] and `features` int8 [rows, values], None where nobody knows them.

    `outputs` gives the first output of each operator of `model` for features; `untold` says why there is none.
    `inference` is what a device told when it was played again.
    """

    samples: NDArray[np.int16] | None = None
    features: NDArray[np.int8] | None = None
    model: Model | None = None
    outputs: Callable[[NDArray[np.int8]], Outputs] | None = field(default=None, repr=False)
    untold: str = ""
    inference: ReplayedInference | None = None


AtInference = Callable[[int], Side]
"""The side at the inference of that number. Raises LabError for what cannot be played again."""


def of_device(
    request: Request, firmware: Image, mips: int | None, feed: Feed, arrived: Sequence[Arrived], number: int
) -> Side:
    """Of a replay, which is played once more up to there, with what its UART received.

    Raises as the board's run does, and ModelError.
    """
    evidence = Evidence()
    engine = selection.select(request.engine, request.renode)
    with booted(request, firmware, engine, mips) as board:
        reading = board.reading(feed.from_s, mips or 1, lambda told, _label, _scores: told >= number)
        look = partial(evidence.look, board.machine, firmware)
        arriving = [one for one in arrived if not one.behind]
        player = Player(board.machine, board.sensor, feed, reading, at_inference=look, arriving=arriving)
        for _ in player.inferences():
            pass
    model = Model.read(request.model or request.workload.model_path)
    samples, features = evidence.samples(request.workload), evidence.features(request.workload)
    if lacks := operator_outputs.missing(firmware):
        return Side(samples, features, model, None, f"{firmware.path.name} has no {lacks}", evidence.inference)

    def outputs(given: NDArray[np.int8]) -> Outputs:
        found = operator_outputs.on_device(request.target, request.workload, firmware, model, given)
        told = evidence.inference.scores if evidence.inference else ()
        if told and found.scores != told:
            raise FirmwareError(
                f"The firmware, with its operators traced, came to the scores {_words(found.scores)}, "
                f"and in the replay to {_words(told)}.",
                remedy="The model goes by what was before, or the emulators disagree: `lab conformance` compares them.",
                code="operators-untold",
            )
        return found.operators

    return Side(samples, features, model, outputs, inference=evidence.inference)


def _words(scores: Sequence[int]) -> str:
    return " ".join(map(str, scores))
