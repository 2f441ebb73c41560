"""Operators that change a tensor's shape, put its values in another order, or repeat them."""

from __future__ import annotations

import math

from lab.model.rules.node import Node, Rule

_REFLECT = 0


def _as_many(node: Node) -> None:
    node.same_type(node.input(0), node.output)
    if node.output.elements != node.input(0).elements:
        node.refuse(f"{node.input(0).elements:,} values do not become {node.output.elements:,}")


def _expand(node: Node) -> None:
    axes = node.integers(1)
    if axes is not None:
        for axis in axes:
            node.axis(axis, len(node.input(0).shape) + 1)
    _as_many(node)


def _transpose(node: Node) -> None:
    tensor, order = node.input(0), node.integers(1)
    node.same_type(tensor, node.output)
    node.gives(tensor.shape)
    if order is None:
        return
    rank = len(tensor.shape)
    axes = [node.axis(axis, rank) for axis in order]
    if sorted(axes) != list(range(rank)):
        node.refuse(f"{list(order)} is no order of {rank} dimensions")
    node.gives_exactly(tuple(tensor.shape[axis] for axis in axes))


def _pad(node: Node) -> None:
    tensor, widths = node.input(0), node.integers(1)
    node.same_type(tensor, node.output)
    if node.input(1).elements != 2 * len(tensor.shape):
        node.refuse(f"it has {node.input(1).elements} pads for {len(tensor.shape)} dimensions")
    if node.name == "PADV2":
        node.same_type(node.input(0), node.input(2))
        if node.input(2).elements != 1:
            node.refuse("it pads with several values")
    if widths is None:
        return
    pairs = list(zip(widths[::2], widths[1::2], strict=True))
    if min((width for pair in pairs for width in pair), default=0) < 0:
        node.refuse(f"it has a negative pad among {list(widths)}")
    if node.name == "MIRROR_PAD":
        most = [extent - (node.option("Mode") == _REFLECT) for extent in tensor.shape]
        if any(max(pair) > limit for pair, limit in zip(pairs, most, strict=True)):
            node.refuse(f"pads {list(widths)} mirror more than there is")
    node.gives_exactly(tuple(a + extent + b for (a, b), extent in zip(pairs, tensor.shape, strict=True)))


def _blocks_of_batches(node: Node) -> None:
    """SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND. What a converter makes of an open batch contradicts itself here, and
    TFLM then writes past the tensor.
    """
    tensor, blocks, margins = node.input(0), node.integers(1), node.integers(2)
    node.same_type(tensor, node.output)
    if blocks is None or margins is None:
        return
    if len(margins) != 2 * len(blocks) or len(tensor.shape) <= len(blocks) or min(blocks, default=1) < 1:
        node.refuse(f"blocks {list(blocks)} and margins {list(margins)} do not fit its input")
    count = math.prod(blocks)
    spread = node.name == "BATCH_TO_SPACE_ND"
    extents = []
    for index, block in enumerate(blocks):
        outer = margins[2 * index] + margins[2 * index + 1]
        extent = tensor.shape[1 + index]
        if spread:
            extents.append(extent * block - outer)
        else:
            extents.append((extent + outer) // block)
            if (extent + outer) % block:
                node.refuse(f"{extent} and margins of {outer} are no whole blocks of {block}")
    batch = tensor.shape[0] // count if spread else tensor.shape[0] * count
    expected = (batch, *extents, *tensor.shape[1 + len(blocks) :])
    if min(margins, default=0) < 0 or (spread and tensor.shape[0] % count) or node.output.shape != expected:
        node.refuse(
            f"it gives [{', '.join(map(str, expected))}]: convert the model with a fixed batch, not an open one"
        )


def _blocks_of_channels(node: Node) -> None:
    tensor, output, block = node.input(0), node.output, node.option("BlockSize")
    node.same_type(tensor, output)
    if len(tensor.shape) != 4 or block < 1:
        node.refuse(f"it has {len(tensor.shape)} dimensions and blocks of {block}")
    deep, flat = (output, tensor) if node.name == "SPACE_TO_DEPTH" else (tensor, output)
    if len(flat.shape) != 4 or len(deep.shape) != 4:
        node.refuse("its output has not 4 dimensions")
    batch, rows, columns, channels = deep.shape
    if channels % block**2 or flat.shape != (batch, rows * block, columns * block, channels // block**2):
        node.refuse(f"blocks of {block} do not make that of it")


def _shape_of(node: Node) -> None:
    if node.output.dtype not in ("INT32", "INT64"):
        node.refuse("its output is not int32 or int64")
    node.gives((len(node.input(0).shape),))


def _fill(node: Node) -> None:
    node.same_type(node.input(1), node.output)
    extents = node.integers(0)
    if node.input(1).elements != 1:
        node.refuse("it fills with several values")
    if extents is not None:
        node.gives(extents)


def _broadcast_to(node: Node) -> None:
    tensor, extents = node.input(0), node.integers(1)
    node.same_type(tensor, node.output)
    if extents is not None:
        node.gives(extents)
    if node.broadcast(tensor, node.output) != node.output.shape:
        node.refuse("its input does not broadcast to that")


def _broadcast_args(node: Node) -> None:
    node.same_type(node.input(0), node.input(1), node.output)
    node.gives((max(node.input(0).elements, node.input(1).elements),))


def _tile(node: Node) -> None:
    tensor, times = node.input(0), node.integers(1)
    node.same_type(tensor, node.output)
    if node.input(1).elements != len(tensor.shape):
        node.refuse(f"it has {node.input(1).elements} repetitions for {len(tensor.shape)} dimensions")
    if times is not None:
        node.gives(tuple(extent * many for extent, many in zip(tensor.shape, times, strict=True)))


RULES = {
    "RESHAPE": Rule(_as_many, 1, 2),
    "SQUEEZE": Rule(_as_many, 1, 1),
    "EXPAND_DIMS": Rule(_expand, 2, 2),
    "TRANSPOSE": Rule(_transpose, 2, 2),
    "PAD": Rule(_pad, 2, 2),
    "PADV2": Rule(_pad, 3, 3),
    "MIRROR_PAD": Rule(_pad, 2, 2, options="MirrorPadOptions"),
    "SPACE_TO_BATCH_ND": Rule(_blocks_of_batches, 3, 3),
    "BATCH_TO_SPACE_ND": Rule(_blocks_of_batches, 3, 3),
    "SPACE_TO_DEPTH": Rule(_blocks_of_channels, 1, 1, options="SpaceToDepthOptions"),
    "DEPTH_TO_SPACE": Rule(_blocks_of_channels, 1, 1, options="DepthToSpaceOptions"),
    "SHAPE": Rule(_shape_of, 1, 1),
    "FILL": Rule(_fill, 2, 2),
    "BROADCAST_TO": Rule(_broadcast_to, 2, 2),
    "BROADCAST_ARGS": Rule(_broadcast_args, 2, 2),
    "TILE": Rule(_tile, 2, 2),
}
