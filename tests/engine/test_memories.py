"""Caches and wait states, simulated on every access of a run, and added to runs that look at none."""

import os
from functools import partial
from pathlib import Path
from struct import pack

import pytest
from pydantic import ValidationError

from lab import target
from lab.configuration import read_toml
from lab.engines.builtin import BuiltinEngine, repl
from lab.engines.builtin.cost_model import CostModel
from lab.engines.builtin.cost_table import WithMemories
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.builtin.memories import CacheTable, MemoryModel, MemoryTable, PathTable, Switch
from lab.errors import ConfigurationError, UnknownName
from lab.image import Image, Segment

from .assembler import assembled
from .boards import NANO33BLE, STM32F746G
from .test_random_instructions import IN_A_PROGRAM, board, source
from .test_random_instructions import assembled as program

CODE, DATA, RAM = 0x100, 0x1000, 0x2000_0000
ROUNDS = 100
STOP = "9: b 9b"


def model(*, fetch=0, load=0, cache=None, at=0):
    """A flash behind a buffer of a word for code, and with or without a cache for data; RAM that never waits."""
    caches = {"code": CacheTable(line=4), **({"data": cache} if cache else {})}
    flash = MemoryTable(
        begin=at,
        bytes=0x10_0000,
        fetch=PathTable(cache="code", wait=fetch),
        load=PathTable(cache="data" if cache else "", wait=load),
    )
    ram = MemoryTable(begin=RAM, bytes=0x4_0000)
    return MemoryModel(name="test", chip="a test", caches=caches, memories=(flash, ram))


@pytest.fixture
def machine():
    with machine_that_takes() as made:
        yield made


def machine_that_takes(**beside):
    """A Cortex-M4 that takes so many cycles besides, where only addresses tell."""
    costs = CostModel(CostModel.load("cortex-m4").table, WithMemories(error="", **beside))
    return BuiltinMachine(repl.read(NANO33BLE), cpu="sysbus.cpu", uart="sysbus.uart0", costs=costs)


@pytest.fixture
def image(tmp_path):
    return partial(loaded, tmp_path)


def loaded(folder, *lines):
    """An image of those lines, with words behind them that count up from 0."""
    code = assembled(folder, *lines)
    vectors = pack("<2I", RAM + 0x1000, CODE | 1)
    words = b"".join(pack("<I", number) for number in range(256))
    return Image(Path("test"), [Segment(0, vectors), Segment(CODE, code), Segment(DATA, words)])


def load_each_word(count, rounds=1):
    return (
        f"movs r4, #{rounds}",
        f"1: movw r1, #{DATA}",
        f"movs r2, #{count}",
        "2: ldr r0, [r1], #4",
        "subs r2, #1",
        "bne 2b",
        "subs r4, #1",
        "bne 1b",
        STOP,
    )


def waited(machine, image, memories):
    """Cycles by what was waited for."""
    machine.load(image)
    machine.watch_memories(memories)
    machine.run(limit=1e-4)
    return machine.waits_by_reason()


def cycles(machine, image, memories=None):
    machine.load(image)
    if memories is not None:
        machine.watch_memories(memories)
    machine.run(limit=1e-4)
    return machine.counters().cycles


def test_each_line_of_a_memory_is_waited_for_once_in_a_row(machine, image):
    found = waited(machine, image(*load_each_word(64)), model(load=5, cache=CacheTable(line=16)))
    assert found["loading"] == 64 / 4 * 5


def test_without_a_cache_each_load_waits(machine, image):
    assert waited(machine, image(*load_each_word(64)), model(load=2))["loading"] == 64 * 2


@pytest.mark.parametrize(("sets", "lines"), [(4, 4), (2, 4 * 10)], ids=["that has room", "that is too small"])
def test_what_a_cache_holds_is_not_waited_for_again(machine, image, sets, lines):
    memories = model(load=5, cache=CacheTable(line=16, sets=sets, ways=1))
    assert waited(machine, image(*load_each_word(16, rounds=10)), memories)["loading"] == lines * 5


