"""The chip's own debug ROM table, by which start-up code of some makers tells chips and revisions apart."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral, register, register_bank

_COMPONENT = (0x0D, 0x10, 0x05, 0xB1)


class NRF52840_RomTable(Peripheral):
    """CoreSight identification (Arm IHI 0029, B2.3) of part 0x008, revision 2, of maker 0x244, which is Nordic.

    Renode has no model of it.
    """

    PIDR4 = register(0xFD0, reset=0x02, read_only=True)
    PIDR0 = register(0xFE0, reset=0x08, read_only=True)
    PIDR1 = register(0xFE4, reset=0x40, read_only=True)
    PIDR2 = register(0xFE8, reset=0x2C, read_only=True)
    PIDR3 = register(0xFEC, read_only=True)
    CIDR = register_bank(0xFF0, count=4, read="component", read_only=True)

    def component(self, index: int) -> int:
        """CIDR[n]: a ROM table."""
        return _COMPONENT[index]
