"""ELF, as the linker writes it."""

from __future__ import annotations

from pathlib import Path

from lab.elf import Firmware
from lab.image import Image

TITLE = "ELF"


def recognises(content: bytes) -> bool:
    """By the first four bytes."""
    return content.startswith(b"\x7fELF")


def image(path: Path, content: bytes) -> Image:
    """The firmware with its symbols. Raises ConfigurationError for a damaged file."""
    return Firmware(path, content)
