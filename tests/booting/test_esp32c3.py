"""An ESP32-C3: the ROM stand-in, its interrupts, and where a firmware starts."""

from __future__ import annotations

import hashlib
import shutil
import struct
import subprocess
import zlib
from pathlib import Path
from unittest.mock import patch

import pytest

from lab.booting import fitting
from lab.booting.boot import Boot, Booted
from lab.engines.builtin.devices.esp32c3_systimer import ESP32C3_SYSTIMER
from lab.images import partitions, read

HERE = Path(__file__).parent
ROM = HERE.parents[1] / "firmware/rom/esp32c3"
OPTIONS = ("-march=rv32imc", "-misa-spec=2.2", "-mabi=ilp32", "-Os", "-ffreestanding", "-nostdlib", "-mno-relax")

needs_compiler = pytest.mark.skipif(
    not shutil.which("riscv64-unknown-elf-gcc"), reason="riscv64-unknown-elf-gcc is not installed"
)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("esp32c3")

    def compile_it(name: str, layout: str = "esp32c3.ld") -> Path:
        elf = folder / f"{name}.elf"
        if not elf.exists():
            options = [*OPTIONS, "-msmall-data-limit=0", "-Wall", "-Wl,--build-id=none,--no-warn-rwx-segments"]
            command = ["riscv64-unknown-elf-gcc", *options, "-T", HERE / layout, HERE / f"esp32c3_{name}.c"]
            subprocess.run([*command, "-o", elf], check=True)
        return elf

    return compile_it


def booted(file: Path, until: str = "end\r\n", limit_s: float = 0.5) -> Booted:
    image = read(file)
    with Boot(image, fitting.board(image), lambda _port, _data: None) as boot:
        return boot.run(limit_s, until)


def packed(segments: list[tuple[int, bytes]], entry: int) -> bytes:
    """An image as the boot loader takes it: its head, the segments, and the sum over their bytes."""
    made = struct.pack("<BBBBIB3xHBHH4xB", 0xE9, len(segments), 2, 0x20, entry, 0xEE, 5, 0, 0, 99, 0)
    total = 0xEF
    for address, data in segments:
        made += struct.pack("<II", address, len(data)) + data
        for byte in data:
            total ^= byte
    made += b"\0" * (15 - len(made) % 16)
    return made + bytes([total])


