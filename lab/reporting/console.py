"""The terminal for people, by rich. Every table, bar and line that the lab shows goes through a console from here.

Names are text: rich's markup (`net[int8].tflite`), emoji codes (`:warning:`) and highlighting are off, control
characters are written out, and on GitHub Actions no line is a workflow command.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import IO, Any, cast

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from lab.output import inert, visible


def to_stdout(*, soft_wrap: bool = False) -> Console:
    """On standard output. With `soft_wrap` the terminal breaks long lines, so that paths can be copied."""
    return _Console(sys.stdout, soft_wrap=soft_wrap)


def to_stderr(*, soft_wrap: bool = False, stream: IO[str] | None = None) -> Console:
    """On standard error, or on the stream that stands for it."""
    return _Console(stream or sys.stderr, soft_wrap=soft_wrap)


class _Console(Console):
    def __init__(self, stream: IO[str], *, soft_wrap: bool) -> None:
        super().__init__(
            file=cast("IO[str]", _Inert(stream)), soft_wrap=soft_wrap, markup=False, emoji=False, highlight=False
        )

    def render_str(self, text: str, **style: Any) -> Text:
        """A string as it is laid out: a cell of a table is as wide as what it shows."""
        return super().render_str(visible(text), **style)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments from which all that reaches the terminal is made; rich's own controls stay."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


class _Inert:
    """A stream on which nothing is a command. rich writes whole lines, of one print at once."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(inert(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
