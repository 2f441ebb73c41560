"""What no option and no argument of any command takes, whatever it is of."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lab.cli import _help
from lab.errors import UsageError

_DASH = Path("-")


class Command(_help.Command):
    """A command that is given names of files and finite numbers."""

    def invoke(self, ctx: Any) -> Any:
        """Run it. Raises UsageError for `-` in place of a file, and for a number that is none."""
        for parameter in self.get_params(ctx):
            for value in _each(ctx.params.get(parameter.name)):
                _check(parameter, value)
        return super().invoke(ctx)


def _each(value: object) -> Iterator[object]:
    yield from value if isinstance(value, list | tuple) else (value,)


def _check(parameter: Any, value: object) -> None:
    if isinstance(value, Path) and value == _DASH:
        raise UsageError(
            f"{_called(parameter)} is -, and the lab reads and writes files, not standard input and output.",
            remedy="Name a file or a folder; of one that is called so, the whole path.",
        )
    if isinstance(value, float) and not math.isfinite(value):
        raise UsageError(
            f"{_called(parameter)} is {value}, which is no number to go by.", remedy="Give a number that is finite."
        )


def _called(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    return str(parameter.opts[-1] if is_option else parameter.metavar or parameter.name)
