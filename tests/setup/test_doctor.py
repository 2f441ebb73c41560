from __future__ import annotations

import json

import pytest

from lab import doctor
from lab.cli import main


@pytest.fixture
def bare_machine(tmp_path, monkeypatch):
    """No program on PATH and nothing fetched."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))


def test_every_component_is_there_after_make_setup():
    diagnosis = doctor.examine()
    assert diagnosis.ready
    found = {component.name: component for component in diagnosis.components}
    for name in ("Python", "unicorn", "tflite-micro", "robotframework", "cmake", "ninja", "arm-none-eabi-gcc", "c++"):
        assert (found[name].status, bool(found[name].version), bool(found[name].path)) == ("ok", True, True)
    assert found["arm-none-eabi-newlib"].path.endswith("libc.a")


@pytest.mark.usefixtures("bare_machine")
def test_what_is_missing_is_named_with_what_to_do(capsys):
    assert main(["doctor", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    missing = {one["name"]: one["remedy"] for one in told["components"] if one["status"] == "missing"}
    assert {"cmake", "ninja", "arm-none-eabi-gcc", "arm-none-eabi-libstdc++", "cargo", "c++", "cc"} <= missing.keys()
    assert all(missing.values())
    assert not told["ready"]
    assert told["uses"]["emulate"]["missing"] == ["cc"]


def test_cargo_is_not_needed_once_the_sources_are_fetched(monkeypatch, tmp_path):
    fetched = doctor.tflm.source().root
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fetched.is_dir()
    assert "cargo" not in doctor.examine().lacks("build")


def test_what_is_optional_does_not_make_the_machine_unfit(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None if name == "renode" else f"/usr/bin/{name}")
    assert "renode" in doctor.examine().lacks("renode")
    assert "renode" not in [name for use in ("build", "emulate", "compare") for name in doctor.examine().lacks(use)]


def test_a_cache_that_cannot_be_made_is_said(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "file" / "below"))
    assert main(["doctor", "--json"]) == 3


def test_the_table_says_what_this_machine_can_do(capsys):
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "This machine can" in said
    assert "build firmware" in said
