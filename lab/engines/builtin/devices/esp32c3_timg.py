"""Timer groups of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.devices.espressif_watchdog import STAGES, UNLOCKED, StagedWatchdog
from lab.engines.builtin.peripheral import Board, register, register_bank

_APB_HZ, _XTAL_HZ, _NS = 80_000_000, 40_000_000, 10**9
_SLOW_HZ = (136_000, 17_500_000 // 256, 32_768, 136_000)
_BITS = 54

_EN, _INCREASE, _AUTORELOAD, _DIVIDER, _DIVCNT_RST, _ALARM_EN, _USE_XTAL = (
    1 << 31, 1 << 30, 1 << 29, 13, 1 << 12, 1 << 10, 1 << 9,
)  # fmt: skip

_T0 = 1
_RESET_CORE = 2
_UPDATE = 1 << 22
_SECOND_GROUP = 0x6002_0000
_CAUSES = {(False, False): 7, (False, True): 11, (True, False): 8, (True, True): 17}
"""Reset causes, ESP-IDF soc/reset_reasons.h: of the second group, of the core alone."""

_CALI_START, _CALI_CYCLING, _CALI_RDY, _CALI_VALID, _CALI_CLOCK, _CALI_CYCLES = 1 << 31, 1 << 12, 1 << 15, 1, 13, 16


class ESP32C3_TIMG(StagedWatchdog, Block):
    """TIMG0, TIMG1. ESP32-C3 technical reference manual 1.1, chapters 11 and 12; Espressif's public SVD.

    Settings act at once. The watchdog of the first group alone guards a boot from flash. A calibration takes its time
    and measures the slow clocks at their nominal 136 kHz, 68.4 kHz and 32.768 kHz, by a crystal of
    40 MHz.
    """

    ACTION_BITS = 2
    WDT_INTERRUPT = 2
    FLASH_BOOT = 1 << 14
    RESET_SYSTEM = 3

    RESETS: ClassVar[Mapping[int, int]] = {
        0x4C: 0x0001_0000, 0x80: 0xFFFF_FF98, 0xF8: 0x0200_6191, 0xFC: 0x6000_0000,
    }  # fmt: skip

    T0CONFIG = register(0x00, reset=0x6000_2000, write="_configure")
    T0 = register_bank(0x04, count=2, read_only=True)
    T0UPDATE = register(0x0C, write="_take_count")
    T0ALARM = register_bank(0x10, count=2, write="_set_alarm_value")
    T0LOADVALUE = register_bank(0x18, count=2)
    T0LOAD = register(0x20, write="_load")
    WDTCONFIG0 = register(0x48, reset=0x0004_C000, write="_configure_watchdog")
    WDTCONFIG1 = register(0x4C, write="_set_prescaler")
    WDTTIMEOUT = register_bank(0x50, count=STAGES, reset=0x018C_BA80, write="_set_timeout")
    WDTFEED = register(0x60, write="_feed")
    WDTWPROTECT = register(0x64, reset=UNLOCKED)
    RTCCALICFG = register(0x68, reset=0x0001_3000 | _CALI_RDY, write="_calibrate")  # measures since power-on
    RTCCALICFG1 = register(0x6C, read_only=True)
    INT_ENA = register(0x70, bits=2, write="_enable_interrupts")
    INT_RAW = register(0x74, bits=2, read_only=True)
    INT_ST = register(0x78, read="_pending", read_only=True, steady=True)
    INT_CLR = register(0x7C, bits=2, write="_clear_interrupts")

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.timer = self.line("T0")
        self.watchdog = self.line("WDT")
        self.ring = self.alarm(self._on_ring)
        self.calibrated = self.alarm(self._on_calibrated)
        self.is_second = False

    def place(self, address: int) -> None:
        """Which of the two it is."""
        self.is_second = address == _SECOND_GROUP

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.counted = 0
        self.since_ns: int | None = None

    # The timer

    def _hertz(self) -> tuple[int, int]:
        """Ticks a second, as a fraction."""
        divider = self.T0CONFIG >> _DIVIDER & 0xFFFF or 1 << 16
        return _XTAL_HZ if self.T0CONFIG & _USE_XTAL else _APB_HZ, max(divider, 2)

    def _count(self) -> int:
        if self.since_ns is None:
            return self.counted
        clock, divider = self._hertz()
        ticks = (self.now_ns - self.since_ns) * clock // (divider * _NS)
        return (self.counted + (ticks if self.T0CONFIG & _INCREASE else -ticks)) % (1 << _BITS)

    def _go_on_from(self, count: int) -> None:
        self.counted, self.since_ns = count, self.now_ns if self.T0CONFIG & _EN else None

    def _configure(self, value: int) -> None:
        count = self._count()
        self.T0CONFIG = value & ~_DIVCNT_RST
        self._go_on_from(count)
        self._set_ring()

    def _take_count(self, _value: int) -> None:
        count = self._count()
        self.T0[0], self.T0[1] = count, count >> 32

    def _set_alarm_value(self, index: int, value: int) -> None:
        self.T0ALARM[index] = value
        self._set_ring()

    def _load(self, _value: int) -> None:
        self._go_on_from(_joined(self.T0LOADVALUE[0], self.T0LOADVALUE[1]))
        self._set_ring()

    def _set_ring(self) -> None:
        if self.since_ns is None or not self.T0CONFIG & _ALARM_EN:
            self.ring.stop()
            return
        target = _joined(self.T0ALARM[0], self.T0ALARM[1])
        ahead = target - self.counted if self.T0CONFIG & _INCREASE else self.counted - target
        clock, divider = self._hertz()
        self.ring.start(max(self.now_ns, self.since_ns - -max(ahead, 0) * divider * _NS // clock))

    def _on_ring(self, due_ns: int) -> None:
        self.INT_RAW |= _T0
        self.T0CONFIG &= ~_ALARM_EN
        if self.T0CONFIG & _AUTORELOAD:
            self.counted, self.since_ns = _joined(self.T0LOADVALUE[0], self.T0LOADVALUE[1]), due_ns
        self._update_interrupts()

    # The watchdog

    def _configure_watchdog(self, value: int) -> None:
        super()._configure_watchdog(value & ~_UPDATE)

    @property
    def _guards_boot(self) -> bool:
        return super()._guards_boot and not self.is_second

    def _set_prescaler(self, value: int) -> None:
        if self._unlocked:
            self.WDTCONFIG1 = value
            self._begin(self.stage)

    def _stage_ns(self) -> int:
        ticks = self.WDTTIMEOUT[self.stage] * max(self.WDTCONFIG1 >> 16, 1)
        return -(-ticks * _NS // _APB_HZ)

    def _cause(self, action: int) -> int:
        return _CAUSES[self.is_second, action == _RESET_CORE]

    # The calibration

    def _calibrate(self, value: int) -> None:
        started = value & _CALI_START and not self.RTCCALICFG & _CALI_START
        self.RTCCALICFG = value & ~_CALI_RDY | self.RTCCALICFG & _CALI_RDY
        if not value & (_CALI_START | _CALI_CYCLING):
            self.calibrated.stop()
            self.RTCCALICFG &= ~_CALI_RDY
        elif started or value & _CALI_CYCLING:
            self.RTCCALICFG &= ~_CALI_RDY
            cycles = value >> _CALI_CYCLES & 0x7FFF
            self.calibrated.start(self.now_ns + cycles * _NS // _SLOW_HZ[value >> _CALI_CLOCK & 3])

    def _on_calibrated(self, _due_ns: int) -> None:
        cycles, clock = self.RTCCALICFG >> _CALI_CYCLES & 0x7FFF, self.RTCCALICFG >> _CALI_CLOCK & 3
        self.RTCCALICFG |= _CALI_RDY
        self.RTCCALICFG1 = cycles * _XTAL_HZ // _SLOW_HZ[clock] << 7 | _CALI_VALID

    # Interrupts

    def _update_interrupts(self) -> None:
        self.timer.set(bool(self._pending() & _T0))
        self.watchdog.set(bool(self._pending() & self.WDT_INTERRUPT))


def _joined(low: int, high: int) -> int:
    return (high << 32 | low) % (1 << _BITS)
