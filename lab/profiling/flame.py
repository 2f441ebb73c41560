"""The call tree that a flame graph shows: phases side by side, operators by name, interrupts apart."""

from __future__ import annotations

from dataclasses import replace

from lab.measuring.marks import FEATURE_STEP_BEGINS, INFERENCE_BEGINS
from lab.model import Model
from lab.profiling import operators
from lab.profiling.forest import Forest
from lab.profiling.frame import Frame

REMAINDER = "waiting and output"


def tree(title: str, trees: Forest, model: Model) -> Frame:
    """What passed between boot and decision. Its total is that of the trees."""
    clean = {mark: one.without_handlers() for mark, one in trees.items()}
    rest = [one for mark, one in sorted(clean.items()) if mark not in (FEATURE_STEP_BEGINS, INFERENCE_BEGINS)]
    others = tuple(frame for one in rest for frame in one.below)
    handlers = tuple(handler for _, one in sorted(trees.items()) for handler in one.handlers())
    groups = (
        _group("features", _beyond_common(clean[FEATURE_STEP_BEGINS]).below),
        _group("inference", _beyond_common(_with_operators(clean[INFERENCE_BEGINS], model)).below),
        _group("interrupts", handlers),
        _group(REMAINDER, others),
    )
    return _group(title, tuple(group for group in groups if group.total.instructions))


def _group(name: str, below: tuple[Frame, ...]) -> Frame:
    """Frames of one name become one."""
    return Frame("", name, "section", below=merged(below))


def merged(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    """The frames, those of one name as one, the same below."""
    by_name: dict[str, list[Frame]] = {}
    for frame in frames:
        by_name.setdefault(frame.name, []).append(frame)
    return tuple(
        replace(
            same[0],
            calls=sum(one.calls for one in same),
            own=sum((one.own for one in same[1:]), same[0].own),
            below=merged(tuple(frame for one in same for frame in one.below)),
        )
        for same in by_name.values()
    )


def _beyond_common(root: Frame) -> Frame:
    """The frame above the first function that spent something, or called more than one other."""
    while len(root.below) == 1 and not root.below[0].own.instructions and len(root.below[0].below) == 1:
        (root,) = root.below
    return root


def _with_operators(inference: Frame, model: Model) -> Frame:
    """Above each operator's function a frame that says which operator it is."""
    called = {id(frame): index for index, frame in enumerate(operators.calls(inference, len(model.operators)))}

    def rebuilt(frame: Frame) -> Frame:
        again = replace(frame, below=tuple(rebuilt(one) for one in frame.below))
        if id(frame) not in called:
            return again
        return Frame("", operators.title(model, called[id(frame)]), "section", calls=frame.calls, below=(again,))

    return rebuilt(inference)
