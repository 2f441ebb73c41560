from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

import pytest

from lab import doctor, places
from lab.building import tflm
from lab.cli import main
from lab.engines.renode import installation
from tests import fake_project


@pytest.fixture(autouse=True)
def _no_renode(monkeypatch):
    """Whether this machine has one decides nothing here: tests/renode/test_doctor.py is about it."""
    monkeypatch.delenv("RENODE_PATH", raising=False)
    monkeypatch.setattr(installation, "_candidates", lambda: iter(()))


@pytest.fixture
def bare_machine(tmp_path, monkeypatch):
    """No program on PATH and nothing fetched."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))


def found() -> dict[str, doctor.Component]:
    return {component.name: component for component in doctor.examine().components}


def place(name: str) -> doctor.Place:
    (one,) = [one for one in doctor.examine().places if one.name == name]
    return one


def test_no_two_components_have_one_name():
    """A script finds a component by its name in `lab doctor --json`."""
    names = [component.name for component in doctor.examine().components]
    assert len(set(names)) == len(names)


def test_every_component_is_there_after_make_setup():
    diagnosis = doctor.examine()
    assert diagnosis.ready
    here = {component.name: component for component in diagnosis.components}
    for name in ("Python", "unicorn", "tflite-micro", "robotframework", "cmake", "ninja", "arm-none-eabi-gcc", "c++"):
        assert (here[name].status, bool(here[name].version), bool(here[name].path)) == ("ok", True, True)
    assert here["arm-none-eabi-newlib"].path.endswith("libc.a")
    assert here["riscv64-unknown-elf-picolibc"].path.endswith("libc.a")
    assert here["riscv64-unknown-elf-gcc"].use == "riscv"
    assert all(component.purpose for component in diagnosis.components)


@pytest.mark.usefixtures("bare_machine")
def test_what_is_missing_is_named_with_what_to_do(capsys):
    assert main(["doctor", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    missing = {one["name"]: one["remedy"] for one in told["components"] if one["status"] == "missing"}
    assert {"cmake", "ninja", "arm-none-eabi-gcc", "arm-none-eabi-libstdc++", "cargo", "c++", "cc"} <= missing.keys()
    assert all(missing.values())
    assert not told["ready"]
    assert told["uses"]["emulate"]["missing"] == ["cc"]


@pytest.mark.usefixtures("bare_machine")
def test_an_empty_machine_is_told_what_each_thing_is_for_and_the_command_below_it(capsys, tmp_path):
    (tmp_path / "apt-get").write_text("#!/bin/sh\n")
    (tmp_path / "apt-get").chmod(0o755)
    assert main(["doctor"]) == 3
    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.split()[:2] == ["missing", "ninja"])
    assert lines[at].endswith("runs the compilers")
    assert lines[at + 1].strip() == "Type: apt-get install ninja-build"
    assert "Run it on the built-in engine: unavailable: cc is missing" in lines
    assert lines[-1].startswith("`lab setup` installs")


def test_a_program_that_is_too_old_is_told_from_a_missing_one(tmp_path, monkeypatch):
    (tmp_path / "cmake").write_text("#!/bin/sh\necho cmake version 3.10.2\n")
    (tmp_path / "cmake").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    cmake = found()["cmake"]
    assert cmake.status == "too old"
    assert "is version 3.10.2; 3.22 or newer is needed." in cmake.remedy


def test_a_package_that_is_too_old_is_named_with_the_version_to_install(monkeypatch):
    wanted = "unicorn>=99; python_version >= '3'"
    monkeypatch.setattr(metadata, "requires", lambda _name: [wanted, "nowhere-to-be-found", "other; extra == 'dev'"])
    here = found()
    assert (here["unicorn"].status, here["unicorn"].remedy) == ("too old", "Type: pip install 'unicorn>=99'")
    assert (here["nowhere-to-be-found"].status, "other" in here) == ("missing", False)


def test_another_python_is_unusable(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 0))
    assert found()["Python"].status == "unusable"


def test_cargo_is_not_needed_once_the_sources_are_fetched(monkeypatch, tmp_path):
    fetched = tflm.source().root
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fetched.is_dir()
    assert "cargo" not in doctor.examine().lacks("build")


def test_what_is_optional_does_not_make_the_machine_unfit():
    diagnosis = doctor.examine()
    assert diagnosis.lacks("renode") == ["renode"]
    assert diagnosis.ready


@pytest.mark.parametrize("folder", ["file/below", "/proc/nowhere"])
def test_a_cache_that_cannot_be_made_is_said(monkeypatch, tmp_path, capsys, folder):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / folder))
    assert main(["doctor"]) == 3
    assert "set LAB_CACHE to a folder elsewhere" in capsys.readouterr().out


def test_the_cache_tells_its_size_and_what_room_is_left(monkeypatch, tmp_path):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path))
    (tmp_path / "large").write_bytes(bytes(3_000_000))
    cache = found()["cache"]
    assert cache.version.startswith("3 MB used, ")
    assert cache.version.endswith(" GB free")
    assert cache.path == str(tmp_path)


def test_the_project_in_force_is_named_with_the_reason(monkeypatch, tmp_path):
    own = fake_project.make(tmp_path / "own")
    monkeypatch.chdir(own / "models")
    assert (Path(place("project").path), place("project").note) == (own, "the project that this folder is in")
    monkeypatch.chdir(tmp_path)
    assert Path(place("project").path) == places.shipped()
    assert "`lab init` makes one of your own" in place("project").note
    monkeypatch.setenv("LAB_PROJECT", str(own))
    assert (Path(place("project").path), place("project").note) == (own, "LAB_PROJECT names it")


def test_a_project_that_is_none_is_said_where_the_others_are_shown_all_the_same(monkeypatch, tmp_path):
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path))
    assert "which lacks one of" in place("project").note


def test_baselines_and_history_are_where_they_will_be(monkeypatch, tmp_path):
    monkeypatch.setenv("LAB_PROJECT", str(fake_project.make(tmp_path / "own")))
    monkeypatch.setenv("LAB_HISTORY", str(tmp_path / "history.sqlite"))
    assert "none yet" in place("baselines").note
    assert (place("history").path, "none yet" in place("history").note) == (str(tmp_path / "history.sqlite"), True)


def test_the_table_says_what_this_machine_can_do(capsys):
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "Build firmware: yes\n" in said
    assert "this checkout" in said
