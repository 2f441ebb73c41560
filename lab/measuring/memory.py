"""What an image takes of flash and RAM, from its ELF sections."""

from __future__ import annotations

from lab.elf import Firmware
from lab.measuring.measurement import Memory, Section
from lab.target import Target


def of(firmware: Firmware, target: Target, arena_size: int) -> Memory:
    """Flash holds every section with bytes in the file, RAM every writable one: initialised data is in both."""
    sections = tuple(
        Section(section.name, section.size, flash=section.stored, ram=section.writable) for section in firmware.sections
    )
    return Memory(
        flash_bytes=sum(section.size for section in sections if section.flash),
        ram_bytes=sum(section.size for section in sections if section.ram),
        flash_size=target.memories.flash_bytes,
        ram_size=target.memories.ram_bytes,
        arena_size=arena_size,
        stack_size=_stack_size(firmware),
        sections=sections,
    )


def _stack_size(firmware: Firmware) -> int:
    return firmware.symbol("__stack_top").address - firmware.symbol("__stack_bottom").address
