"""A stream to listen to: `stream.wav`, and what was said and detected in it as labels that Audacity imports.

A line of a label file is begin, end and text, with tabs between, in seconds: `stream.txt` has the words, `heard.txt`
the detections.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator

from lab.outcomes.stream import Detection, HeardWord, StreamOutcome
from lab.output import one_line

NAMES = SOUND, SAID, HEARD = "stream.wav", "stream.txt", "heard.txt"


def of(stream: StreamOutcome | None) -> Iterator[tuple[str, str | bytes]]:
    """Name and content of the three files; none without a stream."""
    if stream is not None:
        yield SOUND, _wav(stream)
        yield SAID, "".join(map(_word, stream.words))
        yield HEARD, "".join(map(_detection, stream.detections))


def _wav(stream: StreamOutcome) -> bytes:
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(stream.rate_hz)
        sound.writeframes(stream.samples.astype("<i2").tobytes())
    return content.getvalue()


def _word(one: HeardWord) -> str:
    fate = "" if one.fate in ("heard", "ignored") else f" ({one.fate})"
    return f"{one.word.start_s:.6f}\t{one.word.end_s:.6f}\t{one_line(one.word.label)}{fate}\n"


def _detection(one: Detection) -> str:
    standing = "" if one.standing == "right" else f" ({one.standing})"
    return f"{one.time_s:.6f}\t{one.time_s:.6f}\t{one_line(one.label)}{standing}\n"
