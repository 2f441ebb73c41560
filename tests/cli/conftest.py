from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lab.measuring
from lab.cli import main
from lab.reporting import run_folder
from lab.verdict import baseline
from lab.verdict.result import Result
from tests import fake_measuring, fake_project

LabRun = Callable[..., tuple[int, Result]]
ROOMY = {**fake_project.GENEROUS, "flash_bytes": "{ at_most = 200_000 }"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a project of its own, to work in."""
    fake_project.make(tmp_path / "project", ROOMY)
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path / "project"))
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))
    for name in ("LAB_HISTORY", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def lab_run(here: Path, monkeypatch: pytest.MonkeyPatch) -> LabRun:
    """`lab run keyword-spotting` with a made-up measurement: its exit code and what it left in its folder."""

    def run(outcome: str, *options: Any, out: str = "out") -> tuple[int, Result]:
        monkeypatch.setattr(lab.measuring, "measure", fake_measuring.measure_with(outcome))
        code = main(["run", "keyword-spotting", "--out", out, *map(str, options)])
        return code, run_folder.read_result(here / out)

    return run


@pytest.fixture
def golden(here: Path, lab_run: LabRun, capsys: pytest.CaptureFixture[str]) -> Path:
    """The project's baselines, with that of a run that passed."""
    folder = here / "project" / "baselines"
    (run,) = lab_run("passing", "--no-baseline", "--no-history", out="golden")[1].runs
    file = baseline.file_of(folder, run.workload, run.target, run.variant)
    file.parent.mkdir(parents=True)
    file.write_text(baseline.of(run).to_json(), encoding="utf-8")
    capsys.readouterr()
    return folder
