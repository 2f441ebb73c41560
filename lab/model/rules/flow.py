"""Operators that call another subgraph, or keep a value from one inference to the next."""

from __future__ import annotations

from lab.model.rules.node import ANY, Node, Rule


def _calls(*names: str) -> Rule:
    def check(node: Node) -> None:
        for name in names:
            index = node.option(name)
            if not 1 <= index < node.subgraphs:
                node.refuse(f"it calls subgraph {index} of {node.subgraphs}, and none may call the first")

    kind = {"InitSubgraphIndex": "CallOnceOptions", "ThenSubgraphIndex": "IfOptions"}.get(names[0], "WhileOptions")
    return Rule(check, 0 if kind == "CallOnceOptions" else 1, ANY, None, kind)


def _handle(node: Node) -> None:
    if node.options() is None or node.output.dtype != "RESOURCE":
        node.refuse("it names no variable")


def _of_handle(node: Node) -> None:
    if node.input(0).dtype != "RESOURCE":
        node.refuse("its first input is no variable")


RULES = {
    "CALL_ONCE": _calls("InitSubgraphIndex"),
    "IF": _calls("ThenSubgraphIndex", "ElseSubgraphIndex"),
    "WHILE": _calls("CondSubgraphIndex", "BodySubgraphIndex"),
    "VAR_HANDLE": Rule(_handle, 0, 0, 1, "VarHandleOptions"),
    "READ_VARIABLE": Rule(_of_handle, 1, 1),
    "ASSIGN_VARIABLE": Rule(_of_handle, 2, 2, 0),
}
