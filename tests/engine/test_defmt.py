"""Frames of defmt become lines, with what the ELF says of them."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from lab.engines.builtin.defmt import Decoder
from lab.image import Image, Symbol


def frames(*payloads):
    """As a device sends them: rzCOBS, each ended by a zero."""
    return b"".join(stuffed(payload) + b"\0" for payload in payloads)


def stuffed(payload):
    out, run, zeros = bytearray(), 0, 0
    for byte in payload:
        if run < 7:
            zeros |= (byte == 0) << run
            out += bytes([byte]) if byte else b""
            run += 1
            if run == 7 and zeros:
                out.append(zeros)
                run = zeros = 0
        elif byte:
            out.append(byte)
            run += 1
            if run == 134:
                out.append(0xFF)
                run = zeros = 0
        else:
            out.append(run - 7 | 0x80)
            run = zeros = 0
    if run:
        out.append(run - 7 | 0x80 if run >= 7 else (zeros | 0xFF << run) & 0x7F)
    return bytes(out)


def decoder(*texts, timestamp="", version="4"):
    """`texts` are (tag, text), numbered from 1 on."""
    entries = [*((number, *entry) for number, entry in enumerate(texts, 1))]
    if timestamp:
        entries.append((0x500, "timestamp", timestamp))
    image = Image(Path("firmware.elf"), ())
    image.symbols = (
        Symbol(f"_defmt_version_ = {version}", 9, 0, False),
        Symbol("_defmt_encoding_ = rzcobs", 8, 0, False),
        Symbol("{not json", 1, 0, False),
        *(
            Symbol(json.dumps({"package": "p", "tag": f"defmt_{tag}", "data": text}), number, 1, False)
            for number, tag, text in entries
        ),
    )
    return Decoder(image)


def said(text, arguments, *others):
    (line,) = decoder(("info", text), *others).lines(frames(b"\1\0" + arguments))
    return line


@pytest.mark.parametrize(
    ("text", "arguments", "line"),
    [
        ("plain {{}} text", b"", "plain {} text"),
        ("{=u8} {=i8} {=u16} {=i32}", b"\xff\xff\x34\x12\xfe\xff\xff\xff", "255 -1 4660 -2"),
        ("{=u64} {=i128}", struct.pack("<Q", 2**63) + b"\xff" * 16, f"{2**63} -1"),
        ("{=u16:x} {=u16:#06X} {=i8:x} {=u8:08b} {=u8:03}", b"\xab\x0c\xab\x0c\xff\5\7", "cab 0x0CAB ff 00000101 007"),
        ("{=f32} {=bool} {=char}", struct.pack("<fBI", 1.5, 1, ord("é")), "1.5 true é"),
        ("{=str}, {=str:?}", struct.pack("<I2sI3s", 2, b"hi", 3, b'a"b'), 'hi, "a\\"b"'),
        ("{=[u8]} {=[u8;2]:#04x}", struct.pack("<I2s2s", 2, b"\1\2", b"\3\4"), "[1, 2] [0x03, 0x04]"),
        ("{=[u8]:a}", struct.pack("<I3s", 3, b"a\n\xff"), r'b"a\n\xff"'),
        ("{0=0..4}{0=4..8:x}{1=u8}", b"\xa5\7", "5a7"),
        ("{0=8..16} {0=20..24}", b"\x34\x52\0\0", "52 5"),
        ("{1=u8} {0=u8} {1=u8}", b"\1\2", "2 1 2"),
        ("{=u32:us} {=u32:ms} {=u32:tms}", struct.pack("<3I", 1500000, 1500, 3661001), "1.500000 1.500 01:01:01.001"),
        ("{=__internal_Display}!", "äh".encode() + b"\xff", "äh!"),
        ("{=u8:unheard}", b"\7", "7"),
    ],
)  # fmt: skip
def test_arguments_are_shown_as_their_types_and_hints_say(text, arguments, line):
    assert said(text, arguments) == f"INFO {line}"


def test_formats_of_formats_enumerations_slices_and_sequences():
    point = ("derived", "Point {{ x: {=i16}, y: {=i16} }}")
    either = ("derived", "None|Some({=?})|Named {{ s: {=str:?} }}")
    whole = ("prim", "{=u8}")
    assert said("{:?}", b"\2\0\1\0\xff\xff", point) == "INFO Point { x: 1, y: -1 }"
    assert said("{}", b"\2\0\1\3\0\x2a", either, whole) == "INFO Some(42)"
    assert said("{=[?]}", b"\2\0\0\0\2\0\0\2\1\0\0\0z", either, whole) == 'INFO [None, Named { s: "z" }]'
    assert said("{=[?;3]:#x}", b"\2\0\1\2\3", whole) == "INFO [0x1, 0x2, 0x3]"
    sequence = ("prim", "{=__internal_FormatSequence}")
    assert said("<{}>", b"\2\0\3\0\1\3\0\2\0\0", sequence, ("write", "{=u8};")) == "INFO <1;2;>"
    assert said("{=istr}", b"\2\0", ("str", "interned")) == "INFO interned"


def test_levels_and_times():
    device = decoder(("warn", "hot"), ("println", "just said"), timestamp="{=u8:us}")
    sent = b"\0" + frames(b"\1\0\5", b"\2\0\6")
    assert list(device.lines(sent)) == ["0.000005 WARN hot", "0.000006 just said"]


@pytest.mark.parametrize("length", [1, 6, 7, 8, 13, 134, 135, 141, 300])
def test_frames_of_any_length_and_content(length):
    content = bytes(index % 5 for index in range(length))
    assert said("{=[u8]}", struct.pack("<I", length) + content) == f"INFO {list(content)}"


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("{=u128}", b"\1"),  # too short, even with the zeros that stuffing may add
        ("{=str}", b"\xff\xff\xff\xff"),
        ("{=[?]}", b"\xff\xff\xff\xff\1\0"),
        ("{=[?]}", b"\xff\xff\xff\xff\2\0"),  # four milliards of nothing
        ("{}", b"\x99\x99"),  # a number that nothing has
        ("{=char}", b"\xff\xff\xff\xff"),
        ("{=char}", b"\0\xd8\0\0"),  # half of a pair
        ("{=[u8; " + "9" * 5_000 + "]}", b"\1"),
        ("{0=3.." + "9" * 5_000 + "}", b"\1"),
        ("{=[?; 4000]}{=[?; 4000]}", b"\2\0" * 2),
        ("{=unheard}", b"\1"),
        ("{9=u8}", b"\1"),
        ("{0=130..140}", b"\1"),
        ("{}", b"\3\0" * 200),  # itself without end
    ],
)
def test_a_frame_that_makes_no_sense_is_said_to_be_none(text, arguments):
    assert "that the ELF does not explain" in said(text, arguments, ("derived", "nothing"), ("derived", "{}"))


def test_absurd_numbers_and_halves_of_characters_in_a_text_do_no_harm():
    assert said("{" + "9" * 5_000 + "}", b"") == "INFO {" + "9" * 5_000 + "}"
    assert said("{=u8:0" + "9" * 5_000 + "}", b"\7") == "INFO " + "7".zfill(999)
    assert said("\ud800", b"") == "INFO ?"


def test_garbage_on_the_line_ends_with_the_next_frame():
    device = decoder(("info", "fine"))
    lines = list(device.lines(b"\xff\x05\x01\0" + frames(b"\1\0")))
    assert lines == ["(a defmt frame of 3 bytes that the ELF does not explain)", "INFO fine"]


def test_without_texts_or_of_an_unknown_version_frames_are_left_as_they_are():
    assert decoder(("info", "x")).knows
    assert not decoder().knows
    assert not decoder(("info", "x"), version="99").knows
