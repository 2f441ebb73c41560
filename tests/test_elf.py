"""An ELF whose sizes are damaged is refused, and takes no more memory than the file has bytes."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from lab import target
from lab.conformance import record
from lab.elf import Firmware
from lab.errors import ConfigurationError
from lab.measuring import memory

RECORD = Path(__file__).parents[1] / "firmware" / "probes" / "nano33ble" / "renode-1.16.1.json"
HEADER_SIZES = 42  # offset of e_phentsize in the file's header
LARGE = 0xFFFF_FFF0


@pytest.fixture
def image(tmp_path) -> Path:
    """A firmware as a compiler made it."""
    file = tmp_path / "probe.elf"
    file.write_bytes(next(run.elf for run in record.read(RECORD).runs if run.elf is not None))
    return file


def patch(file: Path, at: int, form: str, value: int) -> None:
    content = bytearray(file.read_bytes())
    struct.pack_into(form, content, at, value)
    file.write_bytes(content)


def header_of(file: Path, section: str) -> int:
    with file.open("rb") as stream:
        elf = ELFFile(stream)
        names = [one.name for one in elf.iter_sections()]
        return elf["e_shoff"] + names.index(section) * elf["e_shentsize"]


def test_an_image_is_read(image):
    assert Firmware(image).symbols
    assert Firmware(image).line_at(Firmware(image).entry & ~1)


@pytest.mark.parametrize(
    ("at", "form", "value"),
    [(HEADER_SIZES, "<H", 0), (HEADER_SIZES, "<H", 56), (HEADER_SIZES + 4, "<H", 1), (HEADER_SIZES + 6, "<H", 9_999)],
    ids=["program headers of 0 bytes", "of 56 bytes", "section headers of 1 byte", "too many of them"],
)
def test_tables_of_another_shape_are_refused(image, at, form, value):
    patch(image, at, form, value)
    with pytest.raises(ConfigurationError, match="is not an ELF file: "):
        Firmware(image)


def test_a_segment_that_goes_beyond_the_file_is_refused_without_memory_for_it(image):
    with image.open("rb") as stream:
        elf = ELFFile(stream)
        first = next(index for index, one in enumerate(elf.iter_segments()) if one["p_type"] == "PT_LOAD")
        at = elf["e_phoff"] + first * elf["e_phentsize"]
    patch(image, at + 16, "<I", LARGE)
    tracemalloc.start()
    try:
        with pytest.raises(ConfigurationError, match="a segment goes beyond the end of the file"):
            Firmware(image)
        assert tracemalloc.get_traced_memory()[1] < 2**24
    finally:
        tracemalloc.stop()


def test_a_section_that_no_board_has_room_for_is_refused_without_memory_for_it(image):
    patch(image, header_of(image, ".text") + 20, "<I", LARGE)
    with pytest.raises(ConfigurationError, match=r"its section \.text has 4,294,967,280 bytes"):
        memory.of(Firmware(image), target.load("nano33ble"), 1024)


def test_damaged_debug_information_costs_the_source_lines_and_no_more(image):
    patch(image, header_of(image, ".debug_line") + 16, "<I", 0)
    damaged = Firmware(image)
    assert damaged.symbols
    assert isinstance(damaged.line_at(damaged.entry & ~1), str)
