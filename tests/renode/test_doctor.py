"""What `lab doctor` says of Renode."""

from __future__ import annotations

import shutil

import pytest

from lab import target
from lab.doctor import renode
from tests import fake_project
from tests.renode import stand_in

UNKNOWN = "Error E04: Could not resolve type: 'CPU.CortexQ'."
COMPILED = "Code from file/boards/sensor_fifo/SensorFifo.cs has already been compiled. Ignoring..."
MONITOR = f"""while read -r line; do
    case $line in
        echo*) eval "$line" ;;
        *Load*/{{refused}}/*) echo "There was an error executing command '$line'"; echo "{UNKNOWN}" ;;
        *Load*/{{deadly}}/*) echo "Unhandled exception. Out of luck."; exit 134 ;;
        *Load*/two-fifos/*) echo "{COMPILED}" ;;
        *Load*) [ -z "$loaded" ] || echo "Error E00: a board is here already."; loaded=yes ;;
        lab_*) echo "lab: done" ;;
    esac
done; exit 0"""


@pytest.fixture
def boards(machine, monkeypatch):
    """A project with these boards, each as the one that ships, on a machine with a Renode that answers."""
    project = fake_project.make(machine / "project")
    monkeypatch.setenv("LAB_PROJECT", str(project))

    def has(*names: str, refused: str = "none", deadly: str = "none") -> None:
        for name in names:
            shutil.copytree(project / "renode_platforms/nano33ble", project / "renode_platforms" / name)
        stand_in.make(machine / "bin", "1.17.0", MONITOR.format(refused=refused, deadly=deadly))

    return has


def seen() -> dict[str, tuple[str, str]]:
    return {one.name: (one.status, one.remedy) for one in renode.components()}


def test_without_one_nothing_is_started_and_the_remedy_named(machine):
    (one,) = renode.components()
    assert (one.name, one.status) == ("renode", "missing")
    assert "lab setup renode" in one.remedy


def test_one_that_is_too_old_is_told_from_none(machine):
    stand_in.make(machine / "bin", "1.14.0")
    (one,) = renode.components()
    assert "is version 1.14.0; 1.16.1 or newer is needed" in one.remedy


def test_one_that_is_named_and_does_not_work_is_unusable(machine, monkeypatch):
    monkeypatch.setenv("RENODE_PATH", str(machine / "nothing"))
    (one,) = renode.components()
    assert (one.status, "RENODE_PATH is" in one.remedy) == ("unusable", True)


def test_each_board_is_loaded_and_what_renode_says_of_one_is_passed_on(boards):
    boards("good", "refused", refused="refused")
    said = seen()
    assert said["renode"] == ("ok", "")
    assert said["nano33ble"] == said["good"] == ("ok", "")
    status, remedy = said["refused"]
    assert status == "unusable"
    assert UNKNOWN in remedy


def test_a_renode_that_a_board_kills_is_said_with_its_last_words_and_the_next_board_is_loaded(boards):
    boards("deadly", "good", deadly="deadly")
    said = seen()
    status, remedy = said["deadly"]
    assert status == "unusable"
    assert "ended with status 134" in remedy
    assert "Unhandled exception. Out of luck." in remedy
    assert said["good"] == said["nano33ble"] == ("ok", "")


def test_code_that_two_devices_include_is_no_refusal_and_hides_none(boards):
    boards("a-first", "two-fifos", "z-last", refused="z-last")
    said = seen()
    assert {name for name, (status, _) in said.items() if status != "ok"} == {"z-last"}
    assert said["two-fifos"] == ("ok", "")
    assert UNKNOWN in said["z-last"][1]


def test_another_version_is_in_order_with_a_warning(machine):
    stand_in.make(machine / "bin", "1.16.1", MONITOR.format(refused="none", deadly="none"))
    status, remedy = seen()["renode"]
    assert (status, "renode#954" in remedy) == ("ok", True)


@pytest.mark.usefixtures("real_renode")
def test_a_real_renode_loads_every_board():
    said = seen()
    assert set(said) >= {"renode", *target.names()}
    assert {status for status, _ in said.values()} == {"ok"}
