"""What a board description asks of the engine is followed, or refused with the line."""

import pytest

from lab import target
from lab.elf import Firmware
from lab.engines.builtin import BuiltinEngine
from lab.engines.machine import line_of
from lab.errors import ConfigurationError, DeviceFault
from tests.conformance import records

from .boards import ENDS_OF_FLASH, NANO33BLE, nano33ble
from .qemu import compiled


def changed(folder, *replacements):
    text = NANO33BLE.read_text()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    file = folder / "board.repl"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("replacement", "message"),
    [
        (('cpuType: "cortex-m4f"', 'cpuType: "cortex-a9"'), r"board.repl:\d+: .*cortex-m4f"),
        (("PerformanceInMips: 64", "PerformanceInMips: 0"), r"board.repl:\d+: PerformanceInMips"),
        (("PerformanceInMips: 64", "PerformanceInMips: 100001"), r"board.repl:\d+: PerformanceInMips"),
        (("PerformanceInMips: 64", "PerformanceInGips: 64"), r"board.repl:\d+: .*Did you mean 'PerformanceInMips'"),
        (("sysbus 0x50000800", "sysbus 0x50000600"), r"board.repl:\d+: sysbus.gpio0 is at 0x50000600 already"),
        (("sysbus 0x4001D000", "sysbus 0x40008000"), r"board.repl:\d+: sysbus.timer0 is at 0x40008000 already"),
        (("flash: Memory.MappedMemory", "flash: Memory.VideoMemory"), r"board.repl:\d+: .*MappedMemory"),
        (("size: 0x100000", "size: 0x7FFFFFFFFFFFF000"), r"board.repl:13: a memory has .* at most 268,435,456"),
        (("size: 0x100000", "size: -1"), r"board.repl:13: a memory has a multiple of 1,024 bytes"),
        (("size: 0x100000", "size: 17"), r"board.repl:13: a memory has a multiple of 1,024 bytes"),
        (("sysbus 0x20000000", "sysbus 0xFFFFF000"), r"board.repl:\d+: this memory would go beyond 32 bits"),
        (
            ("ram: Memory.MappedMemory @ sysbus 0x20000000", "ram: Memory.MappedMemory @ sysbus 0x1000"),
            r"board.repl:\d+: .*mapped at 0x00001000",
        ),
        (("ResetByte: 0xFF", "ResetByte: 0x100"), r"board.repl:14: ResetByte is a byte"),
    ],
)
def test_what_the_engine_cannot_follow_is_refused_with_its_line(tmp_path, replacement, message):
    with pytest.raises(ConfigurationError, match=message):
        nano33ble(changed(tmp_path, replacement)).close()


@pytest.mark.parametrize("board", target.names())
def test_flash_of_each_board_reads_as_erased_where_the_image_has_nothing(board, tmp_path):
    firmware = records.case("memory_beyond", tmp_path, records.newest(board)).firmware
    with BuiltinEngine().machine(target.load(board)) as machine:
        machine.load(firmware)
        assert {machine.read(end, 4) for end in ENDS_OF_FLASH[board]} == {b"\xff\xff\xff\xff"}
        assert machine.read(firmware.symbol("result").address, 4) == bytes(4)


def test_memory_reads_0_where_the_image_has_nothing_unless_it_has_a_reset_byte(tmp_path):
    plain = changed(tmp_path, ("    ResetByte: 0xFF\n", ""))
    with nano33ble(plain) as machine:
        machine.load(Firmware(compiled("misbehaviour.c", tmp_path, "-Og", "-DMISBEHAVIOUR=spin")))
        assert machine.read(0xFF000, 4) == bytes(4)


def test_a_board_may_have_as_many_memories_as_chips_have(tmp_path):
    memories = "".join(
        f"m{number}: Memory.MappedMemory @ sysbus {0x6000_0000 + number * 0x1000:#x}\n    size: 0x400\n"
        for number in range(300)
    )
    few, many = tmp_path / "few.repl", tmp_path / "many.repl"
    few.write_text(NANO33BLE.read_text() + "\n".join(memories.splitlines()[:400]) + "\n")
    nano33ble(few).close()
    many.write_text(NANO33BLE.read_text() + memories)
    with pytest.raises(ConfigurationError, match=r"many.repl:\d+: Memory of 0x400 bytes") as raised:
        nano33ble(many)
    assert "256 memories" in raised.value.remedy
    assert raised.value.exit_code == 2


def test_instructions_take_longer_on_a_slower_core(tmp_path):
    board = changed(tmp_path, ("PerformanceInMips: 64", "PerformanceInMips: 46"))
    with nano33ble(board) as machine:
        machine.load(Firmware(compiled("misbehaviour.c", tmp_path, "-Og", "-DMISBEHAVIOUR=spin")))
        machine.run(limit=0.001)
        assert machine.counters().instructions == 46_000


def test_an_image_for_memory_that_the_board_lacks_is_refused(tmp_path):
    board = changed(
        tmp_path, ("flash: Memory.MappedMemory @ sysbus 0x0\n", "flash: Memory.MappedMemory @ sysbus 0x8000000\n")
    )
    firmware = Firmware(compiled("misbehaviour.c", tmp_path, "-Og", "-DMISBEHAVIOUR=spin"))
    with nano33ble(board) as machine, pytest.raises(DeviceFault, match="no memory at 0x00000000"):
        machine.load(firmware)


@pytest.mark.parametrize(
    ("sent", "line"), [(b"Heard yes\r", "Heard yes"), (b"\0Heard yes\0\r\r", "Heard yes"), (b"caf\xe9 ", "caf\ufffd ")]
)
def test_a_line_is_what_a_terminal_shows_of_it(sent, line):
    assert line_of(sent) == line
