"""What the factory wrote into the chip."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral

_ERASED = 0xFFFF_FFFF
_REVISION_2 = 0x02
_WORDS = {
    0x010: 0x1000,  # CODEPAGESIZE, bytes
    0x014: 0x100,  # CODESIZE, pages
    0x060: 0x1CA5_E0E1,  # DEVICEID
    0x064: 0x7C0F_7B2D,
    0x080: 0x0B7E_1516,  # ER, the encryption root
    0x084: 0x28AE_D2A6,
    0x088: 0xABF7_1588,
    0x08C: 0x09CF_4F3C,
    0x090: 0x6BC1_BEE2,  # IR, the identity root
    0x094: 0x2E40_9F96,
    0x098: 0xE93D_7E11,
    0x09C: 0x7393_172A,
    0x0A0: 0xFFFF_FFFF,  # DEVICEADDRTYPE: a random address
    0x0A4: 0x52A1_3C84,  # DEVICEADDR
    0x0A8: 0xFFFF_E3B6,
    0x100: 0x0005_2840,  # INFO.PART
    0x104: int.from_bytes(b"AAD0", "big"),  # INFO.VARIANT
    0x108: 0x0000_2004,  # INFO.PACKAGE: QI, aQFN73
    0x10C: 0x100,  # INFO.RAM, KiB
    0x110: 0x400,  # INFO.FLASH, KiB
    0x130: 0x08,  # which chip, and which revision: not in the specification, read by Nordic's SystemInit for its errata
    0x134: _REVISION_2,
    0x350: 0xBB42_319F,  # PRODTEST: done
    0x354: 0xBB42_319F,
    0x358: 0xBB42_319F,
    0x450: 0xFFFF_FF5F,  # NFC.TAGHEADER0
}
# TEMP.A0 to A5, B0 to B5 and T0 to T4: the registers of TEMP as they are after reset.
_TEMPERATURE = (
    (0x326, 0x348, 0x3AA, 0x40E, 0x4BD, 0x5A3),
    (0x3FEF, 0x3FBE, 0x3FBE, 0x12, 0x124, 0x27C),
    (0xE2, 0x00, 0x19, 0x3C, 0x50),
)
_WORDS |= {0x404 + 4 * n: value for n, value in enumerate(number for row in _TEMPERATURE for number in row)}


class NRF52840_FICR(Peripheral):
    """FICR of an nRF52840-QIAA, revision AAD0. nRF52840 product specification 1.7, chapter 4.4.

    DEVICEID, the roots and the address are made up, and the same for each board. Renode has no model of it.
    """

    def _read_word(self, offset: int) -> int:
        return _WORDS.get(offset, _ERASED)
