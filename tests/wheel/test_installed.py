"""The installed wheel on each CPython that is supported: from nothing to a verdict, outside of any checkout."""

from __future__ import annotations

import json

import pytest

from lab import __version__

from .conftest import LABELS, interpreter

BETWEEN = ("3.11", "3.12")
ENDS = ("3.10", "3.13", "3.14")
"""The oldest CPython, and the newest that a machine is likely to have."""


@pytest.mark.parametrize("installed", BETWEEN, indirect=True)
def test_it_is_ready_and_shows_what_ships(installed):
    assert json.loads(installed.types("lab doctor --json"))["ready"]
    assert all(one["ready"] for one in json.loads(installed.types("lab list --json"))["workloads"])


@pytest.mark.parametrize("installed", ENDS, indirect=True)
def test_from_an_empty_folder_to_a_verdict(installed, words):
    before = installed.packages()
    assert installed.types("lab --version") == f"lab {__version__}\n"
    shipped = json.loads(installed.types("lab list --json"))["workloads"]
    assert shipped
    assert all(one["ready"] for one in shipped)
    assert "the shipped one" in installed.types("lab list")
    assert json.loads(installed.types("lab doctor --json"))["ready"]
    assert "Ready: TFLM" in installed.types("lab setup")

    printed = installed.types(f"lab run keyword-spotting --recordings {words} --jobs 1 --json")
    (run,) = json.loads(printed)["runs"]
    assert run["verdict"] == "passed"
    assert run["metrics"]["bit_exact"]["value"] == 1
    assert sorted(clip["label"] for clip in run["clips"]) == sorted(LABELS)
    assert (installed.folder / "runs" / "latest" / "result.json").read_text(encoding="utf-8") == printed
    assert {path.name for path in installed.folder.iterdir()} == {"runs"}

    listed = installed.types("lab init my-lab", "cd my-lab", "lab list")
    assert f"Project  {installed.folder}\n" in listed
    assert installed.folder.name == "my-lab"
    assert installed.packages() == before, "nothing is written where the lab is installed"


def test_an_interpreter_that_is_not_there_is_not_invented():
    assert interpreter("3.99") is None
