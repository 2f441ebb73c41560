"""Flash and RAM of an image, down to libraries and symbols."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lab import building, target, workload
from lab.elf import Section, Symbol
from lab.image import Image, Segment
from lab.measuring import linker_map, memory
from lab.model import Model
from lab.outcomes import memory as outcome
from lab.reporting.html import memory_map
from tests.measuring.fake_machine import BareFirmware

BOARD = target.load("nano33ble")
STACK = (
    Symbol("__stack_bottom", 0x2000_0100, 0, is_function=False),
    Symbol("__stack_top", 0x2000_2100, 0, is_function=False),
)
MAP = """\
Archive member included to satisfy reference by file (symbol)

/cache/libtflm.a(conv.cc.obj)
                              CMakeFiles/app.dir/apps/app/main.cc.obj (tflite::Register())

Discarded input sections

 .text          0x00000000      0x100 CMakeFiles/app.dir/runtime/unused.cc.obj

Linker script and memory map

LOAD /cache/libtflm.a
                0x00002000                        STACK_BYTES = 0x2000

.text           0x00000000      0x3e8
 *(.text .text.*)
 .text.main     0x00000000      0x100 CMakeFiles/app.dir/apps/app/main.cc.obj
                0x00000000                main
 *fill*         0x00000100       0x10
 .text._ZN6tflite3ops4convEv
                0x00000110       0xf0 /cache/with a space/libtflm.a(conv.cc.obj)
 .rodata.main.str1.4
                0x00000200       0x40 CMakeFiles/app.dir/apps/app/main.cc.obj
                                 0x46 (size before relaxing)
 .rodata        0x00000240      0x1a8 /cache/with a space/libtflm.a(conv.cc.obj)

.data           0x20000000       0x64 load address 0x000003e8
 .data          0x20000000       0x64 CMakeFiles/app.dir/boards/nano33ble/log.cc.obj

.stack          0x20000064        0xa
                0x20000064                        . = (. + 0xa)

.debug_info     0x00000000     0x1000
 .debug_info    0x00000000     0x1000 CMakeFiles/app.dir/runtime/marks.cc.obj
