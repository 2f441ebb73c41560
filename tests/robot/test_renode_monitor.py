"""The monitor does what Renode's does with the same scripts, and says file and line of what it cannot do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from lab.errors import ConfigurationError
from lab.monitor import Monitor

ROOT = Path(__file__).parents[2]
BOARD = ROOT / "renode_platforms" / "nano33ble"

Script = Callable[..., Path]


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    monitor = Monitor()
    yield monitor
    monitor.emulation.clear()


@pytest.fixture
def script(tmp_path: Path) -> Script:
    def write(*lines: str, name: str = "board.resc") -> Path:
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        return tmp_path / name

    return write


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    np.arange(1000, dtype="<i2").tofile(tmp_path / "ramp.s16le")
    return tmp_path / "ramp.s16le"


@pytest.fixture
def board(monitor: Monitor, clip: Path) -> Monitor:
    """The Nano 33 BLE as its own script sets it up, with a probe that prints lines."""
    monitor.execute(f"$elf=@{LINES}; $audio=@{clip}")
    monitor.execute(f"include @{BOARD / 'nano33ble.resc'}")
    return monitor


def number(printed: str) -> int:
    return int(printed, 16)


@pytest.mark.produces("monitor-command")
def test_an_action_that_it_does_not_have_is_told_with_file_and_line(monitor, script):
    file = script("mach create", "machine LoadPlatformDescription @x.repl; emulation Sleep 3", "emulation RunFur 3")
    text = file.read_text().replace("@x.repl", f"@{BOARD / 'nano33ble.repl'}").replace("emulation Sleep 3", "")
    file.write_text(text)
    with pytest.raises(ConfigurationError) as told:
        monitor.execute_script(file)
    assert told.value.message == f"{file}:3: emulation has no RunFur on the built-in engine. Did you mean 'RunFor'?"
    assert "RunFor" in told.value.remedy


def test_an_analyzer_is_shown_of_a_device_that_there_is(monitor):
    monitor.execute(f"mach create; machine LoadPlatformDescription @{BOARD / 'nano33ble.repl'}")
    assert monitor.execute("showAnalyzer sysbus.uart0") == ""
    with pytest.raises(ConfigurationError, match="showAnalyzer"):
        monitor.execute("showAnalyzer sysbus.uart7")
