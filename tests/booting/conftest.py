from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_OPTIONS = ["-mcpu=cortex-m7", "-mthumb", "-Og", "-g", "-Wall", "-Werror", "-ffreestanding", "-nostdlib"]


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ELF of shell.c."""
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("arm-none-eabi-gcc is not installed")
    here, elf = Path(__file__).parent, tmp_path_factory.mktemp("shell") / "shell.elf"
    command = ["arm-none-eabi-gcc", *_OPTIONS, "-Wl,--build-id=none", "-T", here / "shell.ld", here / "shell.c"]
    subprocess.run([*command, "-o", elf], check=True)
    return elf
