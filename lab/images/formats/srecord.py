"""Motorola's S-records: M68000 Family Programmer's Reference Manual, appendix C."""

from __future__ import annotations

import re
from pathlib import Path

import bincopy

from lab.image import Image
from lab.images.formats import _records

TITLE = "S-records"


def recognises(content: bytes) -> bool:
    """By the first record's type, length and address."""
    return re.match(rb"\s*S[0-9][0-9A-Fa-f]{6}", content) is not None


def image(path: Path, content: bytes) -> Image:
    """The image of its records. Raises ValueError for a damaged one."""
    return _records.image(path, content, bincopy.BinFile.add_srec)
