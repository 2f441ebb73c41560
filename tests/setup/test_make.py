"""The Makefile, asked what it would do."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout in which everything is installed, as far as make looks."""
    folder = tmp_path / "check out"
    for name in ("scripts", "requirements", "firmware/toolchains"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv/bin/pip").write_text(f"#!/bin/sh\n'''exec' '{folder}/.venv/bin/python3' \"$0\" \"$@\"\n' '''\n")
    (folder / ".venv/ready-to-run").touch()
    return folder


def would_do(checkout: Path) -> str:
    command = ["make", "--dry-run", "--directory", str(checkout), "run"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_what_is_installed_is_not_installed_again(checkout):
    said = would_do(checkout)
    assert ".venv/bin/lab run keyword-spotting" in said
    assert "scripts/venv.sh" not in said


def test_in_a_checkout_that_was_moved_the_environment_is_made_anew(checkout):
    moved = checkout.rename(checkout.with_name("elsewhere"))
    assert "scripts/venv.sh" in would_do(moved)


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_a_new_lock_is_installed(checkout, name):
    (checkout / ".venv/ready-to-run").touch()
    late = (checkout / ".venv/ready-to-run").stat().st_mtime + 10
    import os

    os.utime(checkout / "requirements" / name, (late, late))
    assert "scripts/venv.sh" in would_do(checkout)
