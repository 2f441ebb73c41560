"""The watchdog that several devices of Espressif's chips have in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.devices.espressif import Interrupting, watchdog_reset
from lab.engines.builtin.peripheral import Board, Register, RegisterBank
from lab.image import Image
from lab.images import direct_boot

STAGES = 4
UNLOCKED = 0x50D8_3AA1
"""What WDTWPROTECT has to hold, or the watchdog takes nothing."""
_ENABLE = 1 << 31
_OFF, _INTERRUPT = 0, 1


class StagedWatchdog(Interrupting, ABC):
    """A watchdog of four stages, each with a time and an action: off, an interrupt, or a reset of a kind.

    The actions are below the highest bit of WDTCONFIG0, the first stage's on top. Its registers are at offsets of the
    subclass's own: give WDTCONFIG0, WDTTIMEOUT and WDTFEED the methods of this class to write with.

    In flash boot mode it runs without being enabled, and its first stage ends in a reset: after a reset it guards the
    boot of what the chip's ROM starts, until firmware clears that bit. For an image that starts where a boot loader has
    left the chip it is clear.
    """

    ACTION_BITS: ClassVar[int]
    """Of a stage, in WDTCONFIG0."""
    WDT_INTERRUPT: ClassVar[int]
    """Its bit of INT_RAW."""
    FLASH_BOOT: ClassVar[int]
    """The bit of that mode in WDTCONFIG0."""
    RESET_SYSTEM: ClassVar[int]
    """The action in that mode."""

    WDTCONFIG0: Register
    WDTTIMEOUT: RegisterBank
    WDTWPROTECT: Register

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.stage_end = self.alarm(self._on_stage_end)
        self.by_rom = False

    def reset(self) -> None:
        """Back to the state after power-on."""
        super().reset()
        self.stage = 0

    def insert(self, image: Image) -> None:
        """It guards the boot of an image that the ROM starts."""
        self.by_rom = image.boots or direct_boot.begins(image)
        self._hand_over()

    def reset_by(self, reset: Reset) -> None:
        """As after power-on, as far as the ROM or a boot loader leave it so."""
        super().reset_by(reset)
        self._hand_over()

    def _hand_over(self) -> None:
        if not self.by_rom:
            self.WDTCONFIG0 &= ~self.FLASH_BOOT
        self._begin(0)

    @abstractmethod
    def _stage_ns(self) -> int:
        """How long the stage takes that has begun."""

    @abstractmethod
    def _cause(self, action: int) -> int:
        """The reset cause of that action of a stage."""

    @property
    def _guards_boot(self) -> bool:
        return bool(self.WDTCONFIG0 & self.FLASH_BOOT)

    @property
    def _unlocked(self) -> bool:
        return self.WDTWPROTECT == UNLOCKED

    def _configure_watchdog(self, value: int) -> None:
        if self._unlocked:
            self.WDTCONFIG0 = value
            self._begin(0)

    def _set_timeout(self, stage: int, value: int) -> None:
        if self._unlocked:
            self.WDTTIMEOUT[stage] = value
            self._begin(self.stage)

    def _feed(self, _value: int) -> None:
        if self._unlocked:
            self._begin(0)

    def _begin(self, stage: int) -> None:
        self.stage = stage
        self._start_stage(self.now_ns)

    def _start_stage(self, begin_ns: int) -> None:
        if (self.WDTCONFIG0 & _ENABLE or self._guards_boot) and self._action() != _OFF:
            self.stage_end.start(begin_ns + self._stage_ns())
        else:
            self.stage_end.stop()

    def _action(self) -> int:
        if not self.WDTCONFIG0 & _ENABLE:
            return self.RESET_SYSTEM
        return self.WDTCONFIG0 >> 31 - self.ACTION_BITS * (self.stage + 1) & (1 << self.ACTION_BITS) - 1

    def _on_stage_end(self, due_ns: int) -> None:
        if self._action() != _INTERRUPT:
            self.reset_chip(watchdog_reset(self.name, due_ns, self._cause(self._action())))
            return
        self.INT_RAW |= self.WDT_INTERRUPT
        self._update_interrupts()
        self.stage = (self.stage + 1) % STAGES
        self._start_stage(due_ns)
