"""Operators that compute each value of their output from the values at its place."""

from __future__ import annotations

from lab.model.rules.node import ANY, Node, Rule

# fmt: off
_SAME_TYPE = (
    "ABS", "CEIL", "COS", "ELU", "EXP", "FLOOR", "GELU", "HARD_SWISH", "L2_NORMALIZATION", "LEAKY_RELU", "LOG",
    "LOG_SOFTMAX", "LOGICAL_NOT", "LOGISTIC", "NEG", "RELU", "RELU6", "RELU_0_TO_1", "RELU_N1_TO_1", "ROUND",
    "RSQRT", "SIGN", "SIN", "SQRT", "SQUARE", "TANH", "ZEROS_LIKE",
)
_ARITHMETIC = (
    "ADD", "ATAN2", "DIV", "FLOOR_DIV", "FLOOR_MOD", "MAXIMUM", "MINIMUM", "MUL", "POW", "SQUARED_DIFFERENCE", "SUB",
)
# fmt: on
_ANY_TYPE = ("CAST", "DEQUANTIZE", "QUANTIZE", "SOFTMAX")
_COMPARISONS = ("EQUAL", "GREATER", "GREATER_EQUAL", "LESS", "LESS_EQUAL", "NOT_EQUAL")
_LOGIC = ("LOGICAL_AND", "LOGICAL_OR")


def _one(node: Node) -> None:
    node.gives(node.input(0).shape)


def _one_of_same_type(node: Node) -> None:
    node.same_type(node.input(0), node.output)
    _one(node)


def _softmax(node: Node) -> None:
    if not node.input(0).shape:
        node.refuse("its input has no dimension")
    _one(node)


def _two(node: Node) -> None:
    node.same_type(node.input(0), node.input(1), node.output)
    node.gives(node.broadcast(node.input(0), node.input(1)))


def _comparison(node: Node) -> None:
    node.same_type(node.input(0), node.input(1))
    if node.output.dtype != "BOOL":
        node.refuse("its output is not bool")
    node.gives(node.broadcast(node.input(0), node.input(1)))


def _prelu(node: Node) -> None:
    node.same_type(node.input(0), node.input(1), node.output)
    if node.broadcast(node.input(0), node.input(1)) != node.input(0).shape:
        node.refuse("its slopes do not broadcast to its input")
    node.gives(node.input(0).shape)


def _add_n(node: Node) -> None:
    tensors = [node.input(place) for place in range(len(node.inputs))]
    node.same_type(*tensors, node.output)
    if len({tensor.shape for tensor in tensors}) > 1:
        node.refuse("its inputs have several shapes")
    node.gives(tensors[0].shape)


def _select(node: Node) -> None:
    condition, first, second = (node.input(place) for place in range(3))
    node.same_type(first, second, node.output)
    if condition.dtype != "BOOL":
        node.refuse("its condition is not bool")
    node.gives(node.broadcast(condition, first, second))


RULES = {
    **dict.fromkeys(_SAME_TYPE, Rule(_one_of_same_type, 1, 1)),
    **dict.fromkeys(_ANY_TYPE, Rule(_one, 1, 1)),
    "SOFTMAX": Rule(_softmax, 1, 1),
    **dict.fromkeys(_ARITHMETIC, Rule(_two, 2, 2)),
    **dict.fromkeys((*_COMPARISONS, *_LOGIC), Rule(_comparison, 2, 2)),
    "PRELU": Rule(_prelu, 2, 2),
    "ADD_N": Rule(_add_n, 1, ANY),
    "SELECT_V2": Rule(_select, 3, 3),
}
