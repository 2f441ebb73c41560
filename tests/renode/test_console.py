"""The monitor on a pipe: what it echoes, wraps and refuses."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from lab import places, target
from lab.engines.builtin import repl
from lab.engines.renode import patience, settings
from lab.engines.renode.console import Console, quoted
from lab.engines.renode.process import RenodeProcess
from lab.engines.renode.trouble import Gone, Refused, Silent
from lab.errors import UsageError


class Typewriter:
    """A process that answers with prepared output, whatever is typed, in pieces of a few bytes."""

    def __init__(self, output: bytes) -> None:
        self.output = output
        self.typed: list[str] = []

    def send(self, line: str) -> None:
        self.typed.append(line)

    def settle(self) -> None:
        pass

    def wanted_s(self) -> float:
        return 0.0

    def receive(self, limit_s: float) -> bytes | None:
        data, self.output = self.output[:5], self.output[5:]
        return data or None


def test_an_echo_broken_at_the_end_of_the_line_is_no_part_of_the_answer():
    process = Typewriter(
        b'(board) lab_reset "/a/long/pa\r\n\rth/firmware.elf" 0\n\rlab: at 0 0 0\r\r\n(board) echo "lab-1"\n\rlab-1\r\n'
    )
    assert Console(process).ask('lab_reset "/a/long/path/firmware.elf" 0', 1.0) == ["at 0 0 0"]
    assert process.typed == ['lab_reset "/a/long/path/firmware.elf" 0', 'echo "lab-1"']


def test_what_it_said_before_it_ended_is_read_though_it_takes_no_more():
    process = RenodeProcess(["/bin/sh", "-c", "exec 0<&-; echo 'Out of luck.'; exit 3"])
    try:
        assert process.status() == "ended with status 3"
        with pytest.raises(Gone, match="ended with status 3"):
            Console(process).greet(5)
        assert "Out of luck." in process.last_words()
    finally:
        process.end()


WORK = "import time\nwhile time.process_time() < 2.5: pass"


def greeting_after(command, limit_s):
    process = RenodeProcess(["/bin/sh", "-c", f"{command}; echo lab-1; cat >/dev/null"])
    try:
        Console(process).greet(limit_s)
    finally:
        process.end()


def test_one_that_works_is_waited_for_however_little_of_a_busy_machine_it_gets(monkeypatch):
    monkeypatch.setattr(patience, "_TIMES_WHILE_MOVING", 100)
    greeting_after(f"{shlex.quote(sys.executable)} -c {shlex.quote(WORK)}", 1.0)


def test_one_that_only_waits_is_given_up_when_the_time_is_over():
    with pytest.raises(Silent):
        greeting_after("sleep 5", 0.5)


def test_one_that_works_without_end_is_given_up_in_the_end(monkeypatch):
    monkeypatch.setattr(patience, "_TIMES_WHILE_MOVING", 3)
    with pytest.raises(Silent):
        greeting_after("while :; do :; done", 0.5)


def test_other_words_between_are_no_part_of_the_answer():
    process = Typewriter(b"(board) lab_run 5\r\nA warning\r\nlab: at 1 2 3\r\nlab-1\r\n")
    assert Console(process).ask("lab_run 5", 1.0) == ["at 1 2 3"]


def test_a_notice_about_code_that_is_there_already_is_no_refusal_and_hides_none():
    notice = b"Code from file/boards/Fifo.cs has already been compiled. Ignoring...\r\n"
    load = ["machine LoadPlatformDescription @b.repl"]
    Console(Typewriter(notice + b"lab-1\r\n")).do(load, 1.0)
    with pytest.raises(Refused, match="Error E04") as raised:
        Console(Typewriter(notice + b"Error E04: no.\r\nlab-1\r\n")).do(load, 1.0)
    assert "compiled" not in str(raised.value)


@pytest.mark.parametrize("name", ["a;b", "a\nb", "a\tb", 'a"b', "a\\b", "ä", "\x1b[2J"])
@pytest.mark.produces("renode-path")
def test_a_path_that_the_monitor_would_misread_is_refused(name):
    with pytest.raises(UsageError):
        quoted(Path("/boards") / name)


def test_spaces_in_a_path_are_escaped():
    assert quoted(Path("/my boards/nano 33.repl")) == "@/my\\ boards/nano\\ 33.repl"


def commands(board, mips=None):
    files = {name: Path("/somewhere") / name for name in ("platform", "log", "more")}
    return list(settings.commands(repl.read(board.repl), board.platform.cpu, **files, mips=mips))


def test_a_core_gets_another_pace_once_the_board_is_loaded():
    board = target.load("nano33ble")
    typed = commands(board, mips=51)
    (added,) = set(typed) - set(commands(board))
    assert added == "sysbus.cpu PerformanceInMips 51"
    assert typed[typed.index(added) - 1].startswith("machine LoadPlatformDescription")


def test_time_is_synchronised_before_writes_to_every_device_of_the_bus():
    board = target.load("nano33ble")
    typed = commands(board)
    hooked = {line.split()[2] for line in typed if "SetHookBeforePeripheralWrite" in line}
    assert {f"sysbus.{name}" for name in ("nvic", "timer0", "rtc0", "pdm")} <= hooked
    assert not hooked & {"sysbus.cpu", "sysbus.flash", "sysbus.ram", "sysbus.twi0.lsm9ds1"}


def test_the_settings_are_those_of_the_script_for_people():
    script = (places.project() / "renode_platforms" / "nano33ble" / "nano33ble.resc").read_text()
    board = target.load("nano33ble")
    typed = "\n".join(commands(board))
    for line in script.splitlines():
        if line.startswith(("emulation SetGlobal", "emulation SetSeed", "sysbus SetHookBefore")):
            assert line.replace('"0.0001"', '"0.000100000"') in typed
