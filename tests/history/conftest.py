from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, whose `runs/history.sqlite` is the history."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LAB_HISTORY", raising=False)
    return tmp_path


@pytest.fixture
def file(here: Path) -> Path:
    return here / "runs" / "history.sqlite"
