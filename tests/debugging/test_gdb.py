"""Debian's own gdb-multiarch, on both architectures."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from lab.elf import Firmware
from tests.engine.qemu import compiled
from tests.engine.test_debugging import CORES, STARTS, SUMS

from .client import served

GDB = "gdb-multiarch"
pytestmark = pytest.mark.skipif(not shutil.which(GDB), reason=f"{GDB} is not installed")


def gdb(elf, port, *commands):
    """What GDB says to commands, one after the other, when it is connected."""
    orders = [f"target remote 127.0.0.1:{port}", *commands]
    given = [word for order in orders for word in ("-ex", order)]
    ran = subprocess.run([GDB, "-nx", "-batch", *given, elf], capture_output=True, text=True, timeout=60, check=False)
    return ran.stdout + ran.stderr


@pytest.fixture(params=sorted(CORES))
def board(request, tmp_path):
    """A board that adds, as the engine's tests have it, with debug information."""
    bare, make, *_ = CORES[request.param]
    source = tmp_path / "sums.c"
    source.write_text(STARTS[request.param] + SUMS)
    firmware = Firmware(compiled(str(source), tmp_path, "-Og", "-g", bare=bare))
    with served(make, firmware) as one:
        one.elf = firmware.path
        yield one


def test_a_session_with_breakpoint_watchpoint_step_and_writes(board):
    said = gdb(
        board.elf,
        board.port,
        "break add if a == 2",
        "continue",
        "backtrace",
        "print a + b",
        "set var b = 30",
        "finish",
        "watch other",
        "continue",
        "stepi",
        "info registers pc sp",
        "monitor time",
        "monitor reset",
        "maintenance flush register-cache",
        "info registers pc",
        "kill",
    )
    assert re.search(r"Breakpoint 1, add \(a=(a@entry=)?2, b=(b@entry=)?10\)", said)
    assert re.search(r"#1 .* work \(\)", said)
    assert "$1 = 12" in said
    assert "Value returned is $2 = 32" in said
    assert re.search(r"Hardware watchpoint 2: other\s+Old value = 1\s+New value = 2", said)
    assert re.search(r"0\.0000\d+ s, \d+ instructions", said)
    assert "The board was reset." in said
    assert "killed" in said
    counters = re.findall(r"^pc .*<(\w+)", said, re.MULTILINE)
    assert counters[0] == "work"
    assert counters[1] in {"Reset_Handler", "_start"}
    assert "error" not in said.lower()
    assert "Cannot" not in said


def test_gdb_calls_functions_of_the_firmware(board):
    said = gdb(board.elf, board.port, "break add", "continue", "delete", "print add(20, 22)", "print total", "kill")
    assert "$1 = 42" in said
    assert "$2 = 42" in said


def test_lines_are_stepped_over_and_into(board):
    said = gdb(board.elf, board.port, "break work", "continue", "next", "next", "step", "bt", "finish", "next", "kill")
    assert "#0  add (" in said
    assert "Value returned is $1 = 10" in said
    assert re.search(r"^\d+\s+wide = i;", said, re.MULTILINE)
    assert re.search(r"^\d+\s+add\(i, 10\);", said, re.MULTILINE)


def test_a_client_that_quits_leaves_the_board_running_and_another_one_finds_it(board):
    gdb(board.elf, board.port, "break finished", "continue")
    said = gdb(board.elf, board.port, "backtrace", "kill")
    assert "#0  finished ()" in said
