"""Standard output and error as what decides nothing: a reader that has gone, a full disk, a terminal of few characters.

What cannot be written is dropped, so that a command does all its work and returns its own exit code.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, cast

_SIGNS = {"→": "->", "≤": "<=", "≥": ">=", "±": "+-", "…": "...", "÷": "/", "µ": "u", "·": ".", "─": "-"}
IN_FEWER = "lab-in-fewer-characters"


class Output(io.TextIOBase):
    """A text stream that takes everything. `failure` is why it passes on nothing any more, None as long as it does.

    It has no `buffer`, because what wrote there would go past it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream."""
        return self._stream.encoding

    def write(self, text: str, /) -> int:
        """Write text, or drop it."""
        self._unless_failed(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Pass on what waits in the stream's buffer."""
        self._unless_failed(self._stream.flush)

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """That of the stream."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Always."""
        return True

    def _unless_failed(self, act: Callable[[], object]) -> None:
        if self.failure is not None:
            return
        try:
            act()
        except OSError as error:
            self.failure = error
            with suppress(OSError):  # a stream without a descriptor
                _point_nowhere(self._stream.fileno())


def tolerant(stream: TextIO | None) -> TextIO:
    """The stream, or nothing if it was closed when Python started, as an Output that takes every character."""
    if stream is None:
        stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open as long as the program runs
    if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
        stream.reconfigure(errors=IN_FEWER)
    return cast(TextIO, Output(stream))


@contextmanager
def in_place() -> Iterator[Output]:
    """Put tolerant streams in the place of standard output, which is yielded, and of standard error meanwhile."""
    _occupy()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = tolerant(sys.stdout), tolerant(sys.stderr)
    try:
        yield cast(Output, sys.stdout)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _occupy() -> None:
    """Give the descriptors 0 to 2 to nothing where they are closed, or the next file that is opened gets one.

    Every program that is called would then write its output to that file.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            _point_nowhere(descriptor)


def _point_nowhere(descriptor: int) -> None:
    """Make it /dev/null: what waits in a stream's buffer would otherwise fail once more, when Python ends."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != descriptor:
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
    os.set_inheritable(descriptor, True)


def _in_fewer(error: UnicodeError) -> tuple[str, int]:
    """What an encoding lacks, in characters that every encoding has."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    return "".join(_SIGNS.get(one, one.encode("ascii", "backslashreplace").decode()) for one in missing), error.end


codecs.register_error(IN_FEWER, cast("Callable[[UnicodeError], tuple[str, int]]", _in_fewer))
