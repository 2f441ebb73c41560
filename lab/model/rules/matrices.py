"""Operators that multiply matrices."""

from __future__ import annotations

import math

from lab.model.rules.node import Node, Rule


def _dense(node: Node) -> int:
    data, weights = node.input(0), node.input(1)
    if len(weights.shape) != 2:
        node.refuse("its weights have not 2 dimensions")
    units, width = weights.shape
    if data.elements % width:
        node.refuse(f"its input is no whole rows of {width}")
    node.gives((data.elements // width, units))
    node.check_bias(2, units)
    return node.output.elements * width


def _batches(node: Node) -> None:
    """BATCH_MATMUL: matrices in the last two dimensions, the others broadcast."""
    first, second = node.input(0), node.input(1)
    if len(first.shape) < 2 or len(second.shape) < 2:
        node.refuse("its inputs are no matrices")
    rows, inner = first.shape[-2:][::-1] if node.option("AdjX") else first.shape[-2:]
    other, columns = second.shape[-2:][::-1] if node.option("AdjY") else second.shape[-2:]
    if inner != other:
        node.refuse(f"matrices of {inner} columns and {other} rows")
    outer = [tensor.elements // math.prod(tensor.shape[-2:]) for tensor in (first, second)]
    if min(outer) != 1 and len(first.shape) == len(second.shape):
        pairs = list(zip(first.shape[:-2], second.shape[:-2], strict=True))
        if any(a != b and 1 not in (a, b) for a, b in pairs):
            node.refuse("its batches do not broadcast")
        outer = [math.prod(max(pair) for pair in pairs)]
    node.gives((max(outer), rows, columns))


RULES = {
    "FULLY_CONNECTED": Rule(_dense, 2, 3),
    "BATCH_MATMUL": Rule(_batches, 2, 2, options="BatchMatMulOptions"),
}
