"""The SD card interface of the STM32F4 and F7."""

from __future__ import annotations

from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_POWERED = 3
_WAITRESP, _CPSMEN = 3 << 6, 1 << 10
_CTIMEOUT, _CMDSENT = 1 << 2, 1 << 7
_FIFO_EMPTY = 1 << 19
_CLEARABLE = 0xC0_07FF


class STM32FSDMMC(Peripheral):
    """SDMMC. RM0385 rev 8, chapter 35.8, with no card in the slot: a command that wants an answer times out at once.

    As in Renode it is powered from the start, and no card can be attached; unlike there, where every command times out,
    one that wants no answer is sent, as on silicon.
    """

    size = 0x400

    POWER = register(0x00, read="_power")
    CLKCR = register(0x04)
    ARG = register(0x08)
    CMD = register(0x0C, write="_command")
    RESPCMD = register(0x10, read_only=True)
    RESP = register_bank(0x14, count=4, read_only=True)
    DTIMER = register(0x24)
    DLEN = register(0x28, bits=25)
    DCTRL = register(0x2C, bits=12)
    DCOUNT = register(0x30, read_only=True)
    STA = register(0x34, reset=_FIFO_EMPTY, read_only=True)
    ICR = register(0x38, write="_clear", write_only=True)
    MASK = register(0x3C, write="_set_mask")
    FIFOCNT = register(0x48, read_only=True)
    FIFO = register(0x80, write="_drop", write_only=True)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.line("DMAReceive")

    def _power(self) -> int:
        return self.POWER | _POWERED

    def _drop(self, value: int) -> None:
        """There is nobody to send it to."""

    def _command(self, value: int) -> None:
        self.CMD = value & ~_CPSMEN
        if value & _CPSMEN:
            self.STA |= _CTIMEOUT if value & _WAITRESP else _CMDSENT
            self._update_interrupt()

    def _clear(self, value: int) -> None:
        self.STA &= ~(value & _CLEARABLE)
        self._update_interrupt()

    def _set_mask(self, value: int) -> None:
        self.MASK = value
        self._update_interrupt()

    def _update_interrupt(self) -> None:
        self.irq.set(bool(self.STA & self.MASK & ~_FIFO_EMPTY))
