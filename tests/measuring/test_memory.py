"""Flash and RAM of an image."""

from lab.elf import Section
from lab.measuring import memory
from tests.measuring.fake_machine import BareFirmware


def test_initialised_data_is_in_flash_and_in_ram():
    image = BareFirmware()
    image.sections = (
        Section(".text", 0, 1000, writable=False, stored=True),
        Section(".data", 0x2000_0000, 100, writable=True, stored=True),
        Section(".bss", 0x2000_0064, 10, writable=True, stored=False),
    )
    found = memory.of(image)
    assert (found.flash_bytes, found.ram_bytes) == (1100, 110)
    assert found.sections == ((".text", 1000), (".data", 100), (".bss", 10))
