"""Registers by one of the scripts that come with Renode."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from pathlib import PurePosixPath

from lab.engines.builtin.peripheral import Board, Peripheral
from lab.errors import ConfigurationError

_ONES = 0xFFFF_FFFF
_SCRIPTS = ("flipflop.py", "ticker.py")
_OPERATORS: dict[type, Callable[[int, int], int]] = {
    ast.BitOr: operator.or_,
    ast.Add: operator.add,
    ast.LShift: lambda value, bits: value << bits & _ONES if bits in range(32) else 0,
}


class PythonPeripheral(Peripheral):
    """Renode's Python.PythonPeripheral with a script that is known: nothing of a description is executed.

    flipflop.py answers firmware that waits for a bit: each access turns all bits over, and the first gives ones.
    ticker.py gives one more with each access. A `script` that assigns a number to `request.Value` gives that number
    always. Nothing that is written is kept.
    """

    def __init__(
        self,
        board: Board,
        *,
        size: int,
        filename: str = "",
        script: str = "",
        initable: bool = False,  # noqa: ARG002
    ) -> None:
        super().__init__(board)
        self.size = size
        self.script = PurePosixPath(filename).name
        self.number = None if filename else _assigned(script)
        if self.number is None and self.script not in _SCRIPTS:
            raise ConfigurationError(
                f"{self.name}: the built-in engine has no script {self.script or script.strip()[:40]!r}.",
                remedy=f"Of Renode's scripts it has {', '.join(_SCRIPTS)}, and those that only assign a number.",
                code="platform-description",
            )

    def reset(self) -> None:
        """As before the first access."""
        super().reset()
        self.turned = False
        self.ticks = 0

    def steady(self, offset: int) -> bool:  # noqa: ARG002
        """Every access changes what the next one gives, unless it is a number."""
        return self.number is not None

    def _read_word(self, offset: int) -> int:  # noqa: ARG002
        self._access()
        if self.number is not None:
            return self.number
        if self.script == "ticker.py":
            return self.ticks & _ONES
        return _ONES if self.turned else 0

    def _write_word(self, offset: int, value: int) -> None:  # noqa: ARG002
        self._access()

    def _access(self) -> None:
        self.turned = not self.turned
        self.ticks += 1


def _assigned(script: str) -> int | None:
    """The number that a script assigns to `request.Value`, and nothing else; None for any other script."""
    try:
        match ast.parse(script.strip()).body:
            case [ast.Assign([ast.Attribute(ast.Name("request"), "Value" | "value")], value)]:
                return _number(value)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return None


def _number(tree: ast.expr) -> int | None:
    match tree:
        case ast.Constant(int(value)) if not isinstance(value, bool):
            return value & _ONES
        case ast.BinOp(left, sign, right) if type(sign) in _OPERATORS:
            first, second = _number(left), _number(right)
            return None if first is None or second is None else _OPERATORS[type(sign)](first, second) & _ONES
    return None
