"""Espressif's image, as `esptool` writes it to flash: ESP-IDF Programming Guide, "App Image Format"."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from lab.image import Image, Segment
from lab.images import partitions

TITLE = "an image of Espressif"

_MAGIC, _MOST_SEGMENTS = 0xE9, 16
_APPLICATION = 0x1_0000
_CACHE_WINDOWS = {0x3C, 0x42}
"""The highest bytes of addresses at which flash is seen."""
_HEAD = struct.Struct("<BBBBI4xH10x")  # magic, segments, flash mode, flash size, entry; chip
_SEGMENT = struct.Struct("<II")
_ESP32_C3 = 5
_OTHERS = {0: "ESP32", 2: "ESP32-S2", 9: "ESP32-S3", 12: "ESP32-C2", 13: "ESP32-C6", 16: "ESP32-H2", 18: "ESP32-P4"}


def recognises(content: bytes) -> bool:
    """By its head; the content of a whole flash, which begins with an image too, is another format."""
    return has_head(content) and not partitions.are_in(content)


def has_head(content: bytes) -> bool:
    """Whether it begins with the magic byte and a number of segments that the boot loader takes."""
    return len(content) >= _HEAD.size and content[0] == _MAGIC and 0 < content[1] <= _MOST_SEGMENTS


def head(content: bytes) -> tuple[int, int]:
    """How many segments, and the entry point. Raises ValueError for another chip than an ESP32-C3."""
    _, segments, _, _, entry, chip = _HEAD.unpack_from(content)
    if chip != _ESP32_C3:
        raise ValueError(f"is for {_OTHERS.get(chip, f'the chip number {chip}')}; the lab has the ESP32-C3")
    return segments, entry


def image(path: Path, content: bytes) -> Image:
    """The image of its segments, at the addresses where the boot loader puts or maps them.

    One whose head names none in flash is made for the beginning of flash, where the ROM loads it: a boot loader, or a
    program that maps its flash by itself ("simple boot" of Zephyr and NuttX). Raises ValueError for a damaged one, and
    for another chip than an ESP32-C3.
    """
    count, entry = head(content)
    segments = tuple(_segments(content, count))
    if not any(_CACHE_WINDOWS & {segment.address >> 24} for segment in segments):
        return Image(path, (), machine="EM_RISCV", flash={0: content})
    flash = {partitions.OFFSET: partitions.single_application(), _APPLICATION: content}
    return Image(path, segments, entry=entry, machine="EM_RISCV", flash=flash)


def _segments(content: bytes, count: int) -> Iterator[Segment]:
    at = _HEAD.size
    for index in range(count):
        if at + _SEGMENT.size > len(content):
            raise ValueError(f"is cut short before its segment {index}")
        address, size = _SEGMENT.unpack_from(content, at)
        at += _SEGMENT.size
        if at + size > len(content):
            raise ValueError(f"is cut short in its segment {index}")
        if address and size:  # one at address 0 only fills a page
            yield Segment(address, content[at : at + size], stored=_APPLICATION + at)
        at += size
