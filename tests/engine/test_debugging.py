"""A machine that a debugger stops, steps and looks at does, instruction for instruction, what it does undisturbed."""

from __future__ import annotations

import ctypes
import itertools
from dataclasses import dataclass, field

import pytest

from lab.elf import Firmware
from lab.engines.builtin import repl, shim
from lab.engines.builtin.cost_model import CostModel
from lab.engines.builtin.machine import BuiltinMachine
from lab.engines.debuggable import Abandoned, Resume, Why
from lab.errors import DeviceFault

from . import random_programs
from .boards import NANO33BLE, nano33ble, rv32imc
from .qemu import CORTEX_M4, RV32IMC, compiled
from .test_random_instructions import assembled

RAM = {"cortex-m": (0x2000_0000, 0x1_0000), "riscv": (0x8000_0000, 0x1_0000)}


@dataclass
class Scripted:
    """Answers by a function of the halt; keeps what it met."""

    answer: object = lambda _halt: Resume.GO_ON
    halts: list = field(default_factory=list)
    asks: object = lambda: False
    heard: list = field(default_factory=list)

    def wants_halt(self):
        return self.asks()

    def attend(self, halt, check):
        check()
        self.halts.append(halt)
        return self.answer(halt)

    def hear(self, line):
        self.heard.append(line)


def steps(_probe, _firmware):
    """Every instruction."""
    return Scripted(lambda _halt: Resume.STEP, asks=itertools.chain([True], itertools.repeat(False)).__next__)


def breakpoints(probe, firmware):
    """As many as there may be, all over the code; two steps from each."""
    _code(probe, firmware, 200)
    turns = itertools.cycle((Resume.STEP, Resume.STEP, Resume.GO_ON))
    return Scripted(lambda _halt: next(turns))


def plain_breakpoints(probe, firmware):
    """A few, at which it goes on."""
    _code(probe, firmware, 20)
    return Scripted()


def watchpoints(probe, _firmware):
    """All of RAM, loads and stores, with a step from every third."""
    assert probe.watch_data(*RAM[probe.core], loads=True, stores=True, on=True)
    turns = itertools.cycle((Resume.GO_ON, Resume.GO_ON, Resume.STEP))
    return Scripted(lambda _halt: next(turns))


def watches_nothing(probe, _firmware):
    """Block after block in the stepper, and never a halt."""
    assert probe.watch_data(0x6000_0000, 4, loads=True, stores=True, on=True)
    return Scripted()


def asks(_probe, _firmware):
    """Between blocks, whenever it may, with a step every other time."""
    turns = itertools.cycle((Resume.GO_ON, Resume.STEP))
    return Scripted(lambda _halt: next(turns), asks=lambda: True)


WAYS = (steps, breakpoints, plain_breakpoints, watchpoints, watches_nothing, asks)


