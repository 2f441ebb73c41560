"""A firmware that is reset goes on from the start: what outlives it, what is said, and when it is enough."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.booting import fitting
from lab.booting.boot import Boot
from lab.cli import main
from lab.images import read

from .conftest import built
from .test_esp32c3 import booted as booted_esp32c3
from .test_esp32c3 import compiled, needs_compiler  # noqa: F401


@pytest.fixture(scope="module")
def resets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ELF of resets.c."""
    return built("resets", "cortex-m7", tmp_path_factory.mktemp("resets"))


def booted(elf, *, sends=(), limit_s=0.2, tell=lambda _reason: None):
    image = read(elf)
    with Boot(image, fitting.board(image), lambda _port, _data: None, sends=sends, tell=tell) as boot:
        return boot.run(limit_s)


def test_each_reset_says_why_and_keeps_what_silicon_keeps(resets):
    told = []
    ended = booted(resets, tell=told.append)
    assert ended.output["usart1"].splitlines() == [
        "reasons 0000000e backup 00000000 kept 00000000",
        "reasons 00000014 backup 00000001 kept 00000001",
        "reasons 00000024 backup 00000002 kept 00000002",
        "reasons 00000014 backup 00000003 kept 00000003",
    ]
    assert (ended.why, ended.fault) == ("time", "")
    asked, bitten, faulted = (one.reason for one in ended.restarts)
    assert "The firmware reset itself (AIRCR.SYSRESETREQ). It happened in the block at 0x080000" in asked
    assert " reset" in asked
    assert "sysbus.iwdg: the watchdog resets the chip" in bitten
    assert "in the handler of this fault: BusFault at" in faulted
    assert [reason for reason in told if reason.endswith("It starts anew.")] == told
    assert len(told) == 3


def test_a_core_that_sleeps_in_the_block_of_its_reset_is_reset_at_once(resets):
    assert booted(resets).restarts[0].time_ns < 1_000_000


@pytest.mark.produces("endless-resets")
def test_a_loop_of_resets_ends_with_its_cause(resets, capsys):
    assert main(["boot", str(resets), "--for", "1", "--send", "x"]) == 1
    said = capsys.readouterr()
    assert said.out.count("reasons") == 13
    assert "resets.elf is reset again and again: 10 times" in said.err
    assert "resets: 13, the last after" in said.err


def test_resets_are_in_the_document_for_scripts(resets, capsys):
    assert main(["boot", str(resets), "--for", "0.1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["resets"]
    assert ["SYSRESETREQ" in one["reason"] for one in found] == [True, False, True]


@needs_compiler
def test_an_esp32c3_tells_the_cause_and_has_its_variables_anew(compiled):  # noqa: F811
    ended = booted_esp32c3(compiled("resets"), until="never")
    (said,) = ended.output.values()
    assert said.splitlines() == [
        "cause 1 stored 0 variable 7",
        "cause 3 stored 1 variable 7",
        "cause 12 stored 2 variable 7",
        "cause 8 stored 3 variable 7",
        "cause 9 stored 4 variable 7",
        "cause 16 stored 0 variable 7",
        "cause 3 stored 1 variable 7",
        "cause 12 stored 2 variable 7",
        "cause 8 stored 3 variable 7",
        "cause 9 stored 4 variable 7",
    ]
    assert "again and again" in ended.fault
