import re
import subprocess

import pytest

from lab.elf import Firmware

from .boards import nano33ble
from .qemu import SOURCES, compiled, on_qemu, require_qemu


def counted_by_qemu(elf, folder):
    require_qemu()
    plugin = folder / "count.so"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", SOURCES / "count_plugin.c", "-o", plugin], check=True)
    stop = Firmware(elf).symbol("finished").address
    ran = on_qemu(elf, "-plugin", f"{plugin},stop={stop:#x}")
    counted = re.search(r"instructions (\d+)", ran.stderr)
    assert counted, ran.stderr
    return int(counted[1])


def counted_by_us(elf):
    with nano33ble() as machine:
        machine.load(Firmware(elf))
        machine.watch("finished")
        machine.run(limit=0.2)
        return machine.marks()[0].counters.instructions


@pytest.mark.parametrize("level", ["-O0", "-O2", "-Os"])
def test_instructions_are_counted_as_an_independent_engine_counts_them(tmp_path, level):
    elf = compiled("kernels.c", tmp_path, level)
    assert counted_by_us(elf) == counted_by_qemu(elf, tmp_path) > 500_000
