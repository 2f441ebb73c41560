"""What serial ports print, on the terminal as it comes."""

from __future__ import annotations

import codecs
import re

from lab.output import on_github, say, show

_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_OPEN = re.compile(r"\x1b(\[[0-9;?]*)?$")
"""The beginning of one whose end has not come."""
_LONGEST = 4096


class PortLines:
    """Lines of the first port that speaks as they are; those of any other with its name in front."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._first: str | None = None
        self._decoders: dict[str, codecs.IncrementalDecoder] = {}
        self._unfinished: dict[str, str] = {}
        self._shown = 0
        """Characters of the first port's unfinished line that are on the terminal."""

    def hear(self, port: str, data: bytes) -> None:
        """Bytes of a port. Whole lines are printed at once, others when they end, or by `show` and `finish`."""
        if self._quiet:
            return
        self._first = self._first or port
        decoder = self._decoders.setdefault(port, codecs.getincrementaldecoder("utf-8")("replace"))
        text = self._unfinished.pop(port, "") + decoder.decode(data.replace(b"\0", b""))  # as a terminal shows it
        *lines, rest = re.split(r"\r*\n", text)
        for line in lines:
            self._print(port, line)
        if len(rest) > _LONGEST:
            self._print(port, rest)
            rest = ""
        self._unfinished[port] = rest

    def show(self) -> None:
        """What the first port has begun and not ended, such as a prompt."""
        begun = _OPEN.sub("", self._unfinished.get(self._first or "", ""))
        if len(begun) > self._shown and not on_github():
            show(_COLOURS.sub("", begun[self._shown :]))
            self._shown = len(begun)

    def finish(self) -> None:
        """The device says no more: print what it has not ended."""
        for port, begun in self._unfinished.items():
            if text := begun + self._decoders[port].decode(b"", final=True):
                self._print(port, text)
        self._unfinished.clear()

    def _print(self, port: str, line: str) -> None:
        if port != self._first:
            say(f"[{port}] {_COLOURS.sub('', line)}")
            return
        say(_COLOURS.sub("", line[self._shown :]))
        self._shown = 0
