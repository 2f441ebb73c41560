"""Memory is compared word for word, but for one thing that Renode is known to forget."""

from __future__ import annotations

import pytest

from lab.conformance import difference, record
from lab.conformance.observation import Region
from tests.conformance import records

XPSR = 0x2100_0010


@pytest.fixture
def word(tmp_path):
    """The first difference of two runs that differ in one word of memory."""
    observed = record.read(records.NEWEST).runs[0].observation
    firmware = records.case(record.read(records.NEWEST).runs[0].name, tmp_path).firmware

    def differing(here, there):
        sides = [
            observed.model_copy(
                update={"memory": (Region(address=0x2000_8000, data=bytes(8) + value.to_bytes(4, "little")),)}
            )
            for value in (here, there)
        ]
        return difference.first(*sides, firmware)

    return differing


def test_flags_that_renode_does_not_stack_are_no_difference(word):
    assert word(XPSR | 0xF_0000, XPSR) is None
    assert word(XPSR | 0x7_0000, XPSR) is None


@pytest.mark.parametrize(
    ("here", "there"),
    [(XPSR, XPSR | 0xF_0000), (XPSR | 0xF_0001, XPSR), (0xF_0010, 0x10), (XPSR | 0x8000_0000, XPSR), (1, 0)],
)
def test_every_other_word_is_a_difference(word, here, there):
    found = word(here, there)
    assert (found.where, found.here, found.there) == ("memory at 0x20008008", f"0x{here:08x}", f"0x{there:08x}")
