"""Exceptions and memory protection of Armv7-M, checked by firmware from inside."""

import pytest

from lab.elf import Firmware

from .boards import nano33ble
from .qemu import compiled


@pytest.mark.parametrize(("source", "count"), [("exceptions.c", 67), ("protection.c", 30)])
def test_the_core_behaves_as_the_architecture_says(tmp_path, source, count):
    firmware = Firmware(compiled(source, tmp_path, "-O1"))
    with nano33ble() as machine:
        machine.load(firmware)
        machine.watch("finished")
        machine.run(limit=0.1)
        assert machine.marks(), machine.trace()

        def words(symbol, count):
            return memoryview(machine.read(firmware.symbol(symbol).address, 4 * count)).cast("I")

        table = words("checks", 2 * words("check_count", 1)[0])
        checks = {
            machine.read(name, 80).partition(b"\0")[0].decode(): bool(passed)
            for name, passed in zip(table[::2], table[1::2], strict=True)
        }
    assert [name for name, passed in checks.items() if not passed] == []
    assert len(checks) == count
