"""Intel HEX: Intel, Hexadecimal Object File Format Specification, revision A."""

from __future__ import annotations

import re
from pathlib import Path

import bincopy

from lab.image import Image
from lab.images.formats import _records

TITLE = "Intel HEX"


def recognises(content: bytes) -> bool:
    """By the first record's length, address and type."""
    return re.match(rb"\s*:[0-9A-Fa-f]{8}", content) is not None


def image(path: Path, content: bytes) -> Image:
    """The image of its records. Raises ValueError for a damaged one."""
    return _records.image(path, content, bincopy.BinFile.add_ihex)
