"""Operators that keep a state from one inference to the next."""

from __future__ import annotations

from lab.model.rules.node import Node, Rule

_PEEPHOLES, _PROJECTION, _NORMALISATION = range(9, 12), range(16, 18), range(20, 24)
_VARIANTS = {"peepholes": _PEEPHOLES, "a projection": _PROJECTION, "layer normalisation": _NORMALISATION}


def _sparse_rows(node: Node) -> None:
    """SVDF: features [filters, inputs], times [filters, memory], a state of [batches, memory * filters]."""
    data, features, times, state = (node.input(place) for place in (0, 1, 2, 4))
    if any(len(tensor.shape) != 2 for tensor in (data, features, times)):
        node.refuse("its input and weights are not of 2 dimensions")
    rank = node.option("Rank")
    filters, memory = times.shape
    if rank < 1 or filters % rank or features.shape != (filters, data.shape[1]):
        node.refuse(f"{filters} filters of rank {rank} do not fit its weights")
    if state.elements != data.shape[0] * memory * filters:
        node.refuse(f"its state has {state.elements:,} values for {data.shape[0] * memory * filters:,}")
    bias = node.inputs[3]
    if bias is not None and bias.elements != filters // rank:
        node.refuse(f"it has {bias.elements} biases for {filters // rank} units")
    node.gives((data.shape[0], filters // rank))


def _lstm(node: Node) -> None:
    """Four gates of [units, inputs] and [units, units], in places 1 to 8, with biases from 12 on."""
    data, hidden, cell = (node.input(place) for place in (0, 18, 19))
    for variant, places in _VARIANTS.items():
        if any(node.inputs[place] is not None for place in places):
            node.refuse(f"it has {variant}, which TFLM does not compute")
    if len(data.shape) != 3:
        node.refuse("its input is not of 3 dimensions")
    units = node.input(5).shape[-1]
    for first, columns in ((1, data.shape[2]), (5, units)):
        if any(node.input(place).shape != (units, columns) for place in range(first, first + 4)):
            node.refuse(f"not all of its weights {first} to {first + 3} are [{units}, {columns}]")
    for place in range(12, 16):
        node.check_bias(place, units)
    batches = data.shape[1 if node.option("TimeMajor") else 0]
    if {hidden.elements, cell.elements} != {batches * units}:
        node.refuse(f"its states have not {batches * units:,} values")
    if (hidden.dtype, cell.dtype) != (data.dtype, "FLOAT32" if data.dtype == "FLOAT32" else "INT16"):
        node.refuse(f"its states are {hidden.dtype.lower()} and {cell.dtype.lower()}")
    node.same_type(*(node.input(place) for place in range(1, 9)))
    node.same_type(*(node.input(place) for place in range(12, 16)))
    node.same_type(data, node.output)
    node.gives_exactly((*data.shape[:2], units))


RULES = {
    "SVDF": Rule(_sparse_rows, 5, 5, options="SVDFOptions", optional=(3,)),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": Rule(
        _lstm,
        24,
        24,
        options="UnidirectionalSequenceLSTMOptions",
        optional=(*_PEEPHOLES, *_PROJECTION, *_NORMALISATION),
    ),
}
