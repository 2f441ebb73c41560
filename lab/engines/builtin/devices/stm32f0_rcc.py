"""Reset and clock control of the STM32F0."""

from __future__ import annotations

from lab.engines.builtin.chip_resets import Cause, Reset
from lab.engines.builtin.peripheral import Peripheral, register, register_bank

_CR_ON = 1 << 0 | 1 << 16 | 1 << 24
"""HSION, HSEON, PLLON; the bit above each says that the clock is ready."""
_CR2_ON = 1 << 0 | 1 << 16
"""HSI14ON, HSI48ON."""
_ON = 1
_SW = 3
_REASONS, _BY_PIN, _FORGET = 0xFE80_0000, 1 << 26, 1 << 24
"""Of CSR. A reset from inside pulls the pin NRST too."""
_REASON = {Cause.SOFTWARE: 1 << 28, Cause.WATCHDOG: 1 << 29, Cause.WINDOW_WATCHDOG: 1 << 30}


class STM32F0_RCC(Peripheral):
    """RCC. RM0091 rev 10, chapter 6.4.

    As in Renode a clock is ready as soon as it is switched on, and nothing depends on any of it; unlike there, that
    goes for LSI, LSE and HSI48 too.
    """

    size = 0x400

    CR = register(0x00, reset=0x83, read="_control", steady=True)
    CFGR = register(0x04, read="_configuration", steady=True)
    CIR = register(0x08)
    APB2RSTR = register(0x0C)
    APB1RSTR = register(0x10)
    AHBENR = register(0x14, reset=0x14)
    APB2ENR = register(0x18)
    APB1ENR = register(0x1C)
    BDCR = register(0x20, reset=0x18, read="_backup_domain", steady=True)
    CSR = register(0x24, reset=0x0C00_0000, read="_status", write="_write_status", steady=True)
    AHBRSTR = register(0x28)
    CFGR2 = register_bank(0x2C, count=2)
    CR2 = register(0x34, reset=0x80, read="_second_control", steady=True)

    def reset_by(self, reset: Reset) -> None:
        """CSR gathers the reasons, and the backup domain goes on."""
        reasons, backup = self.CSR & _REASONS, self.BDCR
        self.reset()
        self.CSR = reasons | _BY_PIN | _REASON[reset.cause]
        self.BDCR = backup

    def _control(self) -> int:
        return _ready(self.CR, _CR_ON)

    def _configuration(self) -> int:
        return self.CFGR & ~(_SW << 2) | (self.CFGR & _SW) << 2

    def _backup_domain(self) -> int:
        return _ready(self.BDCR, _ON)

    def _status(self) -> int:
        return _ready(self.CSR, _ON)

    def _write_status(self, value: int) -> None:
        reasons = 0 if value & _FORGET else self.CSR & _REASONS
        self.CSR = value & _ON | reasons

    def _second_control(self) -> int:
        return _ready(self.CR2, _CR2_ON)


def _ready(value: int, switches: int) -> int:
    """Each clock that is on is ready, which the bit above says."""
    return value & ~(switches << 1) | (value & switches) << 1
