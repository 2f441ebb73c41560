"""Where an operator comes from: the layers of the source model, as a converter leaves them in the names of tensors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lab.model.model import Operator, Tensor

_SCOPE = re.compile(r"[A-Za-z][\w-]*")
_SHOWN = 6
"""Tensors of an operator that are listed with their names."""


def of(name: str) -> tuple[str, ...]:
    """The layers that a tensor's name tells of, in the order in which they compute; none where it tells of none.

    TensorFlow names a tensor `MODEL/LAYER/OPERATION`, and one that several operations were merged into after all of
    them, the last first: `net/re_lu/Relu;net/conv2d/Conv2D`. For a model within a model LAYER is the inner model.
    """
    found = []
    for part in reversed(name.split(";")):
        scopes = part.split("/")
        if len(scopes) >= 3 and all(map(_SCOPE.fullmatch, scopes[:2])):
            found.append(scopes[1])
    return tuple(dict.fromkeys(found))


def origin(name: str) -> str:
    """` of layer pool`, to follow an operator whose first output has that name; nothing where it tells of none."""
    layers = of(name)
    return f" of layer{'s' * (len(layers) > 1)} {' and '.join(layers)}" if layers else ""


def located(index: int, operator: Operator, tensors: Sequence[Tensor]) -> str:
    """`operator 3 MEAN of layer pool: int8[1, 4, 4, 2] 'net/conv/Relu' to int8[1, 2] 'net/pool/Mean'`."""
    made = [tensors[one] for one in operator.outputs]
    taken = [tensors[one] if one >= 0 else None for one in operator.inputs]
    layers = origin(made[0].name) if made else ""
    return f"operator {index} {operator.name}{layers}: {_named(taken)} to {_named(made)}"


def _named(tensors: Sequence[Tensor | None]) -> str:
    words = [f"{one} {one.name!r}" if one.name else str(one) for one in tensors[:_SHOWN] if one is not None]
    return ", ".join(words or ["nothing"]) + (f" and {len(tensors) - _SHOWN} more" if len(tensors) > _SHOWN else "")
