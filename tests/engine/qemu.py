"""The engine tests' own firmware: compiled for a bare core, and run on a machine of QEMU's to compare with."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCES = Path(__file__).parent / "programs"
_BARE = ["-std=gnu11", "-Wall", "-Werror", "-ffreestanding", "-fno-math-errno", "-nostdlib", "-Wl,--build-id=none"]


@dataclass(frozen=True)
class Bare:
    """A core without anything around it: the compiler for it, and QEMU's machine that has it."""

    compiler: str
    options: tuple[str, ...]
    linker_script: str
    qemu: str
    machine: tuple[str, ...]


CORTEX_M4 = Bare(
    "arm-none-eabi-gcc",
    ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"),
    "bare.ld",
    "qemu-system-arm",
    ("-M", "mps2-an386"),
)
RV32IMC = Bare(
    "riscv64-unknown-elf-gcc",
    ("-march=rv32imc", "-misa-spec=2.2", "-mabi=ilp32", "-Wl,--no-warn-rwx-segments"),
    "bare_riscv.ld",
    "qemu-system-riscv32",
    ("-M", "virt", "-bios", "none", "-cpu", "rv32,a=false,f=false,d=false"),
)


def compiled(source: str, into: Path, *options: str, bare: Bare = CORTEX_M4) -> Path:
    """That file of `programs/` as an ELF in the folder `into`. Skips the test where there is no compiler for it."""
    if not shutil.which(bare.compiler):
        pytest.skip(f"{bare.compiler} is not installed")
    elf = into / f"{Path(source).stem}.elf"
    script = SOURCES / bare.linker_script
    command = [bare.compiler, *bare.options, *_BARE, *options, "-T", script, SOURCES / source, "-o", elf, "-lgcc"]
    subprocess.run(command, check=True)
    return elf


def require_qemu(bare: Bare = CORTEX_M4) -> None:
    """Skip the test where QEMU is not installed."""
    if not shutil.which(bare.qemu):
        pytest.skip(f"{bare.qemu} is not installed: no independent engine to compare with")


def on_qemu(elf: Path, *options: str, bare: Bare = CORTEX_M4, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    """Run it, without display and monitor; the serial port is standard output. Raises TimeoutExpired."""
    machine = [bare.qemu, *bare.machine, "-nodefaults", "-display", "none", "-serial", "stdio", "-kernel", str(elf)]
    return subprocess.run([*machine, *options], capture_output=True, text=True, timeout=seconds, check=False)
