"""The analog-to-digital converters of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block, Interrupting
from lab.engines.builtin.peripheral import register

_FIRST, _SECOND, _START = 1 << 31, 1 << 30, 1 << 29


class ESP32C3_SARADC(Interrupting, Block):
    """APB_SARADC. ESP32-C3 technical reference manual 1.1, chapter 34; registers: ESP-IDF, soc/apb_saradc_reg.h.

    Every input is at 0 V. A single conversion takes no time; there are no series of them, by timer or by DMA, and no
    thresholds.
    """

    RESETS: ClassVar[Mapping[int, int]] = {
        0x00: 0x4003_8240, 0x04: 0xA1FE, 0x0C: 0x00FF_0808, 0x20: 0x1A00_0000, 0x24: 0x900, 0x28: 0x0374_0000,
        0x34: 0x0003_FFED, 0x38: 0x0003_FFED, 0x50: 0xFF, 0x54: 4, 0x58: 0x0001_8000, 0x5C: 0x4002, 0x60: 0x8000,
        0x3FC: 0x0200_7171,
    }  # fmt: skip

    ONETIME_SAMPLE = register(0x20, write="_sample")
    INT_ENA = register(0x40, write="_enable_interrupts")
    INT_RAW = register(0x44, read_only=True)
    INT_ST = register(0x48, read="_pending", read_only=True, steady=True)
    INT_CLR = register(0x4C, write="_clear_interrupts")

    def _sample(self, value: int) -> None:
        self.ONETIME_SAMPLE = value
        if value & _START:
            self.INT_RAW |= value & (_FIRST | _SECOND)
            self._update_interrupts()
