"""Instructions as text, assembled for an address by the cross compiler's own programs."""

from __future__ import annotations

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from elftools.elf.elffile import ELFFile

from lab import files, processes
from lab.building import tools
from lab.errors import ConfigurationError

_THUMB = ("arm-none-eabi-", ["-mthumb", "-mfpu=fpv5-d16"], ".syntax unified\n")
_RISCV = ("riscv64-unknown-elf-", ["-march=rv32imac_zicsr_zifencei", "-mabi=ilp32"], "")
_LINKED_FOR = {"arm-none-eabi-": "armelf", "riscv64-unknown-elf-": "elf32lriscv"}
_MOST_BYTES = files.MEGABYTE
_LIMIT_S = 20.0


def assemble(text: str, address: int, *, cpu: str | None) -> bytes:
    """The bytes of these instructions, literals behind them, for an Arm `cpu` as GCC calls it, or for RV32 (None).

    Raises ConfigurationError for what is no instruction, ToolMissing without the cross compiler.
    """
    prefix, flags, before = _THUMB if cpu else _RISCV
    assembler = tools.require(tools.assembler(prefix))
    linker = tools.require(tools.linker(prefix))
    with tempfile.TemporaryDirectory(prefix="lab-assembled-") as name:
        folder = Path(name)
        source, made, linked = folder / "block.s", folder / "block.o", folder / "block.elf"
        source.write_text(f"{before}{text}\n", encoding="utf-8")
        core = [f"-mcpu={cpu}"] if cpu else []
        _run([str(assembler.path), *core, *flags, "-o", str(made), str(source)], folder)
        layout = ["-m", _LINKED_FOR[prefix], f"-Ttext={address:#x}", "--entry=0"]
        _run([str(linker.path), *layout, "-o", str(linked), str(made)], folder)
        try:
            content = files.content(linked, _MOST_BYTES)
        except OSError as error:
            raise ConfigurationError(
                f"This cannot be taken as assembled: {files.why_unread(error)}.",
                remedy="Assemble less at once.",
                code="monitor-command",
            ) from error
        code = ELFFile(BytesIO(content)).get_section_by_name(".text")
        return bytes(code.data()) if code else b""


def _run(command: list[str], folder: Path) -> None:
    """Raises ConfigurationError with the lines of the text that are no instructions."""
    try:
        done = processes.run(command, limit_s=_LIMIT_S)
    except subprocess.TimeoutExpired:
        raise ConfigurationError(
            f"This cannot be assembled within {_LIMIT_S:g} seconds.",
            remedy="Look for a repetition in it that has no end.",
            code="monitor-command",
        ) from None
    if done.status:
        said = done.output.replace(f"{folder}/", "").replace("block.s:", "line ").strip()
        first = next((line for line in said.splitlines() if "rror" in line), said)
        raise ConfigurationError(
            f"This cannot be assembled: {first}",
            remedy="Write instructions as GNU's assembler for this core takes them.",
            details=said,
            code="monitor-command",
        )
