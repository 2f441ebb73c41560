"""Raw samples: values one after the other, little-endian, and nothing else. dataset.toml says what they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lab import files
from lab.signals import dataset
from lab.signals.dataset import Dataset
from lab.signals.unusable import unusable
from lab.traces.holds import Files, Holds
from lab.traces.packed import PACKINGS, PackedFrames, packed
from lab.traces.sheet import Content, Sheet
from lab.traces.trace import RecordedSignal, Trace

ENDINGS = WRITES = frozenset({".pcm", ".raw"})
OF_RECORDINGS: frozenset[str] = frozenset()
SAYS_LABELS = HAS_LABELS = False

_MOST_BYTES = 2**42
_BLOCK = 2**16
_HOLDS = Holds(encodings=tuple(PACKINGS), any_rate=True)


def read(path: Path, described: Dataset) -> Content:
    """The channels of a file. Raises RecordingError, and OSError."""
    with files.opened(path, _MOST_BYTES) as file:
        size = file.seek(0, 2)
    missing = []
    if described.rate_hz is None:
        missing.append(("at which rate it was recorded", dataset.line("rate_hz", 16_000, "frames a second, or --rate")))
    if described.encoding is None:
        known = ", ".join(name for name in PACKINGS if name != "int16")
        missing.append(
            ("as what its values are stored", dataset.line("encoding", "int16", f"or {known}, or --encoding"))
        )
    if described.rate_hz is None or described.encoding is None:
        raise dataset.undescribed(path, " and ".join(what for what, _ in missing), [line for _, line in missing])
    channels = described.channels or 1
    frame = PACKINGS[described.encoding].bytes * channels
    if size % frame:
        raise unusable(path, f"is truncated: {size:,} bytes are no whole number of frames of {frame:,} bytes")
    whole = PackedFrames(path, 0, size // frame, channels, (), described.encoding)
    sheet = Sheet(
        names=tuple(map(str, range(1, channels + 1))),
        frames=whole.of,
        is_named=False,
        rate_hz=described.rate_hz,
        of_full_scale=True,
        encoding=described.encoding,
    )
    return Content((sheet,))


def losses(trace: Trace, _path: Path) -> Iterator[str]:
    """As `Format` has it. What it says of nothing, whoever reads it says."""
    return _HOLDS.losses(trace)


def write(trace: Trace, path: Path) -> Files:
    """As `Format` has it: the first signal."""
    return {path: lambda stream: _write(trace.signals[0], stream)}


def _write(signal: RecordedSignal, stream: BinaryIO) -> int:
    encoding, clipped = _HOLDS.encoding(signal), 0
    for block in signal.blocks(_BLOCK):
        content, beyond = packed(block, encoding)
        stream.write(content)
        clipped += beyond
    return clipped
