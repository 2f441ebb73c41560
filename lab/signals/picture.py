"""A picture as a camera delivers it: the bytes of a JPEG file, in their order, as a signal of one axis."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lab import files
from lab.errors import RecordingError
from lab.signals.signal import PICTURE, Signal
from lab.signals.sound import broken

MOST_BYTES = files.MEGABYTE
"""Of a file; small cameras of two megapixels deliver less."""

ENDINGS = frozenset((".jpeg", ".jpg"))
NOT_READ = frozenset((".bmp", ".gif", ".heic", ".png", ".ppm", ".tif", ".tiff", ".webp"))
"""Endings of pictures that no camera delivers: they are found, and skipped with the reason."""

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
"""Markers without a segment."""
_START_OF_SCAN = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BASELINE = 0xC0
_MOST_SEGMENTS = 10_000


def read(path: Path) -> bytes:
    """The content of a JPEG file that a camera could have made: baseline, as all small cameras deliver it.

    Raises RecordingError, naming the file, for one that cannot be read, is too large, or is none.
    """
    try:
        content = files.content(path, MOST_BYTES)
    except OSError as error:
        raise broken(path, f"cannot be read: {files.why_unread(error)}") from error
    _check(path, content)
    return content


def _check(path: Path, content: bytes) -> None:
    """Whether its segments lead to a scan of a baseline frame with an end. What is in the scan only a decoder knows."""
    if not content.startswith(_SOI):
        raise broken(path, "is no JPEG file, which cameras deliver: convert it" if content else "is empty")
    at, frame = 2, None
    for _ in range(_MOST_SEGMENTS):
        if at + 4 > len(content) or content[at] != 0xFF:
            break
        marker = content[at + 1]
        if marker in _ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            frame = marker
        if marker == _START_OF_SCAN:
            _check_scan(path, content[at:], frame)
            return
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    raise broken(path, "is a broken JPEG file: its segments lead to no picture")


def _check_scan(path: Path, scan: bytes, frame: int | None) -> None:
    if frame != _BASELINE:
        kind = "no frame" if frame is None else f"a frame of the kind SOF{frame & 0xF}"
        raise broken(path, f"has {kind}, where a camera delivers baseline JPEG (SOF0): save it anew, not progressive")
    if _EOI not in scan:
        raise broken(path, "is truncated: it ends within the picture")


def content_of(signal: Signal, part: str) -> bytes:
    """The bytes of a signal that is a picture. Raises RecordingError, naming the part, for any other signal."""
    if signal.axes != PICTURE:
        raise RecordingError(
            f"{part} takes pictures, not a signal of {', '.join(signal.axes)}.",
            remedy='Play pictures into it: axes = ["jpeg"] in [input] of the workload.',
            code="recording-shape",
        )
    return signal.samples.astype(np.uint8).tobytes()
