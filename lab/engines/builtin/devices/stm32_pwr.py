"""Power control of the STM32F4."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral, register

_VOS, _ODEN, _ODSWEN = 3 << 14, 1 << 16, 1 << 17
_VOSRDY = 1 << 14
_SCALE_3 = 1 << 14


class STM32_PWR(Peripheral):
    """PWR. RM0090 rev 20, chapter 5.5. As in Renode a regulator's scale and over-drive are ready as soon as written.

    Nothing follows from them, and there are no low-power modes.
    """

    size = 0x400

    CR = register(0x00, reset=0xF_CC00, bits=20, write="_control")
    CSR = register(0x04, read_only=True)

    def _control(self, value: int) -> None:
        if not value & _VOS:
            value |= _SCALE_3  # the reserved value
        if not value & _ODEN:
            value &= ~_ODSWEN
        self.CR = value
        self.CSR = _VOSRDY | value & (_ODEN | _ODSWEN)
