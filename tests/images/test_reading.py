"""Images are read from the files that build systems write; what is damaged says so."""

from __future__ import annotations

import random
import struct

import pytest

from lab.errors import ConfigurationError, LabError, UsageError
from lab.images import read

# Of three bytes at 0x10000 and one at 0x10010, written by hand.
HEX = b":020000040001F9\n:03000000010203F7\n:0100100004EB\n:0400000500010001F5\n:00000001FF\n"
SREC = b"S207010000010203F1\nS20501001004E5\n"


def uf2(*blocks: tuple[int, bytes], flags: int = 0) -> bytes:
    made = b""
    for number, (address, data) in enumerate(blocks):
        head = struct.pack("<8I", 0x0A32_4655, 0x9E5D_5157, flags, address, len(data), number, len(blocks), 0)
        made += (head + data).ljust(508, b"\0") + struct.pack("<I", 0x0AB1_6F30)
    return made


def espressif(*segments: tuple[int, bytes], chip: int = 5) -> bytes:
    made = struct.pack("<BBBBI4xH10x", 0xE9, len(segments), 2, 0x20, 0x4038_0004, chip)
    for address, data in segments:
        made += struct.pack("<II", address, len(data)) + data
    return made


@pytest.mark.parametrize(("content", "entry"), [(HEX, 0x1_0001), (SREC, 0)])
def test_records_of_text(tmp_path, content, entry):
    image = read(written(tmp_path, content))
    assert [(one.address, one.data) for one in image.segments] == [(0x1_0000, b"\1\2\3"), (0x1_0010, b"\4")]
    assert image.entry == entry


def test_uf2_joins_what_follows_and_leaves_out_what_is_not_for_flash(tmp_path):
    blocks = uf2((0x2_0100, b"b" * 256), (0x2_0000, b"a" * 256), (0x1000_1000, b"c" * 4))
    image = read(written(tmp_path, blocks + uf2((0x3_0000, b"d" * 16), flags=1)))
    assert [(one.address, len(one.data)) for one in image.segments] == [(0x2_0000, 512), (0x1000_1000, 4)]
    assert image.segments[0].data == b"a" * 256 + b"b" * 256


def test_an_image_of_espressif(tmp_path):
    content = espressif((0x3C00_0020, b"text"), (0, b"fill"), (0x4038_0004, b"code"))
    image = read(written(tmp_path, content))
    assert (image.machine, image.entry) == ("EM_RISCV", 0x4038_0004)
    assert [(one.address, one.data) for one in image.segments] == [(0x3C00_0020, b"text"), (0x4038_0004, b"code")]


def test_a_plain_memory_image_is_put_where_it_is_told(tmp_path):
    (segment,) = read(written(tmp_path, b"\0\0\4\x20\1\1\0\0"), 0x1_0000).segments
    assert (segment.address, len(segment.data)) == (0x1_0000, 8)


@pytest.mark.produces("image-address")
def test_a_plain_memory_image_asks_for_its_address(tmp_path):
    with pytest.raises(UsageError) as raised:
        read(written(tmp_path, b"\0\0\4\x20\1\1\0\0"))
    assert "first instruction, is 0x00000101" in raised.value.remedy


def test_an_address_for_a_format_that_has_them_is_refused(tmp_path):
    with pytest.raises(UsageError, match="is Intel HEX, which has addresses"):
        read(written(tmp_path, HEX), 0)


@pytest.mark.produces("not-firmware")
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HEX.replace(b"F7", b"F8"), "is Intel HEX and is damaged"),
        (b":00000001FF\n", "is without bytes for any address"),
        (uf2((0, b"a"))[:-4] + b"nope", "is UF2 and is damaged in its block 0"),
        (uf2((0, b"a"))[:-1], "is UF2 and is damaged: it has 511 bytes"),
        (uf2((0, b"a"), flags=1 << 12), "is UF2 and holds files, not a firmware"),
        (uf2((0xFFFF_FFF0, b"a" * 256)), "is for addresses beyond 32 bits"),
        (espressif((0x4038_0000, b"code"))[:-1], "is an image of Espressif and is cut short in its segment 0"),
        (espressif((0x4038_0000, b"code"), chip=9), "is an image of Espressif and is for ESP32-S3"),
        (b"\x7fELF", "is not an ELF file"),
        (b"", "is empty"),
    ],
)
def test_a_damaged_file_says_what_is_wrong(tmp_path, content, why):
    with pytest.raises(ConfigurationError) as raised:
        read(written(tmp_path, content))
    assert why in raised.value.message


@pytest.mark.parametrize("content", [HEX, uf2((0, b"a" * 256), (256, b"b" * 256)), espressif((0x4038_0000, b"code"))])
def test_no_damage_ends_in_anything_but_an_error_of_the_lab(tmp_path, content):
    draw = random.Random(7)  # noqa: S311
    for _ in range(300):
        damaged = bytearray(content)
        for _ in range(draw.randint(1, 4)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        try:
            read(written(tmp_path, bytes(damaged[: draw.randint(1, len(damaged))])))
        except LabError:
            continue


def written(folder, content):
    file = folder / "firmware"
    file.write_bytes(content)
    return file
