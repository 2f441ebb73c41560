"""What must hold between the tensors and options of each operator that TFLM runs, one module a family.

TFLM trusts a model: shapes that do not broadcast, an axis out of range or a wrong output size end in memory that is
not the tensor's. A rule asks only for what the kernels rely on; an operator without a rule is left to the interpreter.
"""

from __future__ import annotations

from lab.model.rules import elementwise, flow, joining, matrices, recurrent, reducing, shaping, slicing, windows
from lab.model.rules.node import ANY, Contradiction, Node, Rule

__all__ = ["NAMES", "WEIGHTED", "Contradiction", "Node", "check", "counts", "options_of"]

WEIGHTED = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "SVDF", "UNIDIRECTIONAL_SEQUENCE_LSTM")

_RULES: dict[str, Rule] = {
    **elementwise.RULES,
    **flow.RULES,
    **joining.RULES,
    **matrices.RULES,
    **recurrent.RULES,
    **reducing.RULES,
    **shaping.RULES,
    **slicing.RULES,
    **windows.RULES,
}

NAMES = tuple(_RULES)
"""Every operator that has a rule."""


def counts(name: str) -> tuple[int, int, int | None]:
    """The fewest and most inputs of an operator that has a rule, and its outputs, None for any number."""
    rule = _RULES[name]
    return rule.least, rule.most, rule.outputs


def options_of(name: str) -> str:
    """The table of `schema.fbs` with the options that the operator's rule reads, nothing if it reads none."""
    return _RULES[name].options if name in _RULES else ""


def check(node: Node) -> int:
    """Multiply-accumulates of the operator. Raises Contradiction if its tensors and options do not fit together."""
    rule = _RULES.get(node.name)
    if rule is None:
        return 0
    given, made = len(node.inputs), len(node.outputs)
    if not rule.least <= given <= rule.most or (made != rule.outputs if rule.outputs is not None else False):
        most = f" to {rule.most}" if rule.least < rule.most < ANY else " and more" if rule.most == ANY else ""
        gives = "several" if rule.outputs is None else rule.outputs
        node.refuse(f"inputs and outputs must be {rule.least}{most} and {gives}, not {given} and {made}")
    for place in range(rule.least):
        if place not in rule.optional:
            node.input(place)
    return rule.check(node) or 0
