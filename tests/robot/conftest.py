from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from robot.api import ExecutionResult

from lab.cli import main
from lab.engines.renode import installation
from lab.monitor import Monitor
from tests.engine.qemu import compiled

NANO33BLE = Path(__file__).parents[2] / "renode_platforms" / "nano33ble" / "nano33ble.resc"
PROGRAM = Path(__file__).with_name("renode_program.c")


Outcomes = dict[str, tuple[str, str]]
Run = Callable[..., Outcomes]
"""Takes a suite and variables as renode-test does; gives (status, message) by test."""


@dataclass(frozen=True)
class Setup:
    """What the board's script needs: `elf` is renode_program.c, `clip` the samples 0, 1, 2, …"""

    elf: Path
    clip: Path

    @property
    def commands(self) -> list[str]:
        return [f'$elf="{self.elf}"', f'$audio="{self.clip}"', f"include @{NANO33BLE}"]


@pytest.fixture(scope="session")
def setup(tmp_path_factory: pytest.TempPathFactory) -> Setup:
    folder = tmp_path_factory.mktemp("a board")
    np.arange(4000, dtype="<i2").tofile(folder / "counting.s16le")
    return Setup(compiled(str(PROGRAM), folder, "-Os"), folder / "counting.s16le")


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    monitor = Monitor()
    yield monitor
    monitor.emulation.clear()


@pytest.fixture
def board(monitor: Monitor, setup: Setup) -> Monitor:
    """The Nano 33 BLE as its own script sets it up."""
    for command in setup.commands:
        monitor.execute(command)
    return monitor


def outcomes(output: Path) -> Outcomes:
    """(status, message) by test, from Robot's own file."""
    return {test.name: (test.status, test.message) for test in ExecutionResult(str(output)).suite.tests}


@pytest.fixture
def lab_test(tmp_path: Path) -> Run:
    """Runs a suite on the built-in engine."""

    def run(suite: Path, *options: str) -> Outcomes:
        code = main(["test", str(suite), "--out", str(tmp_path), *options])
        found = outcomes(tmp_path / "output.xml")
        assert code == any(status == "FAIL" for status, _ in found.values())
        return found

    return run


@pytest.fixture
def renode_test(tmp_path: Path) -> Run:
    """Runs a suite on the Renode of this machine, with the `renode-test` that came with it."""
    renode = installation.look()
    if renode is None:
        pytest.skip("this machine has no Renode: `lab setup renode`, or RENODE_PATH")
    program = renode.path.parent / "renode-test"
    if not program.is_file():
        pytest.skip(f"{renode.path.parent} has no renode-test")

    def run(suite: Path, *options: str) -> Outcomes:
        done = subprocess.run(
            [program, "-r", tmp_path, *options, suite],
            env={**os.environ, "TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if "ModuleNotFoundError" in done.stdout + done.stderr:
            pytest.skip(f"{program} lacks Python packages: see tests/requirements.txt beside it")
        assert (tmp_path / "robot_output.xml").is_file(), done.stdout + done.stderr
        return outcomes(tmp_path / "robot_output.xml")

    return run
