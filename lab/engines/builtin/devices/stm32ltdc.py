"""The display controller of the STM32F4 and F7."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_ON = 1 << 0
_NOW, _AT_BLANKING = 1 << 0, 1 << 1
_LINE, _RELOADED = 1 << 0, 1 << 3
_FRAME_NS = 16_666_667


class STM32LTDC(Peripheral):
    """LTDC. RM0385 rev 8, chapter 18.7, as far as firmware waits for it: 60 frames a second, and nobody looks.

    Layers keep what is written. The line's interrupt comes once a frame while the controller is on, wherever it is.
    """

    size = 0x400

    TIMING = register_bank(0x08, count=4)  # SSCR, BPCR, AWCR, TWCR
    GCR = register(0x18, reset=0x2220, write="_switch")
    SRCR = register(0x24, bits=2, write="_reload")
    BCCR = register(0x2C, bits=24)
    IER = register(0x34, bits=4, write="_enable_interrupts")
    ISR = register(0x38, read_only=True)
    ICR = register(0x3C, write="_clear")
    LIPCR = register(0x40, bits=11)
    CPSR = register(0x44, read_only=True)
    CDSR = register(0x48, reset=0xF, read_only=True)
    LAYER1 = register_bank(0x84, count=17)
    LAYER2 = register_bank(0x104, count=17)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.frame = self.alarm(self._on_frame)

    def _switch(self, value: int) -> None:
        self.GCR = value
        if not value & _ON:
            self.frame.stop()
        elif not self.frame.running:
            self.frame.start(self.now_ns + _FRAME_NS, _FRAME_NS)

    def _reload(self, value: int) -> None:
        """Shadow registers: at once, or with the next frame."""
        self.SRCR = value & _AT_BLANKING
        if value & _NOW:
            self.ISR |= _RELOADED
            self._update_interrupt()

    def _on_frame(self, _due_ns: int) -> None:
        self.ISR |= _LINE | (_RELOADED if self.SRCR else 0)
        self.SRCR = 0
        self._update_interrupt()

    def _enable_interrupts(self, value: int) -> None:
        self.IER = value
        self._update_interrupt()

    def _clear(self, value: int) -> None:
        self.ISR &= ~value
        self._update_interrupt()

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self.ISR & self.IER))
