"""The pages on adding a workload and a target, followed step by step in a copy of the project, to the verdict."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.building import tiny_model

from .documents import ROOT, blocks

CLIPS_A_LABEL = 1


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project's folders, with one recording of each label."""

    def few(_folder: str, names: list[str]) -> set[str]:
        return set(sorted(name for name in names if name.endswith(".flac"))[CLIPS_A_LABEL:])

    for name in ("firmware", "models", "renode_platforms", "robot_tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=few)
    return tmp_path


def follow(page: str, project: Path, shell) -> None:
    """Do what the page says: write its files and type its commands."""
    for block in blocks(ROOT / "docs" / page):
        if block.note.startswith("file: "):
            file = project / block.note.removeprefix("file: ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        elif block.note == "walk-through":
            for command in block.commands:
                done = shell(command, project)
                assert done.returncode == 0, f"{block.place}: {command}\n{done.stdout}{done.stderr}"


def verdict(command: str, project: Path, shell) -> dict:
    done = shell(f"{command} --jobs 1 --json", project)
    (run,) = json.loads(done.stdout)["runs"]
    assert run["error"] is None, done.stderr
    return run


def test_the_workload_of_the_page_feels_as_the_host_does(project, shell):
    follow("adding-a-workload.md", project, shell)
    assert "rest-or-shake" in shell("lab list", project).stdout
    model = project / "models" / "rest-or-shake" / "rest_or_shake.tflite"
    graph = tiny_model.classifier((1, 50, 3, 1), labels=2, zero_point=0)
    model.write_bytes(tiny_model.tflite_bytes(graph))
    run = verdict("lab run rest-or-shake", project, shell)
    assert run["verdict"] == "passed"
    assert run["metrics"]["bit_exact"]["value"] == 1
    windows = [clip["clip"] for clip in run["clips"] if clip["label"] == "shake"]
    assert windows == [f"shake/person{person}.csv@{at}s" for person in range(3) for at in ("0.0", "1.0")]


def test_the_target_of_the_page_hears_as_the_host_does(project, shell):
    follow("adding-a-target.md", project, shell)
    (project / "smaller.tflite").write_bytes(tiny_model.tflite_bytes(tiny_model.classifier()))
    run = verdict("lab run keyword-spotting --target nrf52833dk --model smaller.tflite", project, shell)
    assert run["target"] == "nrf52833dk"
    assert run["metrics"]["bit_exact"]["value"] == 1
    assert len(run["clips"]) == 14


def test_the_device_of_the_page_answers_its_firmware(project, shell):
    follow("device-models.md", project, shell)
    said = shell("lab boot comparator.elf --target nano33ble --until above --json", project)
    assert json.loads(said.stdout)["output"] == {"uart0": "above\n"}
