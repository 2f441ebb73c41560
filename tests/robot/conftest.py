from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from lab.monitor import Monitor
from tests.engine.qemu import compiled

NANO33BLE = Path(__file__).parents[2] / "renode_platforms" / "nano33ble" / "nano33ble.resc"
PROGRAM = Path(__file__).with_name("renode_program.c")


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
