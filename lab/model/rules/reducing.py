"""Operators that take several values together along axes."""

from __future__ import annotations

from lab.model.rules.node import Node, Rule, without


def _reduction(node: Node) -> None:
    tensor, axes = node.input(0), node.integers(1)
    node.same_type(tensor, node.output)
    if axes is None:
        return
    along = {node.axis(axis, len(tensor.shape)) for axis in axes}
    kept = tuple(extent for axis, extent in enumerate(tensor.shape) if axis not in along)
    node.gives(kept)


def _logical_reduction(node: Node) -> None:
    if node.input(0).dtype != "BOOL":
        node.refuse("its input is not bool")
    _reduction(node)


def _place_of_extreme(node: Node) -> None:
    tensor, axes = node.input(0), node.integers(1)
    if node.output.dtype not in ("INT32", "INT64"):
        node.refuse("its output is not int32 or int64")
    if not tensor.shape or node.input(1).elements != 1:
        node.refuse("it has not one axis")
    if axes is not None:
        node.gives(without(tensor.shape, node.axis(axes[0], len(tensor.shape))))


def _cumulative(node: Node) -> None:
    tensor, axes = node.input(0), node.integers(1)
    node.same_type(tensor, node.output)
    if axes is not None:
        for axis in axes:
            node.axis(axis, len(tensor.shape))
    node.gives(tensor.shape)


RULES = {
    **dict.fromkeys(("MEAN", "SUM", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD"), Rule(_reduction, 2, 2)),
    **dict.fromkeys(("REDUCE_ALL", "REDUCE_ANY"), Rule(_logical_reduction, 2, 2)),
    **dict.fromkeys(("ARG_MAX", "ARG_MIN"), Rule(_place_of_extreme, 2, 2)),
    "CUMSUM": Rule(_cumulative, 2, 2),
    "REVERSE_V2": Rule(_cumulative, 2, 2),
}
