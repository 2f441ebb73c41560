"""What Intel HEX and S-records have in common: lines of text, each with an address, bytes and a checksum."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import bincopy

from lab import files
from lab.image import Image, Segment

_MOST_BYTES = 16 * files.MEGABYTE
"""Of text; four times the largest flash of a microcontroller."""


def image(path: Path, content: bytes, add: Callable[[bincopy.BinFile, str], None]) -> Image:
    """The image of the records that `add` reads. Raises ValueError for what is none."""
    if len(content) > _MOST_BYTES:
        raise ValueError(f"has {len(content):,} bytes, and {_MOST_BYTES:,} are the most that is read of this format")
    records = bincopy.BinFile()
    try:
        add(records, content.decode("ascii"))
    except (bincopy.Error, ValueError) as error:
        raise ValueError(f"is damaged: {error!s:.200}") from error
    segments = [Segment(one.address, bytes(one.data)) for one in records.segments]
    return Image(path, segments, entry=records.execution_start_address or 0)
