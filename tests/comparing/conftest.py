from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lab import cli
from tests import fake_project

Lab = Callable[..., tuple[int, str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder, which is the current one."""
    folder = fake_project.make(tmp_path / "project")
    monkeypatch.setenv("LAB_PROJECT", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def lab(project: Path, capsys: pytest.CaptureFixture[str]) -> Lab:
    """Runs a command there; gives its exit code, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return run
