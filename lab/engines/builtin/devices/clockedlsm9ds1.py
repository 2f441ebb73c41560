"""The accelerometer of the LSM9DS1, with its clock and its FIFO."""

from __future__ import annotations

from typing import ClassVar

from lab.engines.builtin.devices.clocked_accelerometer import ClockedAccelerometer
from lab.engines.builtin.peripheral import Board
from lab.errors import DeviceFault

_INT1_CTRL, _INT2_CTRL = 0x0C, 0x0D
_CTRL_REG1_G = 0x10
_STATUS_REG, _STATUS_REG_AGAIN = 0x17, 0x27
_CTRL_REG4, _CTRL_REG5_XL, _CTRL_REG6_XL = 0x1E, 0x1F, 0x20
_CTRL_REG8, _CTRL_REG9 = 0x22, 0x23
_FIFO_CTRL = 0x2E
_BOOT, _BDU, _H_LACTIVE, _IF_ADD_INC, _BLE, _SW_RESET = 1 << 7, 1 << 6, 1 << 5, 1 << 2, 1 << 1, 1 << 0
_FIFO_EN, _STOP_ON_FTH = 1 << 1, 1 << 0
_DRDY_XL, _FTH, _OVR, _FSS5 = 1 << 0, 1 << 3, 1 << 4, 1 << 5
_XLDA = 1 << 0
_PERIODS = (0, 2380, 476, 200, 100, 50, 25)
"""By CTRL_REG6_XL.ODR_XL: 10, 50, 119, 238, 476 and 952 Hz, in 23,800ths of a second."""
_PERIODS_OF_BOTH = (0, 1600, 400, 200, 100, 50, 25)
"""By CTRL_REG1_G.ODR_G: 14.9, 59.5, 119, 238, 476 and 952 Hz, of which the first two are rounded."""
_FULL_SCALE_G = (2, 16, 4, 8)


class ClockedLSM9DS1(ClockedAccelerometer):
    """LSM9DS1, first address, without what the gyroscope feels. Data sheet DocID025715 rev 3, chapters 3.5, 6 and 7.

    Modelled: identity, power-down, the rates of the accelerometer alone and with the gyroscope, full scale, axis
    enables, data-ready, BDU, FIFO with threshold, full and overrun, its depth with STOP_ON_FTH, all of these on INT1
    and INT2, reset. Taken and without effect: bandwidth and high resolution, decimation, interrupt generator,
    activity. The gyroscope's outputs and the temperature read 0.

    Stricter than Renode, where the log says it and no samples come: rates of 7, which are none, and big-endian outputs
    (CTRL_REG8.BLE) end in a DeviceFault.
    """

    units_per_second = 23_800
    defaults: ClassVar = {
        **dict.fromkeys((*range(0x04, 0x0E), *range(_CTRL_REG1_G, 0x14)), 0),
        _CTRL_REG4: 0x38,
        _CTRL_REG5_XL: 0x38,
        **dict.fromkeys((_CTRL_REG6_XL, 0x21), 0),
        _CTRL_REG8: _IF_ADD_INC,
        **dict.fromkeys((_CTRL_REG9, 0x24, _FIFO_CTRL, *range(0x30, 0x38)), 0),
    }

    def __init__(self, board: Board, *, identity: int = 0x68, stops_after: int = 0) -> None:
        super().__init__(board, identity, stops_after)

    @property
    def period(self) -> int:
        """Of CTRL_REG1_G.ODR_G while the gyroscope is on, else of CTRL_REG6_XL.ODR_XL."""
        of_both, alone = self.bytes[_CTRL_REG1_G] >> 5, self.bytes[_CTRL_REG6_XL] >> 5
        for name, rate in (("CTRL_REG1_G.ODR_G", of_both), ("CTRL_REG6_XL.ODR_XL", alone)):
            if rate == len(_PERIODS):
                raise self._misused(f"{name} is 7", "Set 1 to 6, or 0 for power-down.")
        return _PERIODS_OF_BOTH[of_both] or _PERIODS[alone]

    @property
    def full_scale_g(self) -> int:
        """CTRL_REG6_XL.FS_XL."""
        return _FULL_SCALE_G[self.bytes[_CTRL_REG6_XL] >> 3 & 3]

    def kept_bits(self, axis: int) -> int:
        """All of an axis that is enabled in CTRL_REG5_XL."""
        return 0xFFFF if self.bytes[_CTRL_REG5_XL] >> 3 + axis & 1 else 0

    @property
    def advances(self) -> bool:
        """CTRL_REG8.IF_ADD_INC."""
        return bool(self.bytes[_CTRL_REG8] & _IF_ADD_INC)

    @property
    def blocks_update(self) -> bool:
        """CTRL_REG8.BDU."""
        return bool(self.bytes[_CTRL_REG8] & _BDU)

    @property
    def depth(self) -> int:
        """FTH + 1 samples with CTRL_REG9.STOP_ON_FTH."""
        limited = self.bytes[_CTRL_REG9] & _STOP_ON_FTH
        return (self.bytes[_FIFO_CTRL] & 0x1F) + 1 if limited else super().depth

    @property
    def has_fifo(self) -> bool:
        """CTRL_REG9.FIFO_EN."""
        return bool(self.bytes[_CTRL_REG9] & _FIFO_EN)

    def wrote(self, address: int, value: int) -> None:
        """SW_RESET and BOOT do their work at once."""
        if address == _CTRL_REG8:
            if value & _BLE:
                raise self._misused("big-endian outputs are set (CTRL_REG8.BLE)", "Leave CTRL_REG8.BLE at 0.")
            self.bytes[_CTRL_REG8] = value & ~(_BOOT | _SW_RESET)
            if value & _SW_RESET:
                self.restart()

    def state_of(self, address: int) -> int | None:
        """STATUS_REG, which is there twice."""
        if address in (_STATUS_REG, _STATUS_REG_AGAIN):
            return _XLDA if self.ready else 0
        return None

    def lines_high(self) -> tuple[bool, bool]:
        """INT1_CTRL and INT2_CTRL lead events to INT1 and INT2."""
        events = (
            (_DRDY_XL if self.ready else 0)
            | (_FTH if self.threshold_reached else 0)
            | (_OVR if self.overrun else 0)
            | (_FSS5 if self.is_full else 0)
        )
        low = bool(self.bytes[_CTRL_REG8] & _H_LACTIVE)
        first, second = (bool(self.bytes[control] & events) for control in (_INT1_CTRL, _INT2_CTRL))
        return first is not low, second is not low

    def _misused(self, what: str, remedy: str) -> DeviceFault:
        return DeviceFault(
            f"{self.name}: {what}, which the LSM9DS1 model has not.", remedy=remedy, code="device-misused"
        )
