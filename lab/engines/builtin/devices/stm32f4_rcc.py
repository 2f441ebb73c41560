"""Reset and clock control of the STM32F4 and F7."""

from __future__ import annotations

from lab.engines.builtin.chip_resets import Cause, Reset
from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_CR_ON = 1 << 0 | 1 << 16 | 1 << 24 | 1 << 26 | 1 << 28
"""HSION, HSEON, PLLON, PLLI2SON, PLLSAION; the bit above each says that the clock is ready."""
_CFGR_SW, _CFGR_SWS_SHIFT = 3, 2
_ON, _READY_SHIFT = 1, 1
_TIM9RST = 1 << 16
_REASONS, _BY_PIN, _FORGET = 0xFE00_0000, 1 << 26, 1 << 24
"""Of CSR. A reset from inside pulls the pin NRST too."""
_REASON = {Cause.SOFTWARE: 1 << 28, Cause.WATCHDOG: 1 << 29, Cause.WINDOW_WATCHDOG: 1 << 30}


class STM32F4_RCC(Peripheral):
    """RCC. RM0385 rev 8, chapter 5.3.

    As in Renode: a clock is ready as soon as it is switched on, the system clock follows SW at once, and nothing
    depends on any of it: clocks gate no device, resets reset none save timer 9 (output Timer9Reset), frequencies are
    the platform description's.
    """

    size = 0x400

    CR = register(0x00, reset=0x483, read="_read_control", steady=True)
    PLLCFGR = register(0x04, reset=0x2400_3010)
    CFGR = register(0x08, read="_read_configuration", steady=True)
    CIR = register(0x0C)
    AHBRSTR = register_bank(0x10, count=3)
    APBRSTR = register_bank(0x20, count=2, write="_reset_devices")
    AHBENR = register_bank(0x30, count=3)
    APBENR = register_bank(0x40, count=2)
    AHBLPENR = register_bank(0x50, count=3)
    APBLPENR = register_bank(0x60, count=2)
    BDCR = register(0x70, read="_read_backup_domain", steady=True)
    CSR = register(0x74, reset=0x0E00_0000, read="_read_status", write="_write_status", steady=True)
    SSCGR = register(0x80)
    PLLI2SCFGR = register(0x84, reset=0x2400_3000)
    PLLSAICFGR = register(0x88, reset=0x2400_3000)
    DCKCFGR = register_bank(0x8C, count=2)

    def __init__(self, board: Board, *, rtc_peripheral: Peripheral) -> None:
        super().__init__(board)
        self._fixed.add("rtc_peripheral")
        self.rtc_peripheral = rtc_peripheral
        self.timer9_reset = self.line("Timer9Reset")

    def reset_by(self, reset: Reset) -> None:
        """CSR gathers the reasons, and the backup domain goes on."""
        reasons, backup = self.CSR & _REASONS, self.BDCR
        self.reset()
        self.CSR = reasons | _BY_PIN | _REASON[reset.cause]
        self.BDCR = backup

    def _reset_devices(self, bus: int, value: int) -> None:
        self.APBRSTR[bus] = value
        if bus == 1:
            self.timer9_reset.set(bool(value & _TIM9RST))

    def _read_control(self) -> int:
        on = self.CR & _CR_ON
        return self.CR & ~(_CR_ON << _READY_SHIFT) | on << _READY_SHIFT

    def _read_configuration(self) -> int:
        return self.CFGR & ~(_CFGR_SW << _CFGR_SWS_SHIFT) | (self.CFGR & _CFGR_SW) << _CFGR_SWS_SHIFT

    def _read_backup_domain(self) -> int:
        return _ready_when_on(self.BDCR)

    def _read_status(self) -> int:
        return _ready_when_on(self.CSR)

    def _write_status(self, value: int) -> None:
        """LSION is kept, reasons are forgotten by RMVF."""
        self.CSR = value & _ON | (0 if value & _FORGET else self.CSR & _REASONS)


def _ready_when_on(value: int) -> int:
    return value & ~(_ON << _READY_SHIFT) | (value & _ON) << _READY_SHIFT
