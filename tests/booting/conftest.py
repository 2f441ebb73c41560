from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

_OPTIONS = ["-mthumb", "-Og", "-g", "-Wall", "-Werror", "-ffreestanding", "-nostdlib"]


def built(name: str, core: str, folder: Path) -> Path:
    """The ELF of that source, laid out as the linker script beside it says."""
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("arm-none-eabi-gcc is not installed")
    here, elf = Path(__file__).parent, folder / f"{name}.elf"
    command = ["arm-none-eabi-gcc", f"-mcpu={core}", *_OPTIONS, "-Wl,--build-id=none", "-T", here / f"{name}.ld"]
    subprocess.run([*command, here / f"{name}.c", "-o", elf, "-lgcc"], check=True)
    return elf


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ELF of shell.c."""
    return built("shell", "cortex-m7", tmp_path_factory.mktemp("shell"))


@pytest.fixture(scope="session")
def probed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ELF of probed.c."""
    return built("probed", "cortex-m4", tmp_path_factory.mktemp("probed"))
