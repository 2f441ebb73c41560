"""The interrupt controller of a Cortex-M, with SysTick and the system control block, which share its 4 kB."""

from __future__ import annotations

from ctypes import Array, c_uint64

from lab.engines.builtin.devices.mpu import MemoryProtection
from lab.engines.builtin.devices.scb import DEBUG_MONITOR, SYSTICK, SystemControlBlock
from lab.engines.builtin.devices.systick import SysTick
from lab.engines.builtin.peripheral import Board, register, register_bank

_FIRST = 16
_INTERRUPTS = 240
_RENODES_FREQUENCY = 50 * 0x80_0000  # Hz, where a description names none
# Registers where a 1 commands and a 0 says nothing: a byte written there must not repeat its neighbours.
_COMMANDS = (range(0x100, 0x300), range(0xD04, 0xD08), range(0xD28, 0xD30), range(0xF00, 0xF04))


class NVIC(SysTick, SystemControlBlock, MemoryProtection):
    """Renode's IRQControllers.NVIC: all of the system control space. Arm DDI 0403E, B3.4 for the part in this file.

    Input n of the device is interrupt n, exception 16 + n. Picking and taking exceptions is in core/exceptions.c.
    """

    ICTR = register(0x004, reset=7, read_only=True)
    ACTLR = register(0x008)
    ISER = register_bank(0x100, count=8, read="_read_enabled", write="_enable")
    ICER = register_bank(0x180, count=8, read="_read_enabled", write="_disable")
    ISPR = register_bank(0x200, count=8, read="_read_pending", write="_pend")
    ICPR = register_bank(0x280, count=8, read="_read_pending", write="_unpend")
    IABR = register_bank(0x300, count=8, read="_read_active", read_only=True)
    IPR = register_bank(0x400, count=60, read="_read_priorities", write="_write_priorities")
    DHCSR = register(0xDF0, read_only=True)  # no debugger that halts
    DEMCR = register(0xDFC, write="_write_demcr")
    STIR = register(0xF00, bits=9, write="_trigger")

    def __init__(
        self,
        board: Board,
        *,
        priority_mask: int = 0xFF,
        systick_frequency: int = _RENODES_FREQUENCY,
        halt_systick_on_deep_sleep: bool = True,  # noqa: ARG002 - SCR.SLEEPDEEP changes nothing
    ) -> None:
        super().__init__(board, systick_frequency=systick_frequency)
        self.core = board.core
        self.priority_mask = priority_mask
        self._fixed.add("core")

    def write(self, offset: int, size: int, value: int) -> None:
        """A register write; bytes and halfwords are accepted throughout."""
        if size < 4 and any(offset in registers for registers in _COMMANDS):
            value, offset, size = value << 8 * (offset & 3), offset & ~3, 4
        super().write(offset, size, value)

    def on_input(self, number: int, level: bool) -> None:
        """Interrupt `number` is driven: pending from the rising edge on, and again after its handler while high."""
        if not 0 <= number < _INTERRUPTS:
            super().on_input(number, level)
        self.change(self.core.cortex_m.level, _FIRST + number, level)
        if level:
            self.pend(_FIRST + number)

    def pend_systick(self) -> None:
        """Exception 15 becomes pending."""
        self.pend(SYSTICK)

    def _word(self, words: Array[c_uint64], index: int) -> int:
        bits = range(min(32, _INTERRUPTS - 32 * index))
        return sum(self.core.cortex_m.has(words, _FIRST + 32 * index + bit) << bit for bit in bits)

    def _change(self, words: Array[c_uint64], index: int, value: int, on: bool) -> None:
        for bit in range(32):
            if value >> bit & 1 and 32 * index + bit < _INTERRUPTS:
                self.change(words, _FIRST + 32 * index + bit, on)

    def _read_enabled(self, index: int) -> int:
        return self._word(self.core.cortex_m.enabled, index)

    def _enable(self, index: int, value: int) -> None:
        self._change(self.core.cortex_m.enabled, index, value, True)

    def _disable(self, index: int, value: int) -> None:
        self._change(self.core.cortex_m.enabled, index, value, False)

    def _read_pending(self, index: int) -> int:
        return self._word(self.core.cortex_m.pending, index)

    def _pend(self, index: int, value: int) -> None:
        self._change(self.core.cortex_m.pending, index, value, True)

    def _unpend(self, index: int, value: int) -> None:
        still_driven = self._word(self.core.cortex_m.level, index)
        self._change(self.core.cortex_m.pending, index, value & ~still_driven, False)

    def _read_active(self, index: int) -> int:
        return self._word(self.core.cortex_m.active, index)

    def _read_priorities(self, index: int) -> int:
        first = _FIRST + 4 * index
        return int.from_bytes((self.core.cortex_m.priority[first + byte] & 0xFF for byte in range(4)), "little")

    def _write_priorities(self, index: int, value: int) -> None:
        for byte in range(4):
            self.set_priority(_FIRST + 4 * index + byte, value >> 8 * byte & 0xFF)

    def _write_demcr(self, value: int) -> None:
        self.DEMCR = value
        self.change(self.core.cortex_m.enabled, DEBUG_MONITOR, bool(value >> 16 & 1))

    def _trigger(self, value: int) -> None:
        self.pend(_FIRST + value)
