"""`lab report` makes a run's files anew from its result.json."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab.cli import main
from lab.reporting import run_folder
from tests import fake_measuring

REPORTS = ("report.html", "junit.xml", "summary.md", "clips.csv")


def texts(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text(encoding="utf-8") for name in REPORTS}


@pytest.fixture
def failing(lab_run, here) -> Path:
    assert lab_run("failing")[0] == 1
    return here / "out"


@pytest.mark.parametrize("named", ["out", "out/result.json"])
def test_the_same_files_come_from_result_json_again(failing, here, capsys, named):
    before = texts(failing)
    for name in REPORTS:
        (failing / name).unlink()
    capsys.readouterr()
    assert main(["report", named]) == 0
    assert texts(failing) == before
    assert capsys.readouterr().out == "out/report.html\n"


def test_without_a_folder_the_newest_run_is_meant(failing, here, capsys):
    (here / "runs").mkdir(exist_ok=True)
    (here / "runs" / "latest").symlink_to(failing)
    (failing / "report.html").unlink()
    assert main(["report"]) == 0
    assert (failing / "report.html").exists()


def test_plain_robot_and_lab_report_leave_what_lab_run_leaves(failing, here):
    suite = here / "project" / "robot_tests" / "keyword_spotting.robot"
    program = [sys.executable, str(fake_measuring.FILE), "failing", "robot", "--outputdir", "by-hand", str(suite)]
    subprocess.run(program, capture_output=True, check=False, timeout=60)
    assert (here / "by-hand" / "result.json").exists()
    assert not (here / "by-hand" / "junit.xml").exists()
    assert main(["report", "by-hand"]) == 0
    ours, theirs = texts(failing), texts(here / "by-hand")
    assert ours["clips.csv"] == theirs["clips.csv"]
    assert ours["summary.md"] == theirs["summary.md"]
    assert re.sub(r'time="[\d.]+"', "", ours["junit.xml"]) == re.sub(r'time="[\d.]+"', "", theirs["junit.xml"])
    assert "keyword-spotting" in theirs["report.html"]


@pytest.fixture
def two(failing, here) -> list[str]:
    """A failed run on one board and a passed one on another, the first with the sound of what failed."""
    (failing / "clips").mkdir()
    soundfile.write(failing / "clips" / "4.flac", np.zeros(16_000, np.int16), 16_000, subtype="PCM_16")
    np.save(failing / "clips" / "4.npy", np.zeros((49, 40), np.int8))
    shutil.copytree(failing, here / "other")
    result = run_folder.read_result(here / "other")
    run = result.runs[0].model_copy(update={"target": "twin"})
    run_folder.write_result(result.model_copy(update={"runs": (run,)}), here / "other")
    return ["out", "other"]


def test_several_runs_are_put_side_by_side_with_their_evidence(two, here):
    assert main(["report", *two, "--out", "together"]) == 0
    found = run_folder.read_result(here / "together")
    assert [run.target for run in found.runs] == ["nano33ble", "twin"]
    for target in ("nano33ble", "twin"):
        assert (here / "together" / f"keyword-spotting-{target}" / "clips" / "4.flac").is_file()
    assert len(re.findall(r"^## . keyword-spotting on ", texts(here / "together")["summary.md"], re.MULTILINE)) == 2


def test_the_signal_of_a_stream_comes_along(two, here):
    (here / "out" / "stream.csv").write_text("time (s),x (g)\n")
    assert main(["report", *two, "--out", "together"]) == 0
    found = [
        (here / "together" / f"keyword-spotting-{name}" / "stream.csv").is_file() for name in ("nano33ble", "twin")
    ]
    assert found == [True, False]


def test_one_board_with_several_kernels_has_a_folder_for_each(two, here):
    result = run_folder.read_result(here / "other")
    run = result.runs[0].model_copy(update={"target": "nano33ble", "variant": "cmsis-nn"})
    run_folder.write_result(result.model_copy(update={"runs": (run,)}), here / "other")
    assert main(["report", *two, "--out", "together"]) == 0
    folders = {path.name for path in (here / "together").iterdir() if path.is_dir()}
    assert folders == {"keyword-spotting-nano33ble-reference", "keyword-spotting-nano33ble-cmsis-nn"}
    assert all((here / "together" / name / "clips" / "4.flac").is_file() for name in folders)
    summary = texts(here / "together")["summary.md"]
    assert "| kernels | `reference` | `cmsis-nn` |" in summary


def test_what_was_put_together_can_be_put_elsewhere(two, here):
    assert main(["report", *two, "--out", "together"]) == 0
    assert main(["report", "together", "--out", "elsewhere"]) == 0
    before, after = texts(here / "together"), texts(here / "elsewhere")
    assert before == after
    assert (here / "elsewhere" / "keyword-spotting-twin" / "clips" / "4.npy").is_file()


def test_several_runs_need_a_folder(two, capsys):
    assert main(["report", *two]) == 2
    assert "2 runs side by side need a folder of their own." in capsys.readouterr().err


def test_the_same_pair_twice_is_a_comparison(failing, here, capsys):
    assert main(["report", "out", "out/result.json", "--out", "together"]) == 2
    said = capsys.readouterr().err
    assert "are both runs of keyword-spotting on nano33ble" in said
    assert "`lab compare out out`" in said
    assert not (here / "together").exists()


def test_a_folder_of_someone_else_is_left_alone(failing, here, capsys):
    (here / "mine").mkdir()
    (here / "mine" / "report.html").write_text("precious", encoding="utf-8")
    assert main(["report", "out", "--out", "mine"]) == 2
    assert (here / "mine" / "report.html").read_text(encoding="utf-8") == "precious"


def test_a_folder_without_a_run_is_named(here, capsys):
    assert main(["report"]) == 2
    assert "There is no runs/latest." in capsys.readouterr().err
