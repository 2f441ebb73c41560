"""A stream to listen to or look at, and what happened and was detected in it as labels that Audacity imports.

Sound is `stream.wav`, the signal of other sensors `stream.csv`: a column for each axis in the sensor's unit, a line a
frame. A line of a label file is begin, end and text, with tabs between, in seconds: `stream.txt` has the events,
`heard.txt` the detections or, where every inference counts, what each decided of the last stride of its window.
`inferences.npz` is what every inference told: lab.reporting.inferences_file.
"""

from __future__ import annotations

import wave
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import BinaryIO

from lab.outcomes.stream import Detection, EventOutcome, StreamOutcome, Window
from lab.output import one_line
from lab.reporting import inferences_file
from lab.signals.signal import SOUND, Signal
from lab.traces.formats import comma_separated

WAV, CSV, HAPPENED, HEARD, INFERENCES = "stream.wav", "stream.csv", "stream.txt", "heard.txt", "inferences.npz"
NAMES = WAV, CSV, HAPPENED, HEARD, INFERENCES


def of(stream: StreamOutcome | None) -> dict[str, Callable[[BinaryIO], None]]:
    """What writes each of its files, by name; none without a stream."""
    if stream is None:
        return {}
    name, write_signal = (WAV, write_wav) if next(stream.signals()).axes == SOUND else (CSV, write_table)
    files: dict[str, Callable[[BinaryIO], None]] = {
        name: lambda file: write_signal(stream.signals(), file),
        HAPPENED: lambda file: _write(map(_event, stream.events), file),
        HEARD: lambda file: _write(chain(map(_detection, stream.detections), _windows(stream.windows)), file),
    }
    told, scoring = stream.told, stream.scoring
    if told is not None and scoring is not None:
        files[INFERENCES] = lambda file: inferences_file.write(told, scoring, file)
    return files


def strides(ends_s: Sequence[float]) -> list[float]:
    """Where the last stride of each window begins, which ends with it: windows overlap, and labels should not."""
    stride = min((later - earlier for earlier, later in pairwise(ends_s)), default=1.0)
    return [max(0.0, end - stride) for end in ends_s]


def write_wav(signals: Iterable[Signal], file: BinaryIO) -> None:
    """Blocks of mono sound."""
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        for number, signal in enumerate(signals):
            if not number:
                sound.setframerate(round(signal.rate_hz))
            sound.writeframes(signal.samples.astype("<i2").tobytes())


def write_table(signals: Iterable[Signal], file: BinaryIO) -> None:
    """Blocks of a signal of another sensor."""
    _write(comma_separated.written(signals), file)


def _write(texts: Iterable[str], file: BinaryIO) -> None:
    file.writelines(text.encode() for text in texts)


def _event(one: EventOutcome) -> str:
    fate = "" if one.fate in ("heard", "ignored") else f" ({one.fate})"
    return f"{one.event.start_s:.6f}\t{one.event.end_s:.6f}\t{one_line(one.event.label)}{fate}\n"


def _detection(one: Detection) -> str:
    standing = "" if one.standing == "right" else f" ({one.standing})"
    return f"{one.time_s:.6f}\t{one.time_s:.6f}\t{one_line(one.label)}{standing}\n"


def _windows(windows: Sequence[Window]) -> Iterator[str]:
    for one, begin_s in zip(windows, strides([one.time_s for one in windows]), strict=True):
        standing = "" if one.correct else " (wrong)" if one.label is not None else " (of more than one thing)"
        yield f"{begin_s:.6f}\t{one.time_s:.6f}\t{one_line(one.decided)}{standing}\n"
