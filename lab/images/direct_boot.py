"""Images that the ROM of an ESP32-C3 starts where they are in flash: Espressif, esp32c3-direct-boot-example."""

from __future__ import annotations

from lab.image import Image

HEAD = bytes.fromhex("1d04dbae 1d04dbae")
"""The first bytes of flash. The ROM jumps to what is behind them."""


def begins(image: Image) -> bool:
    """Whether the image has such a head in front of its entry point."""
    return any(
        segment.data.startswith(HEAD) and image.entry == segment.address + len(HEAD) for segment in image.segments
    )
