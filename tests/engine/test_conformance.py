"""The built-in engine does what a real Renode did: every event of every probe, to the instruction."""

import json
from pathlib import Path

import pytest

from lab.elf import Firmware
from lab.engines.builtin import repl
from lab.engines.builtin.machine import BuiltinMachine

VECTORS = Path(__file__).parent / "conformance"
PROBES = sorted(file.stem for file in (VECTORS / "expected").glob("*.json"))


def board():
    return BuiltinMachine(repl.read(VECTORS / "nrf52840.repl"), cpu="sysbus.cpu", uart="sysbus.uart0")


def probe(name):
    return Firmware(VECTORS / "probes" / f"{name}.elf")


def watch_everything(machine, firmware):
    for symbol in firmware.symbols:
        if symbol.is_function and (symbol.name == "mark" or symbol.name.endswith("_Handler")):
            machine.watch(symbol.name)


def events(machine):
    return [
        [
            f"mark:{mark.argument}" if mark.symbol == "mark" else mark.symbol,
            mark.counters.instructions,
            mark.counters.time_ns,
        ]
        for mark in machine.marks()
        if mark.symbol != "Reset_Handler"
    ]


def result(machine, firmware):
    return list(memoryview(machine.read(firmware.symbol("result").address, 40)).cast("I"))


@pytest.mark.parametrize("name", PROBES)
def test_a_probe_does_what_it_did_on_renode(name):
    expected = json.loads((VECTORS / "expected" / f"{name}.json").read_text())
    firmware = probe(name)
    with board() as machine:
        machine.load(firmware)
        watch_everything(machine, firmware)
        machine.run(limit=expected["virtual_seconds"])
        assert events(machine) == expected["events"]
        assert result(machine, firmware) == expected["result"]
        assert machine.counters().instructions == expected["executed_instructions"]
        assert machine.lines() == expected["uart"].splitlines()


@pytest.mark.parametrize("name", ["three_sources", "nested", "fp_context"])
def test_cutting_a_run_into_pieces_changes_nothing(name):
    expected = json.loads((VECTORS / "expected" / f"{name}.json").read_text())
    firmware = probe(name)
    with board() as machine:
        machine.load(firmware)
        watch_everything(machine, firmware)
        for _ in range(10):
            machine.run(limit=expected["virtual_seconds"] / 10)
        assert events(machine) == expected["events"]


@pytest.mark.parametrize("name", ["three_sources", "uart_lines"])
def test_a_restored_machine_goes_on_as_the_first_time(name):
    firmware = probe(name)
    with board() as machine:
        machine.load(firmware)
        watch_everything(machine, firmware)
        machine.run(limit=0.00323)
        kept = machine.snapshot()

        def rest():
            machine.run(limit=0.01)
            return machine.counters(), events(machine), machine.lines(), result(machine, firmware), machine.trace()

        first = rest()
        assert first[1], "a run in which nothing happens proves nothing"
        for _ in range(3):
            machine.restore(kept)
            assert rest() == first


def test_two_machines_in_one_process_do_not_disturb_each_other():
    firmware = probe("three_sources")
    with board() as one, board() as other:
        for machine in (one, other):
            machine.load(firmware)
            watch_everything(machine, firmware)
        for _ in range(5):
            one.run(limit=0.002)
            other.run(limit=0.002)
        assert events(one) == events(other)
        assert one.counters() == other.counters()