def test_the_line_used_longest_ago_is_given_up(machine, image):
    loads = (f"ldr r0, [r1, #{32 * line}]" for line in (0, 1, 0, 2, 0, 1))  # 1 has to go for 2
    memories = model(load=1, cache=CacheTable(line=32, sets=1, ways=2))
    assert waited(machine, image(f"movw r1, #{DATA}", *loads, STOP), memories)["loading"] == 4


def test_a_line_that_comes_in_pieces_is_given_up_with_all_of_them(machine, image):
    def loading(lines):
        memories = model(load=1, cache=CacheTable(line=32, piece=8, ways=2))
        return waited(machine, image(*load_each_word(lines * 8, rounds=3)), memories)["loading"]

    assert loading(2) == 2 * 4  # each piece once, in the first round
    assert loading(3) == 3 * 3 * 4  # a line more than there are: in each round


def test_a_line_that_is_read_ahead_costs_what_is_left_of_it(machine, image):
    path = PathTable(cache="data", wait=10, ahead=True)
    flash = MemoryTable(begin=0, bytes=0x10_0000, load=path)
    memories = MemoryModel(name="test", chip="a test", caches={"data": CacheTable(line=4)}, memories=(flash,))
    found = waited(machine, image(*load_each_word(64)), memories)["loading"]
    assert 10 + 63 * 4 <= found <= 10 + 63 * 8  # a word's round takes 2 to 6 cycles of its 10


def test_code_waits_for_each_word_that_it_comes_to(machine, image):
    found = waited(machine, image("movs r0, #100", "1: subs r0, #1", "nop", "nop", "bne 1b", STOP), model(fetch=3))
    assert found["fetching"] == pytest.approx(100 * 3 * 3, abs=12)  # a buffer of a word, three words a round


@pytest.mark.parametrize(("offset", "further"), [(0, 0), (1, 2), (2, 1), (3, 2)])
def test_an_unaligned_word_is_several_accesses(image, offset, further):
    lines = (f"movw r1, #{DATA + offset}", "ldr r0, [r1]", STOP)
    with machine_that_takes(unaligned=1) as machine:
        assert waited(machine, image(*lines), model())["unaligned"] == further


@pytest.mark.parametrize(("offset", "times"), [(0, 0), (1, 1), (2, 1)])
def test_a_load_that_is_not_aligned_waits_once_and_a_store_does_not(image, offset, times):
    lines = (f"movw r1, #{DATA + offset}", "add r3, r1, #0x20000000", "ldr r0, [r1]", "str r0, [r3]", STOP)
    with machine_that_takes(unaligned_load=3) as machine:
        assert waited(machine, image(*lines), model())["unaligned"] == 3 * times


@pytest.mark.parametrize(
    ("reason", "lines", "times"),
    [
        ("apart", ("ldr r0, [r1]", "ldr r2, [r3]"), 1),
        ("apart", ("ldr r0, [r1]", "nop", "ldr r2, [r3]"), 0),
        ("apart", ("ldr r0, [r1]", "ldr r2, [r1, #4]"), 0),
        ("after_store", ("str r0, [r3]", "ldr r2, [r3]"), 1),
        ("after_store", ("ldr r0, [r3]", "str r2, [r3]"), 0),
        ("wide_load", ("nop", "ldr r0, [r3]", "ldr.w r8, [r3]"), 0),
        ("wide_load", ("ldr r0, [r3]", "ldr.w r8, [r3]"), 1),
    ],
)
def test_the_core_waits_where_only_addresses_tell(image, reason, lines, times):
    begin = (f"movw r1, #{DATA}", "mov.w r3, #0x20000000")
    with machine_that_takes(**{reason: 1}) as machine:
        assert waited(machine, image(*begin, *lines, STOP), model())[reason] == times


def test_a_jump_to_a_wide_instruction_across_words_waits(image):
    firmware = image("movs r0, #10", "1: subs.w r0, #1", "nop", "bne 1b", STOP)
    with machine_that_takes(wide_target=1) as machine:
        assert waited(machine, firmware, model())["wide_target"] == 9


