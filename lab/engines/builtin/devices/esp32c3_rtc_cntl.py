"""Low-power management of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin import chip_resets
from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.devices.espressif import Block, watchdog_reset
from lab.engines.builtin.devices.espressif_watchdog import STAGES, StagedWatchdog
from lab.engines.builtin.peripheral import Board, register, register_bank

_SLOW_HZ, _NS = 136_000, 10**9
_RESET_SYSTEM, _RESET_CORE = 1 << 31, 1 << 5
_TIME_UPDATE, _TIME_BITS = 1 << 31, 48
_XTAL_MHZ = 40
_SUPER_UNLOCKED, _SUPER_NS = 0x8F1D_312A, 10**9
_FEEDS_ITSELF, _FEED = 1 << 31, 1 << 29
_SUPER_IDLE = _FEEDS_ITSELF | 1 << 30
_POWER_ON, _BY_FIRMWARE, _OF_CORE_BY_FIRMWARE, _OF_SYSTEM, _BY_SUPER = 1, 3, 12, 16, 18
_BY_STAGE = {2: 13, 3: 9, 4: _OF_SYSTEM}
"""Reset causes, ESP-IDF soc/reset_reasons.h: what the watchdog's stages do, reset the core, the chip, all."""
_CAUSE = 0x3F
_STORES = (0x50, 0x54, 0x58, 0x5C, 0xB8, 0xBC, 0xC0, 0xC4)


class ESP32C3_RTC_CNTL(StagedWatchdog, Block):
    """RTC_CNTL. ESP32-C3 technical reference manual 1.1, chapter 9; watchdog: chapter 12; Espressif's public SVD.

    The slow clock has 136 kHz and is never calibrated to anything else. The watchdog counts it. The super watchdog
    bites after a second, until firmware or a boot loader lets it feed itself. A reset of the core alone resets the
    devices too, which firmware does by registers before. The clock goes on over resets; STORE0 to STORE7 are kept, save
    by the watchdog's reset of the whole system. Sleep, brown-out and the analog settings keep what is written, and do
    nothing. STORE4 says, as after the ROM, that the crystal has 40 MHz.
    """

    size = 0x800
    ACTION_BITS = 3
    WDT_INTERRUPT = 1 << 3
    FLASH_BOOT = 1 << 12
    RESET_SYSTEM = 4
    RESETS: ClassVar[Mapping[int, int]] = {
        0x00: 0x1C00_A000, 0x1C: 0x2814_0403, 0x20: 0x0100_0000, 0x24: 0x0A08_0A08, 0x28: 0x1020_0A08, 0x2C: 0x8000,
        0x30: 0x0A08_0000, 0x34: 0x00C4_0000, 0x3C: 0x0006_0000, 0x60: 0x0006_6C80, 0x70: 0x1158_3218,
        0x74: 0x0040_0000, 0x78: 0x0AB0_BE0A, 0x7C: 0x0001_0800, 0x80: 0xA000_0000, 0x88: 0x0055_5010,
        0x8C: 0xAA80_5080, 0x98: 0x0001_3880, 0x9C: 0xFFF, 0xA0: 0xFFF,
        0xB8: _XTAL_MHZ << 16 | _XTAL_MHZ,
        0xD8: 0x43FF_0010, 0xE8: 0x0FF0_0000, 0xFC: 0xC800, 0x108: 0xA0D0_0000, 0x10C: 7,
        0x1FC: 0x0200_7270,
    }  # fmt: skip

    OPTIONS0 = register(0x00, write="_reset_chip")
    TIME_UPDATE = register(0x0C, write="_take_time")
    TIME = register_bank(0x10, count=2, read_only=True)
    RESET_STATE = register(0x38, reset=0x3000 | _POWER_ON, write="_set_reset_state")
    INT_ENA = register(0x40, write="_enable_interrupts")
    INT_RAW = register(0x44, read_only=True)
    INT_ST = register(0x48, read="_pending", read_only=True, steady=True)
    INT_CLR = register(0x4C, write="_clear_interrupts")
    WDTCONFIG0 = register(0x90, reset=0x0001_3214, write="_configure_watchdog")
    WDTTIMEOUT = register_bank(0x94, count=STAGES, reset=0x0003_0D40, write="_set_timeout")
    WDTFEED = register(0xA4, write="_feed")
    WDTWPROTECT = register(0xA8)
    SWD_CONF = register(0xAC, reset=0x04B0_0000, write="_configure_super")
    SWD_WPROTECT = register(0xB0)
    INT_ENA_W1TS = register(0x100, write="_enable_more")
    INT_ENA_W1TC = register(0x104, write="_enable_less")

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.super_end = self.alarm(self._on_super_end)

    def reset_by(self, reset: Reset) -> None:
        """What outlives it, and its cause."""
        stored = {} if reset.number == _OF_SYSTEM else {offset: self.values[offset] for offset in _STORES}
        super().reset_by(reset)
        self.values.update(stored)
        self.RESET_STATE = self.RESET_STATE & ~_CAUSE | reset.number

    def _hand_over(self) -> None:
        super()._hand_over()
        if not self.by_rom:
            self.SWD_CONF |= _FEEDS_ITSELF
        self._feed_super()

    def _reset_chip(self, value: int) -> None:
        if value & (_RESET_SYSTEM | _RESET_CORE):
            number = _BY_FIRMWARE if value & _RESET_SYSTEM else _OF_CORE_BY_FIRMWARE
            self.reset_chip(chip_resets.by_firmware("RTC_CNTL.OPTIONS0", number))
        self.OPTIONS0 = value

    def _take_time(self, value: int) -> None:
        if value & _TIME_UPDATE:
            ticks = self.now_ns * _SLOW_HZ // _NS % (1 << _TIME_BITS)
            self.TIME[0], self.TIME[1] = ticks & 0xFFFF_FFFF, ticks >> 32

    def _set_reset_state(self, value: int) -> None:
        self.RESET_STATE = value & ~_CAUSE | self.RESET_STATE & _CAUSE

    def _feed(self, value: int) -> None:
        if value >> 31:
            super()._feed(value)

    def _stage_ns(self) -> int:
        # Stage 0 is twice as long, or more where a fuse says so: WDTCONFIG1 in the manual.
        ticks = self.WDTTIMEOUT[self.stage] << (1 if self.stage == 0 else 0)
        return -(-ticks * _NS // _SLOW_HZ)

    def _cause(self, action: int) -> int:
        return _BY_STAGE.get(action, _OF_SYSTEM)

    def _configure_super(self, value: int) -> None:
        if self.SWD_WPROTECT == _SUPER_UNLOCKED:
            idle = self.SWD_CONF & _SUPER_IDLE
            self.SWD_CONF = value & ~_FEED
            if idle or value & (_FEED | _SUPER_IDLE):
                self._feed_super()

    def _feed_super(self) -> None:
        if self.SWD_CONF & _SUPER_IDLE:
            self.super_end.stop()
        else:
            self.super_end.start(self.now_ns + _SUPER_NS)

    def _on_super_end(self, due_ns: int) -> None:
        self.reset_chip(watchdog_reset(f"{self.name}.SWD", due_ns, _BY_SUPER))

    def _enable_more(self, value: int) -> None:
        self._enable_interrupts(self.INT_ENA | value)

    def _enable_less(self, value: int) -> None:
        self._enable_interrupts(self.INT_ENA & ~value)
