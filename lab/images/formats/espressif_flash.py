"""The content of a flash with Espressif's boot loader, as `esptool merge-bin` and `espflash save-image` write it."""

from __future__ import annotations

from pathlib import Path

from lab.image import Image
from lab.images import direct_boot, partitions
from lab.images.formats import espressif

TITLE = "the content of an Espressif chip's flash"


def recognises(content: bytes) -> bool:
    """By a program for direct boot at its beginning, or by a boot loader with a table of partitions behind it."""
    return content.startswith(direct_boot.HEAD) or (espressif.has_head(content) and partitions.are_in(content))


def image(path: Path, content: bytes) -> Image:
    """The content of the flash. Raises ValueError where the boot loader is for another chip than an ESP32-C3."""
    if not content.startswith(direct_boot.HEAD):
        espressif.head(content)
    return Image(path, (), machine="EM_RISCV", flash={0: content})
