"""Exceptions of Armv7-M, checked by a firmware from inside."""

import pytest

from lab.elf import Firmware

from .boards import nano33ble
from .qemu import compiled


@pytest.fixture(scope="module")
def checks(tmp_path_factory):
    """What the firmware found, by the name of the check."""
    firmware = Firmware(compiled("exceptions.c", tmp_path_factory.mktemp("exceptions"), "-O1"))
    with nano33ble() as machine:
        machine.load(firmware)
        machine.watch("finished")
        machine.run(limit=0.1)
        assert machine.marks(), machine.trace()

        def words(symbol, count):
            return memoryview(machine.read(firmware.symbol(symbol).address, 4 * count)).cast("I")

        count = words("check_count", 1)[0]
        table = words("checks", 2 * count)
        return {
            machine.read(table[2 * index], 80).partition(b"\0")[0].decode(): bool(table[2 * index + 1])
            for index in range(count)
        }


def test_every_exception_behaves_as_the_architecture_says(checks):
    assert [name for name, passed in checks.items() if not passed] == []
    assert len(checks) == 67
