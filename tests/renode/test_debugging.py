"""A debugger at a board in Renode: the scripted one that is held against undisturbed runs, and gdb-multiarch."""

from __future__ import annotations

import itertools
import re
import signal
import time

import pytest

from lab import building, target, workload
from lab.engines.debuggable import Abandoned, Halt, Resume, Why
from lab.engines.renode.debugging import Debugging
from lab.engines.renode.engine import RenodeEngine
from lab.engines.renode.trouble import Aborted
from lab.errors import DeviceFault
from lab.measuring.parameters import Parameters
from lab.model import Model
from tests.debugging.terminals import gdb, gdb_process, needs_gdb, started
from tests.engine.test_debugging import Scripted


class Answers:
    """A session whose Renode says what a test has prepared: `news` by turns, else "yes"."""

    def __init__(self, *news):
        self.news = [[*one.split("; "), "at 7 8 9"] for one in news]
        self.asked = []
        self.steps = itertools.repeat("yes")

    def ask(self, command):
        self.asked.append(command)
        if command == "lab_news":
            return self.news.pop(0)
        if command == "lab_step":
            return [next(self.steps)]
        if command.startswith("lab_registers"):
            return ["are " + " ".join(str(number) for number in range(len(command.split()) - 1))]
        return ["yes"]

    def check_for_abort(self):
        if not self.news:
            raise Aborted("CPU abort", 0x208)


def debugged(board, debugger, core="cortex-m"):
    return Debugging(board, debugger, core, lambda digits: bytes.fromhex(digits).decode())


def test_a_run_stands_at_once_and_where_the_debugger_says_and_ends_with_the_run():
    debugger = Scripted(asks=itertools.chain([True], itertools.repeat(False)).__next__)
    board = Answers("halt asked 0", "line 1 2 =6869", "halt breakpoint 0", "mark 256 1 3 4; over")
    assert debugged(board, debugger).run(5_000) == ["line 1 2 =6869", "mark 256 1 3 4", "at 7 8 9"]
    assert [halt.why for halt in debugger.halts] == [Why.ASKED, Why.BREAKPOINT]
    assert debugger.heard == ["hi"]
    assert board.asked[:3] == ["lab_debug", "lab_stand", "lab_go 5000"]
    assert board.asked.count("lab_go_on") == 2


def test_a_step_that_the_run_has_no_time_for_is_the_first_of_the_next():
    debugger = Scripted(lambda _halt: Resume.STEP, asks=itertools.chain([True], itertools.repeat(False)).__next__)
    board = Answers("halt asked 0", "over", "halt stepped 0", "over")
    board.steps = iter(["no", "yes", "no"])
    machine = debugged(board, debugger)
    machine.run(1_000)
    machine.run(1_000)
    assert [halt.why for halt in debugger.halts] == [Why.ASKED, Why.STEPPED]
    later = board.asked[board.asked.index("lab_go 1000") + 1 :]
    assert later[later.index("lab_go 1000") + 1] == "lab_step"


def test_a_debugger_ends_a_run():
    with pytest.raises(Abandoned):
        debugged(Answers("halt breakpoint 0"), Scripted(lambda _halt: Resume.ABANDON)).run(1)


def test_a_core_that_gives_up_and_a_board_that_resets_itself_end_a_run_that_nobody_ends():
    with pytest.raises(Aborted):
        debugged(Answers("line 1 2 =6869"), Scripted()).run(1)
    assert debugged(Answers("reset"), Scripted()).run(1) == ["reset", "at 7 8 9"]


def test_an_access_is_told_by_what_the_watchpoint_was_set_to():
    debugger = Scripted()
    machine = debugged(Answers("halt store 8196", "halt load 8190", "halt store 12288", "over"), debugger)
    machine.watch_data(8194, 4, loads=True, stores=True, on=True)
    machine.run(1)
    assert debugger.halts == [Halt(Why.STORE, 8194), Halt(Why.LOAD, 8194), Halt(Why.STORE, 12288)]


def test_of_a_cortex_m_the_stack_pointer_in_use_is_one_of_its_two():
    machine = debugged(Answers(), Scripted())
    assert machine.register("psp") == machine.register("sp")
    assert machine.register("msp") != machine.register("sp")
    assert set(machine.registers) == {name for name in machine.registers if machine.register(name) is not None}
    assert not machine.set_register("msp", 4)


@pytest.mark.produces("no-memory-there")
def test_what_is_no_memory_is_neither_read_nor_written():
    board = Answers()
    board.ask = lambda _command: ["no"]
    machine = debugged(board, Scripted())
    with pytest.raises(DeviceFault):
        machine.read(0x4000_0000, 4)
    with pytest.raises(DeviceFault):
        machine.write(0x4000_0000, b"data")


# With a real one


@pytest.fixture(params=["nano33ble", "esp32c3"])
def board(request):
    return target.load(request.param)


@pytest.fixture
def firmware(board):
    work = workload.load("keyword-spotting")
    return building.build(work, board, Model.read(work.model_path)).firmware


MOST = 60
"""Halts in a way to debug: each takes some hundredths of a second."""


def stepper(_probe, _firmware):
    """The first instructions one by one."""
    left = itertools.chain([Resume.STEP] * MOST, itertools.repeat(Resume.GO_ON))
    return Scripted(lambda _halt: next(left), asks=itertools.chain([True], itertools.repeat(False)).__next__)


