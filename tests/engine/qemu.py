"""The engine tests' own firmware: compiled for a bare Cortex-M4F, and run on QEMU's mps2-an386 to compare with."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).parent / "programs"
_QEMU = "qemu-system-arm"
_CORE = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]
_BARE = ["-std=gnu11", "-Wall", "-Werror", "-ffreestanding", "-fno-math-errno", "-nostdlib", "-Wl,--build-id=none"]


def compiled(source: str, into: Path, *options: str) -> Path:
    """That file of `programs/` as an ELF in the folder `into`."""
    elf = into / f"{Path(source).stem}.elf"
    subprocess.run(
        [
            "arm-none-eabi-gcc",
            *_CORE,
            *_BARE,
            *options,
            "-T",
            SOURCES / "bare.ld",
            SOURCES / source,
            "-o",
            elf,
            "-lgcc",
        ],
        check=True,
    )
    return elf


def require_qemu() -> None:
    """Skip the test where QEMU is not installed."""
    if not shutil.which(_QEMU):
        pytest.skip(f"{_QEMU} is not installed: no independent engine to compare with")


def on_qemu(elf: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run it, without display and monitor; the serial port is standard output."""
    machine = [_QEMU, "-M", "mps2-an386", "-nodefaults", "-display", "none", "-serial", "stdio", "-kernel", str(elf)]
    return subprocess.run([*machine, *options], capture_output=True, text=True, timeout=60, check=False)
