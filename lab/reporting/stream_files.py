"""A stream to listen to: `stream.wav`, and what was said and detected in it as labels that Audacity imports.

A line of a label file is begin, end and text, with tabs between, in seconds: `stream.txt` has the words, `heard.txt`
the detections.
"""

from __future__ import annotations

import io
import wave
from pathlib import Path

from lab import disk
from lab.measuring.stream_outcome import Detection, HeardWord, StreamOutcome
from lab.output import one_line

SOUND, SAID, HEARD = "stream.wav", "stream.txt", "heard.txt"


def write(stream: StreamOutcome | None, folder: Path) -> None:
    """Write the three files; of an earlier stream there nothing is left. Raises StorageError."""
    with disk.writing(folder, elsewhere=disk.FOR_A_RUN):
        for name in (SOUND, SAID, HEARD):
            (folder / name).unlink(missing_ok=True)
        if stream is None:
            return
        (folder / SOUND).write_bytes(_wav(stream))
        (folder / SAID).write_text("".join(map(_word, stream.words)), encoding="utf-8")
        (folder / HEARD).write_text("".join(map(_detection, stream.detections)), encoding="utf-8")


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
