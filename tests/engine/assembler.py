"""Thumb code from assembly text, for tests of what is decoded."""

from __future__ import annotations

import subprocess
from pathlib import Path


def assembled(folder: Path, *lines: str) -> bytes:
    """The encoding of those lines for a Cortex-M4 with FPU."""
    source, binary, code = folder / "code.s", folder / "code.o", folder / "code.bin"
    source.write_text("\n".join([".syntax unified", ".thumb", *lines, ""]))
    subprocess.run(["arm-none-eabi-as", "-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", source, "-o", binary], check=True)
    subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", "-j", ".text", binary, code], check=True)
    return code.read_bytes()
