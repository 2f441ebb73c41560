"""Labels beside a trace, as Audacity writes them: a line each, its begin and end in seconds and a text, between tabs.

Where begin and end are the same it is a mark. `walk.labels.txt` belongs to `walk.csv`, `walk.wav` and so on; the
`stream.txt` and `heard.txt` that a run leaves are such files too.
manual.audacityteam.org/man/importing_and_exporting_labels.html
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from lab import files
from lab.errors import RecordingError
from lab.output import one_line
from lab.signals.unusable import named, unusable
from lab.traces.trace import Label, Mark

ENDING = ".labels.txt"

_LATEST_S = 1e8
_MOST_BYTES = 8 * files.MEGABYTE
_OF_FREQUENCIES = "\\"
"""Begins a line of a label's range of frequencies, which follows the label."""


def beside(trace: Path) -> Path:
    """Where the labels of a trace are, whether there are any or not."""
    return trace.with_name(trace.stem + ENDING)


def read(path: Path) -> tuple[tuple[Label, ...], tuple[Mark, ...]]:
    """The labels and marks of a file. Raises RecordingError, naming the line."""
    try:
        text = files.text(path, _MOST_BYTES)
    except OSError as error:
        raise unusable(path, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise unusable(path, "is no text in UTF-8") from error
    labels, marks = [], []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip() or line.startswith(_OF_FREQUENCIES):
            continue
        found = parsed(line)
        if found is None:
            raise RecordingError(
                f"{named(path)}, line {number:,}: {line[:60]!r} is no begin, end and text with tabs between.",
                remedy="Write times in seconds, the end not before the begin, as Audacity exports labels.",
                code="trace-labels",
            )
        if isinstance(found, Mark):
            marks.append(found)
        else:
            labels.append(found)
    return tuple(labels), tuple(marks)


def parsed(line: str) -> Label | Mark | None:
    """What a line says; None if it is none of a label file."""
    begin, _, rest = line.partition("\t")
    end, _, text = rest.partition("\t")
    try:
        start_s, end_s = float(begin), float(end)
    except ValueError:
        return None
    if not -_LATEST_S <= start_s <= end_s <= _LATEST_S:
        return None
    return Mark(start_s, text) if start_s == end_s else Label(start_s, end_s, text)


def written(labels: Iterable[Label], marks: Iterable[Mark]) -> str:
    """The text of a file, in the order of time. A line end in a text is written out."""
    every = [
        *((one.start_s, one.end_s, one.text) for one in labels),
        *((one.time_s, one.time_s, one.text) for one in marks),
    ]
    return "".join(f"{_seconds(begin)}\t{_seconds(end)}\t{_text(text)}\n" for begin, end, text in sorted(every))


def _seconds(time_s: float) -> str:
    return np.format_float_positional(time_s, trim="0")


def _text(text: str) -> str:
    return one_line(text.replace("\t", " ")) if "\n" in text or "\r" in text else text