def test_a_run_that_is_not_watched_costs_as_much_as_one_that_was(image):
    memories = model(fetch=3, load=5, cache=CacheTable(line=16, sets=2, ways=1))
    firmware = image(*load_each_word(32, rounds=ROUNDS))
    with machine_that_takes(wide_load=1) as machine:
        without = cycles(machine, firmware)
        watched = cycles(machine, firmware, memories)
        machine.wait(machine.waits())
        assert watched > 1.5 * without
        assert cycles(machine, firmware) == pytest.approx(watched, rel=0.01)


@pytest.mark.parametrize("core", ["cortex-m4", "rv32imc"])
def test_watching_changes_nothing_but_cycles(tmp_path, core):
    firmware = program(core, source(core, 0), tmp_path / "here.elf")
    first, end = (firmware.symbol(name).address for name in ("results", "results_end"))
    seen = []
    for watches in (False, True):
        with board(core, tmp_path) as made:
            made.load(firmware)
            made.watch("finished")
            if watches:
                made.watch_memories(model(fetch=1, load=1, at=firmware.entry & -0x10_0000))
            while not made.marks() and made.counters().instructions < 100 * IN_A_PROGRAM:
                made.run(limit=1.7e-6)
            seen.append((made.marks()[0].counters.instructions, made.read(first, end - first)))
    assert seen[0] == seen[1]


@pytest.mark.parametrize(("setting", "lines"), [(0, 4 * 10), (1, 4)], ids=["off", "on"])
def test_a_cache_keeps_lines_once_firmware_has_switched_it_on(machine, image, setting, lines):
    cache = CacheTable(line=16, sets=4, ways=1, switch=Switch(at=0x4001_E540, bits=1))
    firmware = image(*load_each_word(16, rounds=10))
    machine.load(firmware)
    machine.access(lambda: machine.bus.write_register(0x4001_E540, 4, setting))
    machine.watch_memories(model(load=5, cache=cache))
    machine.run(limit=1e-4)
    assert machine.waits_by_reason()["loading"] == lines * 5


def test_an_unknown_memory_model_suggests_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'nrf52840'"):
        MemoryModel.load("nrf5284")


def test_a_cache_is_switched_by_a_device_of_the_board(machine):
    table = model(cache=CacheTable(line=16, sets=4, switch=Switch(at=0x9999_9998, bits=1)))
    with pytest.raises(ConfigurationError, match="switched at 0x99999998, where the board has no device"):
        machine.watch_memories(table)


def test_a_cache_is_not_switched_where_a_description_only_silences_an_address(tmp_path, image):
    """A board that uses another's description, but not its chip.toml, would wait as if its cache was off."""
    description = tmp_path / "mine.repl"
    description.write_text(f'using "{os.path.relpath(NANO33BLE, tmp_path)}"\n')
    with BuiltinMachine(repl.read(description), cpu="sysbus.cpu", uart="sysbus.uart0") as machine:
        machine.load(image(STOP))
        with pytest.raises(ConfigurationError, match="switched at 0x4001e540, where the board has no device") as raised:
            machine.watch_memories(MemoryModel.load("nrf52840"))
    assert "chip.toml" in raised.value.remedy


def test_memories_of_another_chip_are_refused(machine, image):
    machine.load(image(STOP))
    table = MemoryModel(name="other-1", chip="another", memories=(MemoryTable(begin=0x0800_0000, bytes=0x1_0000),))
    with pytest.raises(ConfigurationError, match="other-1 has no memory at 0x100, where the firmware is"):
        machine.watch_memories(table)


@pytest.mark.parametrize(
    ("table", "numbers"),
    [
        (CacheTable, {"line": 1 << 32}),
        (CacheTable, {"line": 4, "sets": 1 << 32}),
        (PathTable, {"wait": 1e300}),
        (MemoryTable, {"begin": -1, "bytes": 4}),
        (MemoryTable, {"begin": 0, "bytes": 0}),
        (WithMemories, {"error": "", "exception_entry": 1 << 32}),
    ],
)
def test_numbers_that_no_memory_has_are_refused(table, numbers):
    """The core has 32 bits for each, and divides by some."""
    with pytest.raises(ValidationError):
        table.model_validate(numbers)


