"""The board of an image is found by its core and its addresses."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from lab.booting import fitting
from lab.errors import ConfigurationError, UsageError
from lab.image import Image, Segment


def cortex_m(flash: int, stack: int, machine: str = "", entry: int | None = None) -> Image:
    vectors = struct.pack("<2I", stack, flash + 0x101 if entry is None else entry)
    return Image(Path("firmware.hex"), [Segment(flash, vectors.ljust(0x200, b"\0"))], machine=machine)


@pytest.mark.parametrize(
    ("image", "board"),
    [
        (cortex_m(0, 0x2004_0000), "nano33ble"),
        (cortex_m(0x1_0000, 0x2000_4000), "nano33ble"),
        (cortex_m(0x0800_0000, 0x2005_0000, "EM_ARM"), "stm32f746g"),
        (cortex_m(0x0800_0000, 0x2005_0000, entry=0x0020_0101), "stm32f746g"),  # the same flash, over ITCM
        (Image(Path("app.bin"), [Segment(0x4200_0020, b"code")], entry=0x4200_0020, machine="EM_RISCV"), "esp32c3"),
    ],
)
def test_the_board_with_these_memories_is_taken(image, board):
    assert fitting.board(image).name == board


@pytest.mark.produces("no-board-fits")
@pytest.mark.parametrize(
    ("image", "reason"),
    [
        (cortex_m(0x1000_0000, 0x2000_4000), "on nano33ble no memory at 0x10000000 to 0x100001ff"),
        (cortex_m(0, 0x3000_0000), "the stack would begin at 0x30000000, where it has no RAM"),
        (cortex_m(0, 0x2000_4000, "EM_RISCV"), "on nano33ble it is for RISC-V cores"),
        (cortex_m(0x2000_0000, 0x2000_4000), "on nano33ble it would begin at 0x20000000, which is no flash"),
    ],
)
def test_an_image_for_none_says_why_for_each(image, reason):
    with pytest.raises(ConfigurationError) as raised:
        fitting.board(image)
    assert reason in raised.value.message
    assert "It has bytes at 0x" in raised.value.remedy


def test_a_named_board_is_held_against_its_core_alone():
    assert fitting.board(cortex_m(0x1000_0000, 0x2000_4000), "nano33ble").name == "nano33ble"
    with pytest.raises(ConfigurationError, match=r"is for RISC-V cores; nano33ble has Cortex-M4F"):
        fitting.board(cortex_m(0, 0x2000_4000, "EM_RISCV"), "nano33ble")


@pytest.mark.produces("several-boards")
def test_an_image_that_fits_two_boards_asks_for_one(monkeypatch):
    monkeypatch.setattr(fitting, "why_not", lambda _image, _target: None)
    with pytest.raises(UsageError, match="fits esp32c3 and nano33ble and stm32f746g"):
        fitting.board(cortex_m(0, 0x2000_4000))
