"""What an image takes of flash and RAM, from its ELF sections."""

from __future__ import annotations

from lab.elf import Firmware
from lab.measuring.measurement import Memory


def of(firmware: Firmware) -> Memory:
    """Flash holds every section with bytes in the file, RAM every writable one: initialised data is in both."""
    return Memory(
        flash_bytes=sum(section.size for section in firmware.sections if section.stored),
        ram_bytes=sum(section.size for section in firmware.sections if section.writable),
        sections=tuple((section.name, section.size) for section in firmware.sections),
    )