TABLE = """name = "a-1"
chip = "a chip"

[caches.code]
line = 16
sets = 4
ways = 2

[[memories]]
begin = 0x0800_0000
bytes = 0x1_0000
fetch = { cache = "code", wait = 5 }

[[memories]]
begin = 0x2000_0000
bytes = 0x1_0000
"""


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("0x2000_0000", "0x0800_fffc", ":9: memories: the one at 0x8000000 and the one at 0x800fffc overlap."),
        ("0x2000_0000", "0x0800_0000", ":9: memories: the one at 0x8000000 and the one at 0x8000000 overlap."),
        ("0x2000_0000", "0xffff_ff00", ":9: memories: the one at 0xffffff00 ends at 0x10000ff00, behind the last"),
        ("line = 16", "line = 0", ":5: caches.code.line: Input should be greater than or equal to 4."),
        ("line = 16", "line = 12", ":5: caches.code.line: 12 is not a power of two."),
        ("line = 16", "line = 16\npiece = 12", ":6: caches.code.piece: 12 is not a power of two."),
        ("line = 16", "line = 16\npiece = 32", ": caches.code: a line of 16 bytes has no pieces of 32: from 1 to 64."),
        ("sets = 4", "sets = 3", ":6: caches.code.sets: 3 is not a power of two."),
        ("sets = 4", "sets = 0", ":6: caches.code.sets: Input should be greater than or equal to 1."),
        ("sets = 4", "sets = 4096", ": caches.code: it holds 131,072 bytes, more than the 65,536 behind it."),
        ("[caches.code]", "[caches.cod]", ": there is no cache 'code'."),
        ('cache = "code", ', "", ": caches.code: no memory names it."),
        ('cache = "code", ', "ahead = true, ", "memories.0.fetch: what is read ahead needs a `cache` to be kept in."),
        ("wait = 5", "wait = -1", "memories.0.fetch.wait: Input should be greater than or equal to 0."),
    ],
)
def test_a_table_that_no_chip_has_is_refused_by_file_and_entry(tmp_path, right, wrong, said):
    file = tmp_path / "a.toml"
    file.write_text(TABLE)
    assert read_toml(file, MemoryModel).chip == "a chip"
    file.write_text(TABLE.replace(right, wrong, 1))
    with pytest.raises(ConfigurationError) as refused:
        read_toml(file, MemoryModel)
    assert str(refused.value).startswith(str(file))
    assert said in str(refused.value)


def test_a_core_whose_table_says_nothing_of_memories_has_none():
    board = target.load("esp32c3").with_memories("nrf52840")
    with pytest.raises(ConfigurationError, match=r"esp32-c3\.toml has no \[with_memories\]"):
        BuiltinEngine().cost_model(board)


@pytest.mark.parametrize("name", ["stm32f746", "stm32h743"])
@pytest.mark.parametrize(("setting", "on"), [(0, (False, False)), (1 << 16, (False, True)), (3 << 16, (True, True))])
def test_caches_of_a_cortex_m7_are_on_once_firmware_sets_their_bits(name, setting, on):
    """Arm DDI 0403E, B3.2.8: CCR.DC is bit 16, CCR.IC bit 17; both are 0 at reset."""
    with BuiltinMachine(repl.read(STM32F746G), cpu="sysbus.cpu", uart="sysbus.usart1") as made:
        made.access(lambda: made.bus.write_register(0xE000_ED14, 4, setting))
        told = MemoryModel.load(name).told(lambda at: made.access(lambda: made.bus.read_register(at, 4)), None)
    assert [told.caches[number].sets > 1 for number in range(told.cache_count)] == list(on)


def test_a_cortex_m4_has_no_bits_for_caches(machine):
    machine.access(lambda: machine.bus.write_register(0xE000_ED14, 4, 3 << 16))
    assert machine.access(lambda: machine.bus.read_register(0xE000_ED14, 4)) == 0
