"""The graphics accelerator (Chrom-ART) of the STM32F4 and F7."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Peripheral, register

_START, _ABORT = 1 << 0, 1 << 2
_COPY, _FILL = 0, 3
_ERROR, _COMPLETE = 1 << 0, 1 << 1
_ENABLES = 8
"""Where CR has the enable of the interrupt at bit 0 of ISR."""
_BYTES = (4, 3, 2, 2, 2)
"""Of a pixel that is written, by OPFCCR.CM."""
_INPUT_BYTES = {0: 4, 1: 3, 2: 2, 3: 2, 4: 2, 5: 1, 6: 1, 7: 2, 9: 1}
"""Of one that is read, by FGPFCCR.CM; the others have half a byte."""


class STM32DMA2D(Peripheral):
    """DMA2D. RM0385 rev 8, chapter 9.5. A transfer takes no time.

    It fills, and copies as it is. Where pixels have half a byte, or are to be converted or blended, the transfer ends
    and nothing is written, which is told as missing.
    """

    size = 0xC00

    CR = register(0x00, write="_control")
    ISR = register(0x04, read_only=True)
    IFCR = register(0x08, write="_clear")
    FGMAR = register(0x0C)
    FGOR = register(0x10, bits=14)
    BGMAR = register(0x14)
    BGOR = register(0x18, bits=14)
    FGPFCCR = register(0x1C, write="_load_foreground_table")
    FGCOLR = register(0x20)
    BGPFCCR = register(0x24, write="_load_background_table")
    BGCOLR = register(0x28)
    FGCMAR = register(0x2C)
    BGCMAR = register(0x30)
    OPFCCR = register(0x34)
    OCOLR = register(0x38)
    OMAR = register(0x3C)
    OOR = register(0x40, bits=14)
    NLR = register(0x44, bits=30)
    LWR = register(0x48, bits=16)
    AMTCR = register(0x4C, bits=16)

    def _control(self, value: int) -> None:
        self.CR = value & ~(_START | _ABORT)
        if value & _START:
            self._transfer(value >> 16 & 3)
        self._update_interrupt()

    def _clear(self, value: int) -> None:
        self.ISR &= ~value
        self._update_interrupt()

    def _load_foreground_table(self, value: int) -> None:
        self.FGPFCCR = value & ~(1 << 5)  # START: at once

    def _load_background_table(self, value: int) -> None:
        self.BGPFCCR = value & ~(1 << 5)

    def _transfer(self, mode: int) -> None:
        lines, pixels = self.NLR & 0xFFFF, self.NLR >> 16
        if not lines or not pixels:
            self.ISR |= _ERROR
            return
        if mode == _FILL:
            each = _BYTES[min(self.OPFCCR & 7, 4)]
            row = (self.OCOLR & (1 << 8 * each) - 1).to_bytes(each, "little") * pixels
            for line in range(lines):
                self.bus.write(self.OMAR + line * (pixels + self.OOR) * each, row)
        elif mode == _COPY and self.FGPFCCR & 0xF in _INPUT_BYTES:
            each = _INPUT_BYTES[self.FGPFCCR & 0xF]
            for line in range(lines):
                row = self.bus.read(self.FGMAR + line * (pixels + self.FGOR) * each, pixels * each)
                self.bus.write(self.OMAR + line * (pixels + self.OOR) * each, row)
        else:
            self.missing(True)
        self.ISR |= _COMPLETE

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self.ISR & self.CR >> _ENABLES & 0x3F))
