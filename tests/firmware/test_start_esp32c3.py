"""The start of an ESP32-C3 from flash alone: what the ROM finds there, and what firmware does to clocks and watchdogs.

Direct boot: Espressif, esp32c3-direct-boot-example. Watchdogs: technical reference manual 1.1, chapter 12. Clocks:
chapters 6 and 16, and for the PLL the steps of ESP-IDF's rtc_clk_init.c and hal/clk_tree_ll.h.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import pairwise

import pytest
from elftools.elf.elffile import ELFFile

from lab import target
from lab.booting import fitting
from lab.booting.boot import Boot
from lab.engines.builtin import BuiltinEngine
from lab.errors import ChipReset
from lab.images import direct_boot, read

from .microphones import Listening, firmware, first

BOARD = "esp32c3"
KEY, SUPER_KEY = 0x50D83AA1, 0x8F1D312A
GROUP_CONFIG, GROUP_LOCK = ("timg0", 0x48), ("timg0", 0x64)
RTC_CONFIG, RTC_LOCK, OPTIONS = ("rtc_cntl", 0x90), ("rtc_cntl", 0xA8), ("rtc_cntl", 0x00)
SUPER_CONFIG, SUPER_LOCK = ("rtc_cntl", 0xAC), ("rtc_cntl", 0xB0)
TRANSFER, ANA_CONF0, ANA_CONFIG = ("ana_i2c", 0x00), ("ana_i2c", 0x40), ("ana_i2c", 0x44)
CPU_PER_CONF, SYSCLK_CONF = ("system_registers", 0x08), ("system_registers", 0x58)
PLL, VOLTAGE = 0x66, 0x6D
RETURN = b"\x82\x80"
REGISTERS = {"zero", "ra", "sp", "gp", "tp", *(f"{kind}{n}" for kind in "ast" for n in range(12))}

needs_binutils = pytest.mark.skipif(
    not shutil.which("riscv64-unknown-elf-objcopy"), reason="riscv64-unknown-elf-objcopy is not installed"
)


@pytest.fixture(scope="module")
def started():
    """The board behind its start, and all that was written to registers on the way."""
    with BuiltinEngine().machine(target.load(BOARD)) as machine:
        listening = Listening(BOARD, machine)
        listening.watch("rtc_cntl", "timg0", "system_registers", "ana_i2c", "uart0", "i2s0", "intc")
        listening.hear([], frames=320)
        yield listening


def analog(part, number):
    """The transfer that writes a register of an analog part."""
    return 1 << 24 | number << 8 | part


def values(started, place):
    return [write.value for write in started.writes if (write.device, write.offset) == place]


def test_flash_begins_with_what_the_rom_looks_for_and_the_entry_point_is_behind_it():
    image = firmware(BOARD)
    begin = min(image.segments, key=lambda segment: segment.address)
    assert begin.address == 0x4200_0000
    assert begin.data.startswith(direct_boot.HEAD)
    assert image.entry == begin.address + len(direct_boot.HEAD)


def test_all_that_is_loaded_is_seen_where_it_is_in_flash():
    """The ROM maps flash to both buses from offset 0 on."""
    image = firmware(BOARD)
    flash = bytearray(max(segment.address + len(segment.data) for segment in image.segments) - 0x4200_0000)
    for segment in image.segments:
        begin = segment.address - 0x4200_0000
        flash[begin : begin + len(segment.data)] = segment.data
    seen = {}
    with image.path.open("rb") as file:
        for section in ELFFile(file).iter_sections("SHT_PROGBITS"):
            bus, offset = section["sh_addr"] >> 24, section["sh_addr"] & 0xFF_FFFF
            if bus in (0x42, 0x3C):
                seen[section.name] = bus
                assert section.data() == flash[offset : offset + section["sh_size"]], section.name
    assert seen == {".text": 0x42, ".rodata": 0x3C, ".lab_parameters": 0x3C, ".model": 0x3C}


@needs_binutils
def test_the_content_of_flash_made_of_the_elf_starts_by_the_rom_and_prints_the_same(tmp_path):
    elf, flash = firmware(BOARD).path, tmp_path / "flash.bin"
    subprocess.run(["riscv64-unknown-elf-objcopy", "-O", "binary", elf, flash], check=True)
    said = []
    for file in (elf, flash):
        image = read(file)
        with Boot(image, fitting.board(image), lambda _port, _data: None) as boot:
            ended = boot.run(1.5, "a line that never comes")
        assert ended.why == "limit" or not ended.fault
        said.append(ended.output["uart0"])
    assert said[1].endswith(said[0])
    assert said[1].startswith("ROM stand-in of the lab")


@pytest.mark.parametrize(
    ("lock", "config", "key", "cleared", "set_"),
    [
        (GROUP_LOCK, GROUP_CONFIG, KEY, 1 << 31 | 1 << 14, 0),
        (RTC_LOCK, RTC_CONFIG, KEY, 1 << 31 | 1 << 12, 0),
        (SUPER_LOCK, SUPER_CONFIG, SUPER_KEY, 0, 1 << 31),
    ],
    ids=["timer group", "low-power management", "super watchdog"],
)
def test_each_watchdog_is_unlocked_stopped_and_locked_again(started, lock, config, key, cleared, set_):
    to = [(place, write.value) for write in started.writes if (place := (write.device, write.offset)) in (lock, config)]
    assert [place for place, _ in to] == [lock, config, lock]
    unlocked, settings, locked = (value for _, value in to)
    assert (unlocked, locked) == (key, 0)
    assert not settings & cleared
    assert settings & set_ == set_


def test_the_voltage_is_raised_before_the_pll_starts_and_the_core_takes_it_last(started):
    writes = started.writes
    steps = [
        [first(writes, *SUPER_LOCK)],  # no watchdog left
        [first(writes, *TRANSFER, analog(VOLTAGE, number)) for number in (13, 4, 6)],
        [first(writes, *ANA_CONFIG)],  # the PLL on the bus to analog registers
        [first(writes, *OPTIONS)],  # its power
        [first(writes, *CPU_PER_CONF, 1 << 2)],  # 480 MHz: the digital part,
        [first(writes, *ANA_CONF0, 1 << 3)],  # calibration, and the analog part
        [first(writes, *TRANSFER, analog(PLL, number)) for number in (4, 2, 3, 5, 6, 9)],
        [first(writes, *CPU_PER_CONF, 1 << 0)],  # 160 MHz of them,
        [first(writes, *SYSCLK_CONF, 1 << 10)],  # taken
        [first(writes, "uart0", 0x78), first(writes, "i2s0", 0x30)],
    ]
    for step, following in pairwise(steps):
        assert max(step) < min(following)


def test_no_interrupt_that_was_left_on_is_taken(started):
    assert values(started, ("intc", 0x104))[0] == 0  # CPU_INT_ENABLE


def test_the_memory_of_the_logs_fifo_keeps_its_clock(started):
    assert all(value & 1 << 28 for value in values(started, ("uart0", 0x20)))  # MEM_CLK_EN of CONF0


def test_clocks_are_set_as_esp_idf_sets_them(started):
    last = {(write.device, write.offset): write.value for write in started.writes}
    assert not last[OPTIONS] & (1 << 10 | 1 << 8 | 1 << 6)
    assert last[CPU_PER_CONF] & 7 == 1 << 2 | 1
    assert last[SYSCLK_CONF] & 0xFFF == 1 << 10
    assert last[ANA_CONFIG] >> 8 & 0x3FF == 0x1FF  # all but the PLL are off the bus
    assert last[ANA_CONF0] >> 2 & 3 == 2
    assert last["uart0", 0x78] >> 20 & 3 == 3  # the crystal, whatever the core has
    kept = started.machine._devices["ana_i2c"].analog
    part = {number: kept[PLL | number << 8] for number in (2, 3, 4, 5, 6, 9)}
    assert part == {2: 5 << 4, 3: 8, 4: 0x6B, 5: 0, 6: 1 << 6 | 2 << 4 | 3, 9: 2}
    assert [kept[VOLTAGE | number << 8] for number in (4, 6, 13)] == [28, 28, 0]


def test_the_divider_is_1_before_the_pll_is_taken(started):
    to = values(started, SYSCLK_CONF)
    assert not to[0] & 0x3FF
    assert not to[0] >> 10 & 3
    assert len(to) == 2


def test_an_image_that_leaves_the_watchdogs_on_is_reset():
    image = firmware(BOARD)
    stop = next(symbol for symbol in image.symbols if "stop_watchdogs" in symbol.name)
    with BuiltinEngine().machine(target.load(BOARD)) as machine:
        machine.load(image)
        machine.write(stop.address, RETURN)
        with pytest.raises(ChipReset) as raised:
            machine.run(until=lambda _line: False, limit=2)
    assert "timg0: the watchdog resets the chip, 0.325" in raised.value.message


@needs_binutils
def test_only_control_registers_that_the_chip_has_are_used_and_its_counter_is_started():
    """Technical reference manual 1.1, chapter 1.4: mcycle, mie and mip, for one, are not among them."""
    command = ["riscv64-unknown-elf-objdump", "-d", firmware(BOARD).path]
    code = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used = {operand for line in re.findall(r"\tcsr\w+\t(\S+)", code) for operand in line.split(",")} - REGISTERS
    used = {name for name in used if not name.isdigit()}
    assert used >= {"mstatus", "mtvec", "0x7e0", "0x7e1"}
    assert used <= {"mstatus", "mtvec", "mepc", "mcause", "mtval", "mscratch", "0x7e0", "0x7e1", "0x7e2"}
    assert not re.findall(r"\trd(?:cycle|time|instret)", code)
