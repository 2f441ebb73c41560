"""Where functions return to. Encodings and targets are of GNU objdump 2.40, from real images."""

import pytest

from lab.elf import Segment, Symbol
from lab.measuring.foreign.calls import returns_of
from tests.measuring.fake_machine import BareFirmware


def image(machine, address, code):
    firmware = BareFirmware(Symbol("caller", address, len(code), True))
    firmware.machine = machine
    firmware.segments = (Segment(address & ~0xFFF, bytes(address & 0xFFF) + code),)
    return firmware


@pytest.mark.parametrize(
    ("machine", "address", "code", "target", "behind"),
    [
        ("EM_ARM", 0x172, "20f059ff", 0x21028, 0x176),
        ("EM_ARM", 0x14CAA, "fff705f8", 0x13CB8, 0x14CAE),
        ("EM_RISCV", 0x42000300, "ef705166", 0x42018164, 0x42000304),
        ("EM_RISCV", 0x420034AA, "ef208010", 0x420055B2, 0x420034AE),
        ("EM_RISCV", 0x42000700, "513d", 0x42000594, 0x42000702),
        ("EM_RISCV", 0x4200091E, "3923", 0x42000E2C, 0x42000920),
        # auipc ra, 0x1; jalr ra, -16(ra)
        ("EM_RISCV", 0x42000000, "97100000e78000ff", 0x42000FF0, 0x42000008),
    ],
)
def test_a_function_returns_behind_its_call(machine, address, code, target, behind):
    assert returns_of(image(machine, address, bytes.fromhex(code)), target) == [behind]


def test_half_an_instruction_that_looks_like_a_call_is_none():
    """movw r0, #0x2020 and the BL from above: read from the middle, the halves would be another instruction."""
    code = bytes.fromhex("42f22000") + bytes.fromhex("20f059ff")
    assert returns_of(image("EM_ARM", 0x16E, code), 0x21028) == [0x176]


def test_a_function_that_nobody_calls_returns_nowhere():
    assert returns_of(image("EM_ARM", 0x172, bytes.fromhex("20f059ff")), 0x100) == []
