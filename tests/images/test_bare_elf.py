"""An image of any format as an ELF that has the same bytes at the same addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.elf import Firmware
from lab.errors import ConfigurationError
from lab.image import Image, Segment
from lab.images.bare_elf import elf_of

SEGMENTS = (Segment(0x4200_0020, b"code"), Segment(0x3FC8_0000, bytes(range(7))))


@pytest.mark.parametrize("machine", ["EM_ARM", "EM_RISCV"])
def test_it_is_read_as_what_it_was_made_of(machine):
    image = Image(Path("a.hex"), SEGMENTS, entry=0x4200_0024)
    made = Firmware(Path("a.elf"), elf_of(image, machine))
    assert (made.segments, made.entry, made.machine, made.symbols) == (SEGMENTS, image.entry, machine, ())


def test_the_content_of_a_flash_is_none_that_renode_starts():
    with pytest.raises(ConfigurationError, match="boot ROM starts; Renode has none"):
        elf_of(Image(Path("flash.bin"), (), flash={0: b"x"}), "EM_RISCV")


def test_an_elf_has_no_room_for_as_many_pieces_as_a_hex_may_have():
    image = Image(Path("a.hex"), [Segment(2 * at, b"x") for at in range(70_000)])
    with pytest.raises(ConfigurationError, match="70,000 separate pieces"):
        elf_of(image, "EM_ARM")
