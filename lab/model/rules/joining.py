"""Operators that put tensors together, and take them apart, along an axis."""

from __future__ import annotations

from lab.model.model import Tensor
from lab.model.rules.node import ANY, Node, Rule, without


def _all(node: Node) -> list[Tensor]:
    return [node.input(place) for place in range(len(node.inputs))]


def _concatenation(node: Node) -> None:
    tensors = _all(node)
    first = tensors[0]
    node.same_type(*tensors, node.output)
    axis = node.axis(node.option("Axis"), len(first.shape))
    if not first.shape or {without(tensor.shape, axis) for tensor in tensors} != {without(first.shape, axis)}:
        node.refuse(f"its inputs differ in another dimension than {axis}")
    if any(len(tensor.shape) != len(first.shape) for tensor in tensors):
        node.refuse("its inputs differ in their number of dimensions")
    whole = sum(tensor.shape[axis] for tensor in tensors)
    expected = (*first.shape[:axis], whole, *first.shape[axis + 1 :])
    node.gives_exactly(expected)


def _pack(node: Node) -> None:
    tensors = _all(node)
    first = tensors[0]
    node.same_type(*tensors, node.output)
    if node.options() is not None and node.option("ValuesCount") != len(tensors):
        node.refuse(f"it packs {node.option('ValuesCount')} tensors")
    axis = node.axis(node.option("Axis"), len(first.shape) + 1)
    if {tensor.shape for tensor in tensors} != {first.shape}:
        node.refuse("its inputs have several shapes")
    expected = (*first.shape[:axis], len(tensors), *first.shape[axis:])
    node.gives_exactly(expected)


def _unpack(node: Node) -> None:
    tensor = node.input(0)
    node.same_type(tensor, *node.outputs)
    axis = node.axis(node.option("Axis"), len(tensor.shape))
    if not tensor.shape or tensor.shape[axis] != len(node.outputs):
        node.refuse(f"it has {len(node.outputs)} outputs, and its input not as many along dimension {axis}")
    if node.options() is not None and node.option("Num") != len(node.outputs):
        node.refuse(f"it unpacks {node.option('Num')} tensors")
    for output in node.outputs:
        node.gives(without(tensor.shape, axis), output)


def _split(node: Node) -> None:
    axis, tensor = node.integers(0), node.input(1)
    node.same_type(tensor, *node.outputs)
    count = len(node.outputs)
    if node.options() is not None and node.option("NumSplits") != count:
        node.refuse(f"it splits into {node.option('NumSplits')}")
    if axis is None:
        return
    along = _only_axis(node, axis, tensor)
    if tensor.shape[along] % count:
        node.refuse(f"{tensor.shape[along]} along dimension {along} are not divided by {count}")
    for output in node.outputs:
        _has(node, output, tensor, along, tensor.shape[along] // count)


def _split_by_sizes(node: Node) -> None:
    tensor, sizes, axis = node.input(0), node.integers(1), node.integers(2)
    node.same_type(tensor, *node.outputs)
    if axis is None:
        return
    along = _only_axis(node, axis, tensor)
    if sizes is not None:
        rest = tensor.shape[along] - sum(size for size in sizes if size != -1)
        given = [rest if size == -1 else size for size in sizes]
        if len(given) != len(node.outputs) or min(given) < 0 or sum(given) != tensor.shape[along]:
            node.refuse(f"sizes {list(sizes)} do not make up dimension {along}")
        for output, size in zip(node.outputs, given, strict=True):
            _has(node, output, tensor, along, size)


def _only_axis(node: Node, values: tuple[int, ...], tensor: Tensor) -> int:
    if len(values) != 1 or not tensor.shape:
        node.refuse("it has not one axis")
    return node.axis(values[0], len(tensor.shape))


def _has(node: Node, output: Tensor, tensor: Tensor, axis: int, size: int) -> None:
    node.gives_exactly((*tensor.shape[:axis], size, *tensor.shape[axis + 1 :]), output)


RULES = {
    "CONCATENATION": Rule(_concatenation, 1, ANY, options="ConcatenationOptions"),
    "PACK": Rule(_pack, 1, ANY, options="PackOptions"),
    "UNPACK": Rule(_unpack, 1, 1, None, "UnpackOptions"),
    "SPLIT": Rule(_split, 2, 2, None, "SplitOptions"),
    "SPLIT_V": Rule(_split_by_sizes, 3, 3, None, "SplitVOptions"),
}