def application(elf: Path, at: int = 0x10000) -> bytes:
    """The same with pages of flash where the segments' addresses want them."""
    image = read(elf)
    segments: list[tuple[int, bytes]] = []
    position = at + 24
    for one in sorted(image.segments, key=lambda segment: segment.address):
        if one.address >> 24 in (0x3C, 0x42):
            gap = (one.address - position - 8) % 0x10000
            if gap:
                segments.append((0, b"\0" * ((gap - 8) % 0x10000)))
                position += 8 + (gap - 8) % 0x10000
        data = one.data.ljust(-(-len(one.data) // 4) * 4, b"\0")
        segments.append((one.address, data))
        position += 8 + len(data)
    return packed(segments, image.entry)


@needs_compiler
def test_the_rom_is_what_its_sources_compile_to(tmp_path):
    version = subprocess.run(
        ["riscv64-unknown-elf-gcc", "--version"], capture_output=True, text=True, check=True
    ).stdout
    if " 12.2.0" not in version.splitlines()[0]:
        pytest.skip("another compiler makes other instructions of it")
    subprocess.run([ROM / "build.sh", tmp_path / "rom.elf"], check=True)
    assert (tmp_path / "rom.elf").read_bytes() == (ROM.parents[2] / "renode_platforms/esp32c3/rom.elf").read_bytes()


@needs_compiler
def test_functions_of_the_rom(compiled):
    big, text = 0x123456789ABCDEF, b"123456789" * 10
    md5, sha = hashlib.md5(text).digest(), hashlib.sha256(text).digest()  # noqa: S324
    word = lambda data, at: int.from_bytes(data[at : at + 4], "little")  # noqa: E731
    assert booted(compiled("rom")).output["uart0"].split("\r\n") == [
        "reset 1",
        "strings 9 32 ROM -31",
        "moved HeHello ROM -1",
        f"divided {big // 1000003} {big % 0x100000001}",
        f"signed {-(big // 7)} {-(big % 7)}",
        f"shifted {big << 36 & (1 << 64) - 1:x} {big >> 36:x} bits 15 16 8",
        f"crc {zlib.crc32(b'123456789'):08x}",
        f"md5 {word(md5, 0):08x} {word(md5, 12):08x}",
        f"sha256 {word(sha, 0):08x} {word(sha, 28):08x}",
        "   42|42   |-0042|beef|BEEF|c|   right|left    |0x10|%|+7",
        "end",
        "",
    ]


@needs_compiler
def test_the_roms_part_of_buffered_output(compiled):
    assert booted(compiled("stdio")).output["uart0"].split("\r\n") == [
        "|[ab",
        "cd][cd]|1",
        "[ab",
        "]|[cd]|1",
        "came back 3 4",
        "end",
        "",
    ]


@needs_compiler
def test_a_function_that_the_rom_lacks_is_told(compiled):
    ended = booted(compiled("lacking"), limit_s=0.02)
    assert ended.why == "fault"
    assert "at 0x400015b0" in ended.fault
    assert "a function that the ROM stand-in lacks" in ended.fault


@needs_compiler
def test_places_in_the_rom_have_its_names(compiled):
    image = read(compiled("counter"))
    with Boot(image, fitting.board(image), lambda _port, _data: None) as boot:
        ended = boot.run(0.05, "stands")
    assert "ets_printf" in ended.details
    assert "of the ROM" in ended.details


@needs_compiler
def test_interrupts_come_through_the_matrix_by_priority_and_threshold(compiled):
    ended = booted(compiled("interrupts"))
    assert ended.output["uart0"].split("\r\n") == [
        "order 9 20 5 of 3",
        "held back 3",
        "let in 5 4",
        "alarms 5",
        "end",
        "",
    ]
    assert 6_000_000 < ended.time_ns < 17_000_000


@needs_compiler
def test_a_counter_that_is_polled_is_told_as_its_model_tells_it(compiled):
    told = booted(compiled("counter"))
    with patch.object(ESP32C3_SYSTIMER, "place", lambda _device, _address: None):
        asked = booted(compiled("counter"))
    assert (told.output, told.time_ns, told.instructions) == (asked.output, asked.time_ns, asked.instructions)
    assert told.output["uart0"].split("\r\n")[1:] == ["loaded 5", "stands 1", "end", ""]
    waited = int(told.output["uart0"].split()[1])
    assert 160_000 <= waited < 160_400


@needs_compiler
def test_what_a_counter_told_is_part_of_a_snapshot(compiled):
    image = read(compiled("counter"))
    with Boot(image, fitting.board(image), lambda _port, _data: None) as boot:
        machine = boot._machine
        machine.run(limit=0.0005)
        kept = machine.snapshot()
        machine.run(limit=0.1)
        said = [printed.text for printed in machine._lines]
        machine.restore(kept)
        assert machine._lines == []
        machine.run(limit=0.1)
        assert [printed.text for printed in machine._lines] == said


@needs_compiler
def test_an_elf_and_the_application_made_of_it_print_the_same(compiled, tmp_path):
    made = tmp_path / "application.bin"
    made.write_bytes(application(compiled("rom")))
    assert booted(made).output == booted(compiled("rom")).output


@needs_compiler
def test_interrupts_are_let_in_already_as_the_rom_leaves_them(compiled):
    image = read(compiled("rom"))
    with Boot(image, fitting.board(image), lambda _port, _data: None) as boot:
        core = boot._machine._processor.core
        assert (core.riscv.mstatus, boot._machine._processor.register("sp")) == (8, 0x3FCD_E710)


@needs_compiler
@pytest.mark.parametrize("table", [partitions.single_application(), b""], ids=["a whole flash", "simple boot"])
def test_the_rom_starts_what_is_at_the_beginning_of_flash(compiled, tmp_path, table):
    image = read(compiled("flash", "esp32c3_ram.ld"))
    loader = packed([(one.address, one.data) for one in image.segments], image.entry)
    flash = tmp_path / "flash.bin"
    flash.write_bytes(loader.ljust(0x8000, b"\xff") + table.ljust(0x8000, b"\xff") + b"FLASH at 64 kB\0")
    said = booted(flash).output["uart0"].split("\r\n")
    assert said[0] == "ROM stand-in of the lab"
    assert said[-7:] == ["mapped 0", "seen FLA", "read FLASH at 64 kB", "programmed FLA", "erased ff", "end", ""]


def test_a_flash_without_a_program_says_so(tmp_path):
    flash = tmp_path / "flash.bin"
    damaged = bytearray(packed([(0x403C_0000, b"code")], 0x403C_0000))
    damaged[-1] ^= 1
    flash.write_bytes(bytes(damaged).ljust(partitions.OFFSET, b"\xff") + partitions.single_application())
    assert "Checksum failed" in booted(flash, until="Checksum failed").output["uart0"]
