"""What outlives a reset of the chip, and how a machine goes on behind one."""

import pytest

from lab import target
from lab.elf import Firmware
from lab.engines.builtin.chip_resets import by_firmware, by_watchdog
from lab.engines.builtin.devices.nrf52840_uicr import NRF52840_UICR
from lab.engines.builtin.devices.nrf52840_watchdog import NRF52840_Watchdog
from lab.engines.builtin.devices.nrf_clock import NRF_CLOCK
from lab.errors import ChipReset
from lab.image import Image, Segment
from lab.monitor import Monitor

from .boards import nano33ble
from .fake_board import peek, poke
from .qemu import compiled

BY_FIRMWARE, BY_WATCHDOG = by_firmware("AIRCR"), by_watchdog("wdt", 0, remedy="Feed it.")


def test_power_gathers_the_reasons_until_they_are_cleared(board):
    power = NRF_CLOCK(board)
    power.reset()
    assert peek(power, 0x400) == 0
    power.reset_by(BY_FIRMWARE)
    power.reset_by(BY_WATCHDOG)
    assert peek(power, 0x400) == 1 << 2 | 1 << 1
    poke(power, (0x400, 1 << 2))
    assert peek(power, 0x400) == 1 << 1


def test_what_is_left_for_a_boot_loader_outlives_what_firmware_asks_for_and_no_watchdog(board):
    power = NRF_CLOCK(board)
    power.reset()
    poke(power, (0x51C, 0xB1), (0x520, 7))
    power.reset_by(BY_FIRMWARE)
    assert (peek(power, 0x51C), peek(power, 0x520)) == (0xB1, 7)
    power.reset_by(BY_WATCHDOG)
    assert (peek(power, 0x51C), peek(power, 0x520)) == (0, 0)


def test_the_watchdog_of_nordic_runs_on_over_a_reset_that_firmware_asks_for(board):
    watchdog = NRF52840_Watchdog(board)
    watchdog.reset()
    poke(watchdog, (0x504, 32767), (0x000, 1))
    watchdog.reset_by(BY_FIRMWARE)
    assert peek(watchdog, 0x400) == 1
    watchdog.reset_by(BY_WATCHDOG)
    assert peek(watchdog, 0x400) == 0


def test_what_the_boards_maker_wrote_is_kept_and_what_firmware_wrote_too(board):
    uicr = NRF52840_UICR(board)
    uicr.reset()
    uicr.writable = True
    poke(uicr, (0x080, 42))
    uicr.reset_by(BY_FIRMWARE)
    assert (peek(uicr, 0x080), peek(uicr, 0x200), uicr.writable) == (42, 18, False)


@pytest.fixture
def resetting(tmp_path):
    """A machine whose firmware resets itself after each `hello`."""
    with nano33ble() as machine:
        machine.load(Firmware(compiled("misbehaviour.c", tmp_path, "-Og", "-DMISBEHAVIOUR=reset_itself")))
        yield machine


def test_time_counters_and_lines_go_on_behind_a_reset(resetting):
    with pytest.raises(ChipReset):
        resetting.run(limit=0.1)
    first = resetting.counters()
    with pytest.raises(ChipReset):  # it stands where it stood
        resetting.run(limit=0.1)
    assert resetting.counters() == first
    resetting.restart()
    with pytest.raises(ChipReset):
        resetting.run(limit=0.1)
    assert resetting.lines() == ["hello", "hello"]
    assert resetting.counters().instructions == 2 * first.instructions


def test_a_reset_that_is_due_is_a_part_of_the_state(resetting):
    start = resetting.snapshot()
    with pytest.raises(ChipReset):
        resetting.run(limit=0.1)
    due = resetting.snapshot()
    resetting.restore(start)
    assert resetting.run(until=lambda line: line == "hello", limit=0.1).line == "hello"
    resetting.restore(due)
    with pytest.raises(ChipReset):
        resetting.run(limit=0.1)


def test_a_reset_in_a_suite_for_renode_runs_the_macro_and_ends_where_it_has_no_end(tmp_path):
    elf = compiled("misbehaviour.c", tmp_path, "-Og", "-DMISBEHAVIOUR=reset_itself")
    monitor, lines = Monitor(), []
    monitor.execute("mach create")
    monitor.execute(f"machine LoadPlatformDescription @{target.load('nano33ble').repl}")
    monitor.execute(f'macro reset "sysbus LoadELF @{elf}"')
    monitor.execute("runMacro $reset")
    monitor.emulation.listen(lambda line, _time_ms: lines.append(line))
    assert monitor.emulation.advance(0.1, until=lambda: len(lines) == 3)
    with pytest.raises(Exception, match=r"reset again and again: 1000 times in 0\.1 s") as raised:
        monitor.emulation.advance(0.1)
    assert raised.value.code == "endless-resets"


@pytest.mark.parametrize(("entry", "stack"), [(0x4200_0000, 0), (0x4200_0020, 0x3FCD_E710)])
def test_an_esp32c3_in_a_suite_begins_as_its_image_says(entry, stack, tmp_path):
    monitor = Monitor()
    monitor.execute("mach create")
    monitor.execute(f"machine LoadPlatformDescription @{target.load('esp32c3').repl}")
    board = monitor.emulation.board
    board.load(Image(tmp_path / "made", [Segment(entry, b"\x01\x00" * 8)], entry=entry, machine="EM_RISCV"))
    assert board.ready.register("sp") == stack
    assert board.ready.register("pc") == entry
