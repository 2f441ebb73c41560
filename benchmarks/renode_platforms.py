"""How many of Renode's own platform files the built-in engine reads and emulates, and why not the others.

`python -m benchmarks.renode_platforms DIR`, where DIR is a Renode or a copy of its sources. Of interest are the files
whose board, with all that they use, has a Cortex-M or a 32-bit RISC-V core.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lab.engines.builtin import repl
from lab.engines.builtin.description import Description
from lab.engines.builtin.machine import BuiltinMachine
from lab.errors import LabError

ARM = {"CortexM"}
RISCV = {"RiscV32", "VexRiscv", "PicoRV32", "IbexRiscV32", "Ri5cy", "Minerva", "CV32E40P", "VeeR"}


def platforms(renode: Path) -> Iterator[Path]:
    """The files, in order."""
    for file in sorted((renode / "platforms").rglob("*.repl")):
        if {core for used in _used(renode, file, set()) for core in re.findall(r"\bCPU\.(\w+)", _text(used))} & (
            ARM | RISCV
        ):
            yield file


def _used(renode: Path, file: Path, seen: set[Path]) -> set[Path]:
    """The file and all that it uses, by a look at their text."""
    if file not in seen and file.is_file():
        seen.add(file)
        for name in re.findall(r'^using\s+"([^"]+)"', _text(file), re.MULTILINE):
            _used(renode, ((file.parent if name.startswith(".") else renode) / name).resolve(), seen)
    return seen


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def why_not(board: Description, *, stub: bool) -> str:
    """Why a board cannot be emulated; nothing if it can."""
    cores = [entry for entry in board.entries.values() if entry.type.startswith("CPU.")]
    if len(cores) != 1:
        return f"{len(cores)} cores"
    try:
        BuiltinMachine(board, cpu=board.path(cores[0].name), uart=None, stub=stub).close()
    except LabError as error:
        return _in_general(error.message, cores[0].type)
    return ""


def _in_general(message: str, core: str) -> str:
    message = re.sub(r"^.*?:\d+: ", "", message)
    if "device type" in message:
        return "devices without a model"
    if "has the cores" in message:
        return f"another cpuType of {core}"
    return re.sub(r"'[^']*'", "…", message)[:100]


def main(renode: Path) -> None:
    """Print the counts."""
    read, reasons = 0, {stub: Counter[str]() for stub in (False, True)}
    files = list(platforms(renode.resolve()))
    for file in files:
        try:
            board = repl.read(file)
        except LabError as error:
            print(error.message)
            continue
        read += 1
        for stub, counter in reasons.items():
            counter[why_not(board, stub=stub)] += 1
    print(f"{len(files)} platform files, {read} are read")
    for stub, counter in reasons.items():
        print(f"\n{'with stubs' if stub else 'as they are'}: {counter.pop('', 0)} can be emulated; the others have")
        for reason, count in counter.most_common():
            print(f"{count:5}  {reason}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
