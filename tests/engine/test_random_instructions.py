"""Random instructions leave the same registers, memory and faults as on Debian's QEMU.

`RANDOM_INSTRUCTIONS=100000 RANDOM_SEED=1 pytest tests/engine/test_random_instructions.py` runs that many of each core
from another seed; what differs is shown as the case's source. Left out of the programs, for there QEMU 7.2 is not like
silicon: STREX to an unaligned address does not fault, SETEND and LDREXD are executed.
"""

import os
import shutil
import subprocess

import pytest

from lab.elf import Firmware

from . import random_programs
from .boards import NANO33BLE, nano33ble, rv32imc
from .qemu import CORTEX_M4, RV32IMC, SOURCES, on_qemu, require_qemu

INSTRUCTIONS = int(os.environ.get("RANDOM_INSTRUCTIONS", "3000"))
SEED = int(os.environ.get("RANDOM_SEED", "0"))
IN_A_PROGRAM = 1000
OPTIONS = {
    "cortex-m3": ("-M", "mps2-an385"),
    "cortex-m4": ("-M", "mps2-an386"),
    "cortex-m7": ("-M", "mps2-an500"),
    "rv32imc": (),
    "rv32imac": ("-cpu", "rv32,f=false,d=false"),
}
RISCV = ("rv32imc", "rv32imac")


def source(core, seed, dump=None):
    if core in RISCV:
        return random_programs.riscv(seed, IN_A_PROGRAM, atomics=core == "rv32imac", dump=dump)
    return random_programs.arm(seed, IN_A_PROGRAM, core, dump=dump)


def assembled(core, text, elf):
    bare = RV32IMC if core in RISCV else CORTEX_M4
    if not shutil.which(bare.compiler):
        pytest.skip(f"{bare.compiler} is not installed")
    file = elf.with_suffix(".s")
    file.write_text(text)
    options = bare.options if core in RISCV else ("-mthumb",)
    script = SOURCES / bare.linker_script
    subprocess.run(
        [bare.compiler, *options, "-nostdlib", "-Wl,--build-id=none", "-T", script, file, "-o", elf], check=True
    )
    return Firmware(elf)


def board(core, folder):
    if core in RISCV:
        return rv32imc(core, folder)
    (folder / "chip.toml").write_text("double_precision = false\n")
    described = folder / "board.repl"
    described.write_text(NANO33BLE.read_text().replace("cortex-m4f", core))
    return nano33ble(described)


def results_here(core, firmware, folder):
    """Cut into pieces of odd length, so that blocks end where they would not."""
    first, end = (firmware.symbol(name).address for name in ("results", "results_end"))
    with board(core, folder) as machine:
        machine.load(firmware)
        machine.watch("finished")
        while not machine.marks() and machine.counters().instructions < 100 * IN_A_PROGRAM:
            machine.run(limit=1.7e-6)
        assert machine.marks(), machine.trace()
        return machine.read(first, end - first)


def results_on_qemu(core, elf, dump):
    bare = RV32IMC if core in RISCV else CORTEX_M4
    require_qemu(bare)
    ran = on_qemu(elf, *OPTIONS[core], "-semihosting", bare=bare)
    assert dump.exists(), ran.stderr
    return dump.read_bytes()


def difference(text, firmware, here, there):
    """The source of the first case that differs, and what differs in it."""
    base = firmware.symbol("results").address
    at = next(offset for offset in range(len(here)) if here[offset] != there[offset]) & ~3
    place = max((s for s in firmware.symbols if s.address <= base + at), key=lambda symbol: symbol.address)
    number = place.name.rpartition("_")[2]
    case = text[text.index(f"state_{number}\n") :].partition(f"end_{number}:")[0]
    words = (int.from_bytes(memory[at : at + 4], "little") for memory in (here, there))
    return f"{place.name}+{base + at - place.address:#x}: {next(words):#010x}, on QEMU {next(words):#010x}\n{case}"


@pytest.mark.parametrize("core", list(OPTIONS))
def test_random_instructions_do_what_they_do_on_an_independent_engine(tmp_path, core):
    require_qemu(RV32IMC if core in RISCV else CORTEX_M4)
    dump = tmp_path / "dump.bin"
    for seed in range(SEED * 10_000, SEED * 10_000 + -(-INSTRUCTIONS // IN_A_PROGRAM)):
        text = source(core, seed)
        firmware = assembled(core, text, tmp_path / "here.elf")
        here = results_here(core, firmware, tmp_path)
        assembled(core, source(core, seed, dump=str(dump)), tmp_path / "there.elf")
        there = results_on_qemu(core, tmp_path / "there.elf", dump)
        assert len(here) == len(there)
        assert here == there, f"seed {seed}: {difference(text, firmware, here, there)}"
        dump.unlink()