def _code(probe, firmware, most):
    """Breakpoints at even distances."""
    places = [
        address
        for segment in firmware.segments
        for address in range(segment.address, segment.address + len(segment.data), 2)
    ]
    for address in places[:: -(-len(places) // most)]:
        assert probe.break_at(address, True)


def costed(board, model):
    """The same board with cycles."""
    machine = board()
    machine._costs = CostModel.load(model)
    machine._processor.core.branch_penalty = machine._costs.taken_branch_penalty
    return machine


def program(name, folder):
    """Firmware and a board for it, which counts cycles."""
    if name.startswith("random"):
        core = name.removeprefix("random ")
        source = random_programs.riscv(7, 400) if core == "rv32imc" else random_programs.arm(7, 400, "cortex-m4")
        firmware = assembled(core, source, folder / "random.elf")
        return firmware, rv32imc if core == "rv32imc" else nano33ble
    file, bare, board, options = {
        "exceptions": ("exceptions.c", CORTEX_M4, nano33ble, ()),
        "kernels": ("kernels.c", CORTEX_M4, nano33ble, ()),
        "polling": ("misbehaviour.c", CORTEX_M4, nano33ble, ("-DMISBEHAVIOUR=poll",)),
        "printing": ("misbehaviour.c", CORTEX_M4, nano33ble, ("-DMISBEHAVIOUR=storm", "-DQUIET")),
        "kernels riscv": ("kernels_riscv.c", RV32IMC, rv32imc, ()),
        "traps riscv": ("traps.c", RV32IMC, rv32imc, ("-DFIFO",)),
    }[name]
    return Firmware(compiled(file, folder, "-O1", *options, bare=bare)), board


def everything(machine):
    """All that can be known of a machine."""
    processor = machine._processor
    state = ctypes.string_at(ctypes.addressof(processor.core), vars(shim.Core)["marks_used"].offset)
    before, after = vars(shim.Core)["slice"].offset, vars(shim.Core)["limit"].offset
    return {
        "counters": machine.counters(),
        "lines": machine.take(),
        "memories": [machine.read(memory.base, memory.size) for memory in processor.memories],
        "registers": {name: processor.wide_register(name) for name in processor.kind.widths},
        "state": state[:before] + state[before + 8 : after] + state[after + 8 :],  # slices depend on who looks
        "devices": {
            name: [state[part] for part in ("values", "lines", "alarms")]
            for name, state in ((name, device.snapshot()) for name, device in machine._devices.items())
        },
    }


def played(firmware, board, way=None):
    """To the end of a short time, cut in odd pieces."""
    model = "esp32-c3" if board is rv32imc else "cortex-m4"
    debugger = Scripted()
    with costed(board, model) as machine:
        machine.load(firmware)
        for name in ("finished", "next", "UART_Handler"):
            if any(symbol.name == name for symbol in firmware.symbols):
                machine.watch(name)
        if way is not None:
            placed = machine.debug(debugger)
            debugger = way(placed, firmware)
            machine._debugging._debugger = debugger
        for _ in range(9):
            machine.run(limit=23.7e-6)
        return everything(machine), debugger


PROGRAMS = (
    "exceptions",
    "kernels",
    "polling",
    "printing",
    "random cortex-m4",
    "kernels riscv",
    "traps riscv",
    "random rv32imc",
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_machine_that_is_stopped_is_the_machine_that_is_not(tmp_path, name, way):
    firmware, board = program(name, tmp_path)
    expected, _ = played(firmware, board)
    found, debugger = played(firmware, board, way)
    for part, value in expected.items():
        assert found[part] == value, part
    assert debugger.halts or way is watches_nothing


def halted(firmware, board, answer, prepare=lambda _probe: None, limit=200e-6):
    """Run to the end with a debugger that halts it at first; what it met, the machine's lines, and the machine."""
    debugger = Scripted(asks=itertools.chain([True], itertools.repeat(False)).__next__)
    machine = board()
    machine.load(firmware)
    probe = machine.debug(debugger)
    debugger.answer = lambda halt: answer(probe, halt)
    prepare(probe)
    try:
        machine.run(limit=limit)
    except DeviceFault as error:
        debugger.error = error
    return debugger, machine


SUMS = """
#include <stdint.h>
volatile uint32_t total, other;
volatile uint64_t wide;
__attribute__((noinline)) uint32_t add(uint32_t a, uint32_t b) { total = a + b; return total; }
void finished(void) { for (;;) {} }
void work(void) {
  for (uint32_t i = 0; i < 4; i++) {
    add(i, 10);
    other = i;
    wide = i;
  }
  finished();
}
"""
STARTS = {
    "cortex-m": """
void work(void);
void Reset_Handler(void) { work(); }
__attribute__((section(".vectors"))) void *const vectors[] = {(void *)0x20010000, Reset_Handler};
""",
    "riscv": """
__attribute__((naked, section(".init"), used)) void _start(void) { __asm volatile("lui sp, 0x80010; call work"); }
""",
}
CORES = {"cortex-m": (CORTEX_M4, nano33ble, "r0", "r1", "lr"), "riscv": (RV32IMC, rv32imc, "a0", "a1", "ra")}


@pytest.fixture(scope="module", params=sorted(CORES))
def sums(request, tmp_path_factory):
    """A firmware that adds, its board, and names of registers: the first two arguments and the link."""
    bare, board, *names = CORES[request.param]
    folder = tmp_path_factory.mktemp("sums")
    source = folder / "sums.c"
    source.write_text(STARTS[request.param] + SUMS)
    return Firmware(compiled(str(source), folder, "-O1", bare=bare)), board, names


def test_a_breakpoint_halts_before_its_instruction_and_registers_may_be_changed_there(sums):
    firmware, board, (first, second, _) = sums
    add, total = firmware.symbol("add").address, firmware.symbol("total").address
    seen = []

    def answer(probe, halt):
        if halt.why is Why.BREAKPOINT:
            assert probe.register("pc") == add
            seen.append((probe.register(first), probe.register(second), probe.read(total, 4)[0]))
            assert probe.set_register(second, 100)
        return Resume.GO_ON

    debugger, machine = halted(firmware, board, answer, lambda probe: probe.break_at(add, True))
    assert [halt.why for halt in debugger.halts] == [Why.ASKED, *[Why.BREAKPOINT] * 4]
    assert seen == [(0, 10, 0), (1, 10, 100), (2, 10, 101), (3, 10, 102)]
    assert machine.read(total, 1)[0] == 103
    assert machine.read(add, 2) == firmware.segments[0].data[add - firmware.segments[0].address :][:2]
    machine.close()


def test_a_breakpoint_that_is_removed_halts_nothing(sums):
    firmware, board, _ = sums
    add = firmware.symbol("add").address

    def answer(probe, _halt):
        probe.break_at(add, False)
        return Resume.GO_ON

    debugger, machine = halted(firmware, board, answer, lambda probe: probe.break_at(add, True))
    machine.close()
    assert [halt.why for halt in debugger.halts] == [Why.ASKED]


def test_a_watchpoint_halts_before_each_access_that_touches_it(sums):
    firmware, board, _ = sums
    total, wide = firmware.symbol("total").address, firmware.symbol("wide").address
    held = []

    def prepare(probe):
        assert probe.watch_data(total, 4, loads=False, stores=True, on=True)
        assert probe.watch_data(wide + 7, 1, loads=False, stores=True, on=True)  # the last byte of a store of 8

    def answer(probe, halt):
        if halt.why is Why.STORE:
            held.append((halt.address, probe.read(total, 4)[0]))
            assert firmware.function_at(probe.register("pc")).startswith("add" if halt.address == total else "work")
            assert not probe.set_register("pc", 0)  # in the middle of an instruction
        return Resume.GO_ON

    debugger, machine = halted(firmware, board, answer, prepare)
    machine.close()
    assert held == [step for i in range(4) for step in ((total, i and 9 + i), (wide + 7, 10 + i))]
    assert {halt.why for halt in debugger.halts} == {Why.ASKED, Why.STORE}


def test_loads_and_stores_are_watched_apart(sums):
    firmware, board, _ = sums
    total = firmware.symbol("total").address
    debugger, machine = halted(
        firmware,
        board,
        lambda _probe, _halt: Resume.GO_ON,
        lambda probe: probe.watch_data(total, 4, loads=True, stores=False, on=True),
    )
    machine.close()
    assert [halt.why for halt in debugger.halts[1:]] == [Why.LOAD] * 4


def test_a_step_is_one_instruction_and_its_place_in_time_is_told(sums):
    firmware, board, _ = sums
    places = []

    def answer(probe, _halt):
        places.append((probe.position()[0], probe.register("pc")))
        return Resume.STEP

    _, machine = halted(firmware, board, answer, limit=1e-6)
    assert [count for count, _ in places] == list(range(len(places)))
    assert len(places) >= machine.counters().instructions > 50
    machine.close()


def test_the_program_counter_may_be_set_at_a_breakpoint(sums):
    firmware, board, (_, _, link) = sums
    add, total = firmware.symbol("add").address, firmware.symbol("total").address

    def answer(probe, halt):
        if halt.why is Why.BREAKPOINT:
            assert probe.set_register("pc", probe.register(link) & ~1)  # as if it had returned
            assert probe.register("pc") == probe.register(link) & ~1
        return Resume.GO_ON

    debugger, machine = halted(firmware, board, answer, lambda probe: probe.break_at(add, True))
    assert [halt.why for halt in debugger.halts[1:]] == [Why.BREAKPOINT] * 4
    assert machine.read(total, 4) == bytes(4)
    assert machine.read(firmware.symbol("other").address, 1)[0] == 3
    machine.close()


def test_a_run_that_is_abandoned_can_begin_anew(sums):
    firmware, board, _ = sums
    debugger = Scripted()
    with board() as machine:
        machine.load(firmware)
        probe = machine.debug(debugger)
        probe.break_at(firmware.symbol("add").address, True)
        for _ in range(3):
            debugger.answer = lambda _halt: Resume.ABANDON
            with pytest.raises(Abandoned):
                machine.run(limit=1e-4)
            machine.load(firmware)
            assert machine.counters().instructions == 0
        debugger.answer = lambda _halt: Resume.GO_ON
        debugger.halts.clear()
        machine.run(limit=1e-4)
        assert len(debugger.halts) == 4


def test_no_more_breakpoints_than_there_is_room_for(sums):
    firmware, board, _ = sums
    with board() as machine:
        machine.load(firmware)
        probe = machine.debug(Scripted())
        answers = [probe.break_at(0x2000_0000 + 2 * number, True) for number in range(300)]
        assert answers == [True] * 256 + [False] * 44
        watched = [probe.watch_data(number, 1, loads=True, stores=True, on=True) for number in range(70)]
        assert watched == [True] * 64 + [False] * 6


def test_an_interrupt_that_comes_in_a_step_is_no_part_of_it(tmp_path):
    firmware = Firmware(compiled("misbehaviour.c", tmp_path, "-O1", "-DMISBEHAVIOUR=storm", "-DQUIET"))
    functions = set()

    def answer(probe, _halt):
        functions.add(firmware.function_at(probe.register("pc")).partition("+")[0])
        return Resume.STEP

    debugger, machine = halted(firmware, nano33ble, answer, limit=5e-6)
    assert {"storm", "print"} <= functions
    assert "UART_Handler" not in functions
    assert "interrupt" in debugger.heard
    machine.close()


def test_faults_halt_before_their_handler_and_a_lock_up_is_the_last_halt(tmp_path):
    firmware = Firmware(compiled("misbehaviour.c", tmp_path, "-Og", "-g", "-DMISBEHAVIOUR=read_nothing"))
    debugger, machine = halted(firmware, nano33ble, lambda _probe, _halt: Resume.GO_ON, limit=0.01)
    kinds = [halt.why for halt in debugger.halts]
    assert kinds[-1] is Why.FAILED
    assert debugger.halts[-1].error is debugger.error
    assert all(kind is Why.FAULT for kind in kinds[1:-1])
    assert "0x60000014" in debugger.error.message
    machine.close()


def test_the_stop_of_a_person_is_heard_at_a_breakpoint(tmp_path):
    firmware = Firmware(compiled("kernels.c", tmp_path, "-O1"))
    with nano33ble() as machine:
        machine.load(firmware)
        debugger = Scripted()
        probe = machine.debug(debugger)
        probe.break_at(firmware.symbol("finished").address, True)

        def answer(_halt):
            raise KeyboardInterrupt

        debugger.answer = answer
        with pytest.raises(KeyboardInterrupt):
            machine.run(limit=0.5)


def test_the_boards_of_the_lab_name_their_registers():
    with BuiltinMachine(repl.read(NANO33BLE), cpu="sysbus.cpu", uart="sysbus.uart0") as machine:
        assert {"r0", "sp", "lr", "pc", "xpsr", "d15", "fpscr"} <= set(machine.debug(Scripted()).registers)
    with rv32imc() as machine:
        assert {"ra", "sp", "a0", "t6", "pc", "mepc"} <= set(machine.debug(Scripted()).registers)
