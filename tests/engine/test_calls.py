"""The tree of calls: who called whom and how often is what the program says, and what was spent adds up exactly."""

from __future__ import annotations

from collections import Counter

import pytest

from lab.elf import Firmware

from .boards import nano33ble, rv32imc
from .qemu import CORTEX_M4, RV32IMC, compiled

BOARDS = {CORTEX_M4: nano33ble, RV32IMC: rv32imc}
OPTIMISED = ("-O2",)


def invocations_of_tree(n):
    return 1 + (invocations_of_tree(n - 1) if n else 0) + (invocations_of_tree(n - 2) if n > 1 else 0)


def followed(elf, board, *, period=0, apart=()):
    """The calls until the program is finished, and the counters there."""
    with board() as machine:
        firmware = Firmware(elf)
        machine.load(firmware)
        if period:
            machine.write(firmware.symbol("period").address, period.to_bytes(4, "little"))
        machine.watch("finished")
        machine.follow_calls(apart)
        machine.run(limit=0.002)
        (mark,) = machine.marks()
        return [*machine.calls()], mark.counters


def before_the_mark(calls):
    """Indices of the nodes of the first section."""
    found = {0}
    for index, call in enumerate(calls):
        if call.parent in found:
            found.add(index)
    return sorted(found)


def by_name(calls, field):
    totals = Counter()
    for index in before_the_mark(calls):
        totals[calls[index].name] += getattr(calls[index], field)
    return totals


@pytest.fixture(params=BOARDS, ids=["cortex-m4", "rv32imc"])
def program(request, tmp_path):
    return compiled("calls.c", tmp_path, *OPTIMISED, bare=request.param), BOARDS[request.param]


def test_every_call_is_counted(program):
    calls, _ = followed(*program)
    counts = by_name(calls, "calls")
    trees = invocations_of_tree(9) + sum(map(invocations_of_tree, (2, 5, 8)))
    leaves = 7 + 7 + 5 + 3 + 3
    expected = {"leaf": leaves, "tail": 7 + 3, "many": 5, "tree": trees, "apply": 9, "loop": 1, "chosen": 1}
    assert {name: counts[name] for name in expected} == expected


def test_what_functions_spent_adds_up_to_what_the_core_counted(program):
    calls, counters = followed(*program)
    assert sum(calls[index].instructions for index in before_the_mark(calls)) == counters.instructions


def test_a_function_that_is_jumped_to_is_below_the_one_that_jumps_and_returns_with_it(program):
    calls, _ = followed(*program)
    parents = {calls[call.parent].name for call in calls if call.name == "leaf"}
    assert parents == {"work", "tail", "many", "apply"}
    assert {calls[call.parent].name for call in calls if call.name == "chosen"} == {"work"}


def test_functions_that_jump_to_each_other_do_not_pile_up(program):
    calls, _ = followed(*program)
    assert sum(call.name in ("even", "odd") for call in calls) == 2


def test_a_recursion_is_as_deep_as_it_was(program):
    calls, _ = followed(*program)

    def depth(index):
        return 0 if index is None else (calls[index].name == "tree") + depth(calls[index].parent)

    assert max(map(depth, range(len(calls)))) == 10


def test_calls_that_are_kept_apart_come_in_order_from_places_of_their_own(program):
    calls, _ = followed(*program, apart=("chosen",))
    kept = [call for call in calls if call.name == "apply"]
    assert [call.calls for call in kept] == [1] * 9
    assert len({call.site for call in kept}) == 1
    merged, _ = followed(*program)
    assert sum(call.instructions for call in kept) == by_name(merged, "instructions")["apply"]


@pytest.mark.parametrize("period", [97, 131, 509])
def test_interrupts_take_nothing_from_the_functions_that_they_interrupt(tmp_path, period):
    elf = compiled("calls.c", tmp_path, *OPTIMISED)
    calm, _ = followed(elf, nano33ble)
    disturbed, counters = followed(elf, nano33ble, period=period)
    handled = {"SysTick", "SysTick_Handler", "tick"}
    unchanged = by_name(calm, "instructions").keys() - {"work"}  # which sets the timer
    for field in ("instructions", "calls"):
        with_them, without = by_name(disturbed, field), by_name(calm, field)
        assert {name: with_them[name] for name in unchanged} == {name: without[name] for name in unchanged}
        assert with_them.keys() - without.keys() == handled
    assert by_name(disturbed, "calls")["tick"] == by_name(disturbed, "calls")["SysTick"] > 5
    assert sum(disturbed[index].instructions for index in before_the_mark(disturbed)) == counters.instructions


@pytest.mark.parametrize(
    ("bare", "source", "way"),
    [
        (CORTEX_M4, "exceptions.c", ["0", "Reset_Handler", "finished"]),
        (RV32IMC, "traps.c", ["0", "_start", "finished"]),
    ],
    ids=["cortex-m4", "rv32imc"],
)
def test_after_every_kind_of_exception_it_is_known_where_the_program_is(tmp_path, bare, source, way):
    """Nested and chained ones, faults, handlers that return elsewhere, threads with a stack of their own."""
    elf = compiled(source, tmp_path, "-O1", bare=bare)
    with BOARDS[bare]() as machine:
        machine.load(Firmware(elf))
        machine.watch("finished")
        machine.follow_calls()
        machine.run(limit=0.05)
        calls = machine.calls()
        spent = sum(call.instructions for call in calls)
        assert spent == machine.counters().instructions
    (end,) = [index for index, call in enumerate(calls) if call.name == "finished" and call.calls]
    names = []
    while end is not None:
        names.append(calls[end].name)
        end = calls[end].parent
    assert names[::-1] == way


def test_following_changes_no_count(program):
    elf, board = program
    _, followed_counters = followed(elf, board)
    with board() as machine:
        machine.load(Firmware(elf))
        machine.watch("finished")
        machine.run(limit=0.002)
        assert machine.marks()[0].counters == followed_counters


def test_a_restored_snapshot_ends_it(program):
    elf, board = program
    with board() as machine:
        machine.load(Firmware(elf))
        start = machine.snapshot()
        machine.follow_calls()
        machine.run(limit=0.0001)
        assert machine.calls()
        machine.restore(start)
        assert machine.calls() == ()
