"""The accelerometer LIS2DW12, with its clock and its FIFO."""

from __future__ import annotations

from typing import ClassVar

from lab.engines.builtin.devices.clocked_accelerometer import ClockedAccelerometer
from lab.engines.builtin.peripheral import Board
from lab.errors import DeviceFault

_CTRL1, _CTRL2, _CTRL3, _CTRL4, _CTRL5, _CTRL6 = range(0x20, 0x26)
_STATUS, _FIFO_CTRL, _STATUS_DUP, _CTRL7 = 0x27, 0x2E, 0x37, 0x3F
_BOOT, _SOFT_RESET, _BDU, _IF_ADD_INC = 1 << 7, 1 << 6, 1 << 3, 1 << 2
_H_LACTIVE = 1 << 3
_INT2_ON_INT1 = 1 << 6
_DRDY, _FTH, _DIFF5, _OVR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_LOW_POWER, _HIGH_PERFORMANCE = 0b00, 0b01
_PERIODS = {
    _LOW_POWER: (0, 1000, 128, 64, 32, 16, 8, 8, 8, 8),
    _HIGH_PERFORMANCE: (0, 128, 128, 64, 32, 16, 8, 4, 2, 1),
}
"""By CTRL1.MODE and CTRL1.ODR, in 1,600ths of a second."""
_FULL_SCALE_G = (2, 4, 8, 16)
_12_BITS, _14_BITS = 0xFFF0, 0xFFFC


class ClockedLIS2DW12(ClockedAccelerometer):
    """LIS2DW12. Data sheet DS11811 rev 8, chapters 5, 8 and 9.

    Modelled: identity, power-down, low-power and high-performance mode with their rates, full scale, resolution (12
    bits in low-power mode 1, else 14), data-ready, BDU, FIFO with threshold, full and overrun, all of these on INT1
    and INT2, reset. Taken and without effect: filters, noise and power settings, offsets, tap, wake-up, free fall, 6D,
    self-test, pulsed data-ready. The temperature is always 25 degrees.

    Stricter than Renode, where the log says it and no samples come: conversions on demand (CTRL1.MODE = 2) and settings
    that the data sheet does not have end in a DeviceFault.
    """

    units_per_second = 1600
    defaults: ClassVar = {
        **dict.fromkeys((_CTRL1, _CTRL3, _CTRL4, _CTRL5, _CTRL6, _FIFO_CTRL), 0),
        _CTRL2: _IF_ADD_INC,
        **dict.fromkeys((*range(0x30, 0x37), *range(0x3C, 0x40)), 0),
    }

    def __init__(self, board: Board, *, identity: int = 0x44, stops_after: int = 0) -> None:
        super().__init__(board, identity, stops_after)

    @property
    def period(self) -> int:
        """Of CTRL1.ODR in the mode that is set."""
        rate, mode = self.bytes[_CTRL1] >> 4, self.bytes[_CTRL1] >> 2 & 3
        if not rate:
            return 0
        if mode not in _PERIODS or rate >= len(_PERIODS[mode]):
            raise DeviceFault(
                f"{self.name}: CTRL1 is {self.bytes[_CTRL1]:#04x}, a mode or rate that the LIS2DW12 model has not.",
                remedy="Set CTRL1.MODE to 0 (low power) or 1 (high performance), CTRL1.ODR to 9 at most.",
                code="device-misused",
            )
        return _PERIODS[mode][rate]

    @property
    def full_scale_g(self) -> int:
        """CTRL6.FS."""
        return _FULL_SCALE_G[self.bytes[_CTRL6] >> 4 & 3]

    def kept_bits(self, axis: int) -> int:  # noqa: ARG002
        """Of the mode that is set."""
        return _14_BITS if self.bytes[_CTRL1] & 0b1111 else _12_BITS

    @property
    def advances(self) -> bool:
        """CTRL2.IF_ADD_INC."""
        return bool(self.bytes[_CTRL2] & _IF_ADD_INC)

    @property
    def blocks_update(self) -> bool:
        """CTRL2.BDU."""
        return bool(self.bytes[_CTRL2] & _BDU)

    def wrote(self, address: int, value: int) -> None:
        """SOFT_RESET and BOOT do their work at once."""
        if address == _CTRL2:
            self.bytes[_CTRL2] = value & ~(_BOOT | _SOFT_RESET)
            if value & _SOFT_RESET:
                self.restart()

    def state_of(self, address: int) -> int | None:
        """STATUS and STATUS_DUP."""
        if address == _STATUS:
            return self.ready | self.threshold_reached << 7
        if address == _STATUS_DUP:
            return self.ready | self.ready << 6 | self.overrun << 7
        return None

    def lines_high(self) -> tuple[bool, bool]:
        """CTRL4 leads to INT1, CTRL5 to INT2; both to INT1 with CTRL7.INT2_ON_INT1."""
        events = (
            (_DRDY if self.ready else 0) | (_FTH if self.threshold_reached else 0) | (_DIFF5 if self.is_full else 0)
        )
        low = bool(self.bytes[_CTRL3] & _H_LACTIVE)
        first = bool(self.bytes[_CTRL4] & events)
        second = bool(self.bytes[_CTRL5] & (events | (_OVR if self.overrun else 0)))
        if self.bytes[_CTRL7] & _INT2_ON_INT1:
            first, second = first or second, False
        return first is not low, second is not low