def breaker(probe, firmware):
    """Breakpoints on functions all over the code, which are left by steps or at once."""
    functions = [symbol.address for symbol in firmware.symbols if symbol.is_function][::5]
    for address in functions:
        assert probe.break_at(address, True)
    turns = iter([Resume.STEP, Resume.GO_ON, Resume.GO_ON] * (MOST // 3))

    def answer(_halt):
        how = next(turns, None)
        if how is None:
            for address in functions:
                assert probe.break_at(address, False)
        return how or Resume.GO_ON

    return Scripted(answer)


def watcher(probe, firmware):
    """Loads and stores of a variable."""
    what = next(symbol for symbol in firmware.symbols if "listener" in symbol.name and not symbol.is_function)
    place = {"address": what.address, "size": 8, "loads": True, "stores": True}
    assert probe.watch_data(**place, on=True)
    left = itertools.count(-MOST)

    def answer(_halt):
        assert next(left) or probe.watch_data(**place, on=False)
        return Resume.GO_ON

    return Scripted(answer)


def asker(_probe, _firmware):
    """In the middle of something, again and again, with a step every other time."""
    turns = itertools.cycle((Resume.GO_ON, Resume.STEP))
    asks = itertools.chain([True] * MOST, itertools.repeat(False))
    return Scripted(lambda _halt: next(turns), asks=asks.__next__)


def played(engine, board, firmware, way=None):
    """What is known of a board after a tenth of a second, in odd pieces, and the debugger that had been there."""
    debugger = None
    with engine.machine(board) as machine:
        machine.load(firmware)
        Parameters("stream", 16_000).put(machine, firmware)
        machine.watch("lab_mark")
        if way is not None:
            placed = Placed()
            placed.debugger = debugger = way(machine.debug(placed), firmware)
        for _ in range(3):
            machine.run(limit=0.0237)
        ram = machine.read(firmware.symbol("lab_scores").address & ~0xFFF, 0x1000)
        return (machine.counters(), machine.take(), ram), debugger


class Placed:
    """A debugger whose answers come from another, which needs the probe first."""

    debugger = Scripted()

    def __getattr__(self, name):
        return getattr(self.debugger, name)


@pytest.mark.renode
@pytest.mark.parametrize("way", [stepper, breaker, watcher, asker], ids=lambda way: way.__name__)
def test_a_board_that_is_stopped_is_the_board_that_is_not(board, firmware, real_renode, way):
    engine = RenodeEngine(real_renode)
    expected, _ = played(engine, board, firmware)
    found, debugger = played(engine, board, firmware, way)
    assert found == expected
    assert len(debugger.halts) > 3


@pytest.fixture
def terminal(board, monkeypatch, real_renode):
    monkeypatch.setenv("RENODE_PATH", str(real_renode.path))
    with started("debug", "keyword-spotting", "--target", board.name, "--engine", "renode") as one:
        yield one


@needs_gdb
@pytest.mark.renode
def test_a_session_with_gdb(terminal):
    line = terminal.until("^gdb-multiarch .*")[0]
    said = gdb(
        line,
        "monitor time",
        "print/x *(int*)0x40000000",
        "monitor echo",
        "break lab::Network::invoke",
        "continue",
        "backtrace",
        "delete",
        "finish",
        "set var lab_scores[2] = 100",
        "print lab_scores[2] + 1",
        "stepi",
        "info registers pc sp",
        "watch *(char*)lab_scores@12",
        "continue",
        "monitor time",
        "detach",
    )
    assert "0.000000000 s, 0 instructions" in said
    assert "Cannot access memory at address 0x40000000" in said
    assert "monitor time    virtual time" in said
    assert re.search(r"Breakpoint 1, lab::Network::invoke", said)
    assert re.search(r"#\d+ .* main \(\)", said)
    assert re.search(r"^\$\d+ = 101", said, re.MULTILINE)
    assert re.search(r"^pc +0x[0-9a-f]+", said, re.MULTILINE)
    assert "Hardware watchpoint 2" in said
    assert 1 < float(re.findall(r"(\d+\.\d+) s, ", said)[-1]) < 1.5
    terminal.until("GDB has detached")
    terminal.until('"event":"inference"')
    assert "interrupted" not in gdb(line, "info registers pc", "kill")
    assert terminal.rest() == 0
    assert '"event":"boot"' in terminal.printed


@needs_gdb
@pytest.mark.renode
def test_gdb_interrupts_and_may_be_killed(terminal):
    line = terminal.until("^gdb-multiarch .*")[0]
    running = gdb_process(line, "continue", "monitor time", "kill")
    terminal.until('"event":"boot"')
    time.sleep(1)
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert "received signal SIGINT" in said
    assert re.search(r"\d+\.\d+ s, [\d,]+ instructions", said)
    assert terminal.rest() == 0


@needs_gdb
@pytest.mark.renode
def test_a_board_that_lost_its_gdb_stands_until_another_comes_or_ctrl_c(terminal):
    line = terminal.until("^gdb-multiarch .*")[0]
    lost = gdb_process(line, "continue")
    terminal.until('"event":"boot"')
    lost.kill()
    lost.communicate()
    terminal.until("GDB has gone|GDB has lost")
    first, second = (re.findall(r"[\d.]+ s, ([\d,]+) inst", gdb(line, "monitor time", "disconnect")) for _ in range(2))
    assert first == second != []
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.rest() == 130
    assert terminal.printed.endswith("Interrupted.\n")
