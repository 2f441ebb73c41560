import re
import subprocess

import pytest

from lab.elf import Firmware

from .boards import nano33ble, rv32imc
from .qemu import CORTEX_M4, RV32IMC, SOURCES, compiled, on_qemu, require_qemu

PROGRAMS = {CORTEX_M4: ("kernels.c", nano33ble), RV32IMC: ("kernels_riscv.c", rv32imc)}


def counted_by_qemu(elf, bare, folder):
    require_qemu(bare)
    plugin = folder / "count.so"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", SOURCES / "count_plugin.c", "-o", plugin], check=True)
    firmware = Firmware(elf)
    first, last = firmware.entry & ~1, firmware.symbol("finished").address
    ran = on_qemu(elf, "-plugin", f"{plugin},start={first:#x},stop={last:#x}", bare=bare)
    counted = re.search(r"instructions (\d+)", ran.stderr)
    assert counted, ran.stderr
    return int(counted[1])


def counted_by_us(elf, board):
    with board() as machine:
        machine.load(Firmware(elf))
        machine.watch("finished")
        machine.run(limit=0.2)
        return machine.marks()[0].counters.instructions


@pytest.mark.parametrize("bare", [CORTEX_M4, RV32IMC], ids=["cortex-m4", "rv32imc"])
@pytest.mark.parametrize("level", ["-O0", "-O2", "-Os"])
def test_instructions_are_counted_as_an_independent_engine_counts_them(tmp_path, level, bare):
    source, board = PROGRAMS[bare]
    elf = compiled(source, tmp_path, level, bare=bare)
    assert counted_by_us(elf, board) == counted_by_qemu(elf, bare, tmp_path) > 500_000
