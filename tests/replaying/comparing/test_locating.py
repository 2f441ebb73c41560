"""Where in an inference two plays part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lab import workload
from lab.errors import ModelError
from lab.model import Model
from lab.model.model import Operator, Tensor
from lab.replaying.comparing.first import PlayDifference
from lab.replaying.comparing.locating import where
from lab.replaying.comparing.sides import Side
from lab.store import silently

SPOTTING = workload.load("keyword-spotting")
FEATURES = np.zeros(SPOTTING.features.shape(SPOTTING.input), np.int8)
SAMPLES = np.zeros((SPOTTING.features.frames(SPOTTING.input), 1), np.int16)
TENSORS = tuple(Tensor(name, (1, 4), "INT8", 4, constant=False) for name in ("in", "middle", "out"))
MODEL = Model(
    SPOTTING.model_path,
    b"",
    TENSORS,
    (Operator("CONV_2D", 1, (0,), (1,), 0), Operator("SOFTMAX", 1, (1,), (2,), 0)),
    (0,),
    (2,),
)
OUTPUTS = (np.array([[1, 2, 3, 4]], np.int8), np.array([[5, 6, 7, 8]], np.int8))


def spoilt(array: np.ndarray, at: int, value: int) -> np.ndarray:
    changed = array.copy()
    changed.ravel()[at] = value
    return changed


def side(**changed: object) -> Side:
    return replace(Side(SAMPLES, FEATURES, MODEL, lambda _features: OUTPUTS), **changed)  # type: ignore[arg-type]


OTHER_GRAPH = replace(MODEL, operators=(replace(MODEL.operators[0], name="ADD"), MODEL.operators[1]))


@pytest.mark.parametrize(
    ("other", "named"),
    [
        (side(samples=spoilt(SAMPLES, 7, 9), features=spoilt(FEATURES, 1, 1)), "first at sample 7: here 0, other 9"),
        (side(features=spoilt(FEATURES, 45, -3)), "first at step 1, channel 5: here 0, other -3"),
        (
            side(outputs=lambda _features: (OUTPUTS[0], spoilt(OUTPUTS[1], 2, -7))),
            "first at operator 1 SOFTMAX, element 2: here 7, other -7",
        ),
        (side(), "each operator puts out the same: what is done with the model's output differs"),
        (side(model=OTHER_GRAPH), "operator 0 is CONV_2D (int8[1, 4] to int8[1, 4]) here and ADD"),
        (side(model=replace(MODEL, operators=MODEL.operators[:1])), "with 2 operators and 1"),
        (Side(untold="a device log has no values"), "no place is named: a device log has no values"),
        (side(features=None), "each operator puts out the same"),  # a Renode that has gone on has none in its memory
    ],
    ids=range(8),
)
def test_the_first_place_is_named_with_both_values(other: Side, named: str):
    difference = PlayDifference(3, 1.5, "scores", "1 2", "1 3")
    assert named in where(difference, lambda _number: side(), lambda _number: other, SPOTTING, silently)


def test_what_cannot_be_played_again_is_said_in_the_place_of_it():
    def refused(_number: int) -> Side:
        raise ModelError("The model is gone.", remedy="Bring it back.")

    difference = PlayDifference(3, 1.5, "scores", "1 2", "1 3")
    assert where(difference, refused, refused, SPOTTING, silently) == "no place is named: The model is gone"


def test_losses_and_missing_inferences_have_no_place():
    """They lie in no value of an inference, and nothing is played again for them."""
    for stage in ("losses", "detection", "inference"):
        assert where(PlayDifference(3, 1.5, stage, "a", "b"), None, None, SPOTTING, silently) == ""  # type: ignore[arg-type]


def test_a_place_is_told_with_the_difference():
    difference = PlayDifference(3, 1.5, "scores", "1 2", "1 3", "first at operator 0 ADD, element 1: here 2, other 3")
    assert str(difference) == (
        "inference 3, at 1.500 s, differs in its scores: 1 2 here, 1 3 in the other; "
        "first at operator 0 ADD, element 1: here 2, other 3"
    )
