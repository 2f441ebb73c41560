"""Operators that take a part of a tensor, or write one."""

from __future__ import annotations

from lab.model.rules.node import Node, Rule

_INDICES = ("INT8", "INT16", "INT32", "INT64")


def _slice(node: Node) -> None:
    tensor, begins, sizes = node.input(0), node.integers(1), node.integers(2)
    node.same_type(tensor, node.output)
    rank = len(tensor.shape)
    if not {node.input(1).dtype, node.input(2).dtype} <= {"INT32", "INT64"}:
        node.refuse("its begins and sizes are not int32 or int64")
    if node.input(1).elements != rank or node.input(2).elements != rank:
        node.refuse(f"it has {node.input(1).elements} begins and {node.input(2).elements} sizes for {rank} dimensions")
    if begins is None or sizes is None:
        return
    expected = []
    for extent, begin, size in zip(tensor.shape, begins, sizes, strict=True):
        taken = extent - begin if size == -1 else size
        if begin < 0 or taken < 0 or begin + taken > extent:
            node.refuse(f"{list(sizes)} values from {list(begins)} on are not all in it")
        expected.append(taken)
    node.gives_exactly(tuple(expected))


def _strided_slice(node: Node) -> None:
    tensor, *bounds = node.input(0), node.integers(1), node.integers(2), node.integers(3)
    node.same_type(tensor, node.output)
    if len({node.input(place).elements for place in (1, 2, 3)}) != 1:
        node.refuse("its begins, ends and strides are not as many")
    begins, ends, strides = bounds
    if begins is None or ends is None or strides is None:
        return
    if 0 in strides:
        node.refuse("a stride is 0")
    masks = {name: node.option(f"{name}Mask") for name in ("Begin", "End", "Ellipsis", "NewAxis", "ShrinkAxis")}
    if masks["Ellipsis"] or masks["NewAxis"] or node.option("Offset"):
        return
    if len(begins) > len(tensor.shape):
        node.refuse(f"it slices {len(begins)} of {len(tensor.shape)} dimensions")
    expected = list(tensor.shape)
    for axis, (begin, end, stride) in enumerate(zip(begins, ends, strides, strict=True)):
        extent, bit = tensor.shape[axis], 1 << axis
        if masks["ShrinkAxis"] & bit:
            if not -extent <= begin < extent:
                node.refuse(f"index {begin} is none of dimension {axis}")
            expected[axis] = 1
            continue
        chosen = slice(None if masks["Begin"] & bit else begin, None if masks["End"] & bit else end, stride)
        expected[axis] = len(range(*chosen.indices(extent)))
    node.gives(tuple(expected))


def _gather(node: Node) -> None:
    table, places = node.input(0), node.input(1)
    node.same_type(table, node.output)
    if places.dtype not in _INDICES:
        node.refuse("its indices are no integers")
    rank = len(table.shape)
    axis = node.axis(node.option("Axis"), rank)
    batch = node.option("BatchDims")
    if batch < 0:
        batch += len(places.shape)
    if not 0 <= batch <= min(axis, len(places.shape)) or table.shape[:batch] != places.shape[:batch] or not rank:
        node.refuse(f"{batch} dimensions of batches do not fit axis {axis}")
    _within(node, table.shape[axis])
    node.gives((*table.shape[:axis], *places.shape[batch:], *table.shape[axis + 1 :]))


def _gather_nd(node: Node) -> None:
    table, places = node.input(0), node.input(1)
    node.same_type(table, node.output)
    if places.dtype not in _INDICES or not places.shape or not 1 <= places.shape[-1] <= len(table.shape):
        node.refuse("its indices do not fit the number of its dimensions")
    depth = places.shape[-1]
    known = node.integers(1)
    if known is not None:
        for index, value in enumerate(known):
            if not 0 <= value < table.shape[index % depth]:
                node.refuse(f"index {value} is none of dimension {index % depth}")
    node.gives((*places.shape[:-1], *table.shape[depth:]))


def _embedding(node: Node) -> None:
    table = node.input(1)
    if not table.shape or node.input(0).dtype != "INT32":
        node.refuse("it has no table, or its indices are not int32")
    known = node.integers(0)
    if known is not None and not all(0 <= value < table.shape[0] for value in known):
        node.refuse(f"an index is none of the {table.shape[0]} rows")
    node.gives((node.input(0).elements, *table.shape[1:]))


def _within(node: Node, extent: int) -> None:
    known = node.integers(1)
    if known is not None and not all(0 <= value < extent for value in known):
        node.refuse(f"index {next(value for value in known if not 0 <= value < extent)} is none of {extent}")


def _update(node: Node) -> None:
    whole, part, begins = (node.input(place) for place in range(3))
    node.same_type(whole, part, node.output)
    fits = len(part.shape) == len(whole.shape) == begins.elements
    if not fits or any(small > large for small, large in zip(part.shape, whole.shape, strict=True)):
        node.refuse("its update does not fit into its first input")
    node.gives(whole.shape)


RULES = {
    "SLICE": Rule(_slice, 3, 3),
    "STRIDED_SLICE": Rule(_strided_slice, 4, 4, options="StridedSliceOptions"),
    "GATHER": Rule(_gather, 2, 2, options="GatherOptions"),
    "GATHER_ND": Rule(_gather_nd, 2, 2),
    "EMBEDDING_LOOKUP": Rule(_embedding, 2, 2),
    "DYNAMIC_UPDATE_SLICE": Rule(_update, 3, 3),
}