"""


def test_an_image_without_sections_is_one_piece_of_flash():
    bare = Image(Path("a.hex"), [Segment(0x1_0000, bytes(100)), Segment(0x2_0000, bytes(20))])
    found = memory.of(bare, BOARD, 0)
    assert (found.flash_bytes, found.ram_bytes) == (120, 0)
    assert found.sections == (outcome.Section("(image)", 120, flash=True, ram=False),)
    assert found.symbols == (outcome.Symbol("(unnamed)", 120, "(image)", ""),)
    assert [region.name for region in memory_map.regions(found)] == ["Flash"]


def test_the_content_of_a_flash_is_what_is_not_erased_at_its_end():
    whole = Image(Path("flash.bin"), (), flash={0: b"a\xffb" + b"\xff" * 100})
    assert memory.of(whole, BOARD, 0).flash_bytes == 3


def image(*symbols):
    made = BareFirmware()
    made.sections = (
        Section(".text", 0, 1000, writable=False, stored=True),
        Section(".data", 0x2000_0000, 100, writable=True, stored=True),
        Section(".stack", 0x2000_0064, 10, writable=True, stored=False),
    )
    made.symbols = (*STACK, *symbols)
    return made


@pytest.fixture
def listing(tmp_path):
    path = tmp_path / "app.map"
    path.write_text(MAP)
    return path


def found_in(image, listing, section):
    symbols = memory.of(image, BOARD, 0, listing).symbols
    return [(one.name, one.size, one.library) for one in symbols if one.section == section]


def test_initialised_data_is_in_flash_and_in_ram():
    found = memory.of(image(), BOARD, 40_000)
    assert (found.flash_bytes, found.ram_bytes) == (1100, 110)
    assert found.sections[1] == outcome.Section(".data", 100, flash=True, ram=True)


def test_room_is_what_the_board_has_and_the_firmware_set_aside():
    found = memory.of(image(), BOARD, 40_000)
    assert (found.flash_size, found.ram_size) == (1 << 20, 256 << 10)
    assert (found.arena_size, found.stack_size) == (40_000, 0x2000)


def test_every_byte_of_a_section_has_a_name_and_a_library_or_is_padding(listing):
    symbols = (Symbol("main", 0, 0xFE, True), Symbol("_ZN6tflite3ops4convEv", 0x110, 0xF0, True))
    assert found_in(image(*symbols), listing, ".text") == [
        ("(unnamed)", 0x1A8, "libtflm.a"),
        ("main", 0xFE, "apps/app"),
        ("tflite::ops::conv()", 0xF0, "libtflm.a"),
        ("(string literals)", 0x40, "apps/app"),
        ("(padding)", 0x10, ""),
        ("(unnamed)", 2, "apps/app"),
    ]


def test_room_that_only_the_linker_script_makes_is_said_to_be_its_own(listing):
    assert found_in(image(), listing, ".stack") == [("(set aside by the linker script)", 10, "")]


def test_of_several_names_for_the_same_bytes_the_plainest_counts_once(listing):
    names = ("__aeabi_ddiv", "_divide", "divide", "__divdf3", "divide_again")
    symbols = [Symbol(name, 0x10, 0x20, True) for name in names]
    assert ("divide", 0x20, "apps/app") in found_in(image(*symbols), listing, ".text")
    assert sum(size for _, size, _ in found_in(image(*symbols), listing, ".text")) == 1000


def test_a_symbol_inside_another_takes_its_bytes_from_it(listing):
    found = found_in(image(Symbol("outer", 0, 0x100, True), Symbol("inner", 0x40, 0x10, True)), listing, ".text")
    assert ("outer", 0xF0, "apps/app") in found
    assert ("inner", 0x10, "apps/app") in found


def test_symbols_called_alike_in_one_library_are_one(listing):
    found = found_in(image(Symbol("eval", 0x110, 16, True), Symbol("eval", 0x130, 8, True)), listing, ".text")
    assert ("eval", 24, "libtflm.a") in found


@pytest.mark.parametrize("content", [None, "", "not a map\n"])
def test_without_a_map_symbols_have_no_library_and_nothing_is_lost(tmp_path, content):
    path = tmp_path / "renamed.map"
    if content is not None:
        path.write_text(content)
    assert found_in(image(Symbol("main", 0, 0x100, True)), path, ".text") == [
        ("(unnamed)", 1000 - 0x100, ""),
        ("main", 0x100, ""),
    ]


@pytest.mark.parametrize(
    ("file", "library"),
    [
        ("/usr/lib/gcc/arm-none-eabi/12.2.1/thumb/libgcc.a(_arm_addsubdf3.o)", "libgcc.a"),
        ("CMakeFiles/keyword-spotting.dir/apps/sensing/main.cc.obj", "apps/sensing"),
        ("CMakeFiles/keyword-spotting.dir/boards/nano33ble/log.cc.o", "boards/nano33ble"),
        ("CMakeFiles/keyword-spotting.dir/runtime/model.S.obj", "model"),
        ("/usr/lib/crt0.o", "crt0.o"),
        ("linker stubs", "linker stubs"),
    ],
)
def test_a_library_is_called_what_a_reader_knows_it_by(file, library):
    assert linker_map.library_of(file) == library


@pytest.fixture(scope="module")
def built():
    words = workload.load("keyword-spotting")
    return building.build(words, BOARD, Model.read(words.model_path))


def test_symbols_of_a_real_image_add_up_to_its_sections(built):
    found = memory.of(built.firmware, BOARD, 0, built.map)
    sizes = Counter()
    for symbol in found.symbols:
        sizes[symbol.section] += symbol.size
    assert sizes == {section.name: section.size for section in found.sections}
    assert found.symbols == memory.of(built.firmware, BOARD, 0, built.map).symbols
    keys = [(one.section, one.library, one.name) for one in found.symbols]
    assert len(keys) == len(set(keys))


def test_a_real_image_is_explained_by_library(built):
    found = memory.of(built.firmware, BOARD, 0, built.map)
    by_name = {(one.name, one.library): one for one in found.symbols}
    assert by_name["lab_model", "model"].section == ".model"
    assert by_name["lab_samples", "apps/sensing"].size == 64_000
    assert ("tflite::MicroInterpreter::Invoke()", "libtflm.a") in by_name
    assert {one.library for one in found.symbols} >= {"libc.a", "libgcc.a", "runtime", "cores/cortex_m"}
    nobody = [one for one in found.symbols if not one.library]
    assert {one.name for one in nobody} == {"(padding)", "(set aside by the linker script)"}
    assert sum(one.size for one in nobody if one.name == "(padding)") < 500


def test_a_target_without_the_demangler_shows_names_as_they_are(listing, monkeypatch):
    monkeypatch.setenv("PATH", "")
    symbol = Symbol("_ZN6tflite3ops4convEv", 0x110, 0xF0, True)
    assert ("_ZN6tflite3ops4convEv", 0xF0, "libtflm.a") in found_in(image(symbol), listing, ".text")
