"""Machine mode of RISC-V, checked by a firmware from inside; QEMU runs the same checks where it has what they need."""

import subprocess

import pytest

from lab.elf import Firmware

from .boards import rv32imc
from .qemu import RV32IMC, compiled, on_qemu, require_qemu

NOT_ON_QEMU = 14


def wrong(lines):
    assert lines[-1] == "finished"
    return [line for line in lines[:-1] if not line.endswith(": ok")]


def test_every_trap_behaves_as_the_architecture_says(tmp_path):
    elf = compiled("traps.c", tmp_path, "-O1", "-DFIFO", bare=RV32IMC)
    with rv32imc() as machine:
        for _ in ("from power-on", "after another run"):
            machine.load(Firmware(elf))
            machine.run(until=lambda line: line == "finished", limit=0.1)
            assert wrong(machine.lines()) == []
            assert len(machine.lines()) == 38


def test_qemu_passes_the_same_checks(tmp_path):
    require_qemu(RV32IMC)
    elf = compiled("traps.c", tmp_path, "-O1", bare=RV32IMC)
    with pytest.raises(subprocess.TimeoutExpired) as ended:  # it sleeps for ever
        on_qemu(elf, bare=RV32IMC, seconds=3)
    lines = ended.value.stdout.decode().splitlines()
    assert wrong(lines) == []
    assert len(lines) == 38 - NOT_ON_QEMU
