"""DMA controller of the STM32F4 and F7."""

from __future__ import annotations

from dataclasses import dataclass

from lab.engines.builtin.peripheral import Board, Peripheral, register_bank

_STREAMS = 8
_STEP = 0x18
_EN, _TCIE, _PINC, _MINC = 1 << 0, 1 << 4, 1 << 9, 1 << 10
_TO_MEMORY, _TO_PERIPHERAL, _RESERVED = 0, 1, 3
_DMDIS = 1 << 2
_FIFO_BYTES = 16
_COMPLETE = (5, 11, 21, 27)
"""The bit of TCIF in LISR and LIFCR for streams 0 to 3, in HISR and HIFCR for 4 to 7: RM0385 rev 8, chapter 8.5."""


@dataclass(frozen=True)
class _End:
    """Where a transfer reads or writes, `size` bytes at once; whether its address goes on with them."""

    address: int
    size: int
    goes_on: bool

    def at(self, done: int) -> int:
        """The address of the access after so many bytes."""
        return self.address + (done if self.goes_on else 0)


def _bytes(field: int) -> int:
    """1, 2 or 4; a reserved size is a byte."""
    return 1 << (field & 3) % 3


class STM32DMA(Peripheral):
    """DMA. RM0385 rev 8, chapter 8.5. Input n is a request for stream n; output n is its interrupt.

    As in Renode: a transfer from memory is done at once when EN is written, one from a peripheral goes on at each
    request; only the end of a transfer is told, EN stays set after it, and there is no circular or double-buffer mode.
    """

    size = 0x400

    ISR = register_bank(0x00, count=2, read_only=True)
    IFCR = register_bank(0x08, count=2, read="_nothing", write="_clear", steady=True)
    CR = register_bank(0x10, count=_STREAMS, stride=_STEP, bits=25, write="_configure")
    NDTR = register_bank(0x14, count=_STREAMS, stride=_STEP, bits=16)
    PAR = register_bank(0x18, count=_STREAMS, stride=_STEP)
    M0AR = register_bank(0x1C, count=_STREAMS, stride=_STEP)
    M1AR = register_bank(0x20, count=_STREAMS, stride=_STEP)
    FCR = register_bank(0x24, count=_STREAMS, stride=_STEP, bits=8)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.interrupts = [self.line(str(number)) for number in range(_STREAMS)]

    def reset(self) -> None:
        """Every stream off."""
        super().reset()
        self.moved = [0] * _STREAMS  # bytes of the transfer under way

    def on_input(self, number: int, level: bool) -> None:
        """A peripheral asks stream `number` for a transfer."""
        if number >= _STREAMS:
            super().on_input(number, level)
        if level and self.CR[number] & _EN and self._direction(number) == _TO_MEMORY:
            self._transfer(number)

    def _nothing(self, _index: int) -> int:
        return 0

    def _clear(self, index: int, value: int) -> None:
        self.ISR[index] &= ~value
        self._update_interrupts()

    def _configure(self, stream: int, value: int) -> None:
        self.CR[stream] = value
        if value & _EN and self._direction(stream) != _TO_MEMORY:
            self._transfer(stream)
        self._update_interrupts()

    def _direction(self, stream: int) -> int:
        return self.CR[stream] >> 6 & 3

    def _transfer(self, stream: int) -> None:
        direction, control = self._direction(stream), self.CR[stream]
        if not self.NDTR[stream] or direction == _RESERVED:
            return
        there, here = _bytes(control >> 11), _bytes(control >> 13)  # of an access: PSIZE, MSIZE
        total = self._total(stream, there, here)
        offset = self.moved[stream]
        memory = _End(self.M0AR[stream] + (offset if control & _MINC else 0), here, bool(control & _MINC))
        peripheral = _End(self.PAR[stream] + (offset if control & _PINC else 0), there, bool(control & _PINC))
        if direction == _TO_PERIPHERAL:
            self._copy(memory, peripheral, total)
        else:
            self._copy(peripheral, memory, total)
        self.NDTR[stream] -= total // (there if direction == _TO_MEMORY else here)
        self.moved[stream] += total
        if not self.NDTR[stream]:
            self.moved[stream] = 0
            self.ISR[stream // 4] |= 1 << _COMPLETE[stream % 4]
            self._update_interrupts()

    def _total(self, stream: int, there: int, here: int) -> int:
        if self._direction(stream) == _TO_PERIPHERAL:
            return self.NDTR[stream] * there
        if self._direction(stream) != _TO_MEMORY:
            return self.NDTR[stream] * here
        if self.FCR[stream] & _DMDIS:
            return min(_FIFO_BYTES * (1 + (self.FCR[stream] & 3)) // 4, self.NDTR[stream] * there)
        return there

    def _copy(self, source: _End, destination: _End, total: int) -> None:
        data = b"".join(self.bus.read(source.at(done), source.size) for done in range(0, total, source.size))
        for done in range(0, total, destination.size):
            part = data[done : done + destination.size]
            self.bus.write(destination.at(done), part.ljust(destination.size, b"\0"))

    def _update_interrupts(self) -> None:
        for stream, line in enumerate(self.interrupts):
            complete = self.ISR[stream // 4] >> _COMPLETE[stream % 4] & 1
            line.set(bool(complete and self.CR[stream] & _TCIE))
