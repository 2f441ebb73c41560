"""Flash and RAM of an image."""

from lab import target
from lab.elf import Section, Symbol
from lab.measuring import measurement, memory
from tests.measuring.fake_machine import BareFirmware


def image():
    made = BareFirmware()
    made.sections = (
        Section(".text", 0, 1000, writable=False, stored=True),
        Section(".data", 0x2000_0000, 100, writable=True, stored=True),
        Section(".bss", 0x2000_0064, 10, writable=True, stored=False),
    )
    made.symbols = (
        Symbol("__stack_bottom", 0x2000_0100, 0, is_function=False),
        Symbol("__stack_top", 0x2000_2100, 0, is_function=False),
    )
    return made


def test_initialised_data_is_in_flash_and_in_ram():
    found = memory.of(image(), target.load("nano33ble"), 40_000)
    assert (found.flash_bytes, found.ram_bytes) == (1100, 110)
    assert found.sections[1] == measurement.Section(".data", 100, flash=True, ram=True)


def test_room_is_what_the_board_has_and_the_firmware_set_aside():
    found = memory.of(image(), target.load("nano33ble"), 40_000)
    assert (found.flash_size, found.ram_size) == (1 << 20, 256 << 10)
    assert (found.arena_size, found.stack_size) == (40_000, 0x2000)
