"""DMA controller of the STM32F4 and F7."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

from lab.engines.builtin.peripheral import Board, Peripheral, register_bank

_STREAMS = 8
_STEP = 0x18
_EN, _HTIE, _TCIE, _CIRC, _PINC, _MINC = 1 << 0, 1 << 3, 1 << 4, 1 << 8, 1 << 9, 1 << 10
_DBM, _CT = 1 << 18, 1 << 19
_DIR = 3 << 6
_TO_MEMORY, _TO_PERIPHERAL, _RESERVED = 0 << 6, 1 << 6, 3 << 6
_COMPLETE = (5, 11, 21, 27)
"""The bit of TCIF in LISR and LIFCR for streams 0 to 3, in HISR and HIFCR for 4 to 7: RM0385 rev 8, chapter 8.5."""


class _End(NamedTuple):
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


class BurstSource(ABC):
    """Base of devices whose data register can be read many times at once, as if it had been read so often."""

    @abstractmethod
    def read_burst(self, offset: int, size: int, count: int) -> bytes:
        """`count` reads of `size` bytes at `offset`."""


class STM32DMA(Peripheral):
    """DMA. RM0385 rev 8, chapter 8.5. Input n is a request for stream n; output n is its interrupt.

    As in Renode a transfer from memory is done at once when EN is written, one from a peripheral goes on at each
    request, whatever channel it is of. As on silicon, and unlike Renode: EN falls at the end of a transfer, half of it
    is told, in circular and double-buffer mode it begins again, and TCIF rises where firmware clears EN of a stream
    that runs. From memory such a mode makes a single round each time EN is set, for nothing here says when the
    peripheral wants more. A request moves one item, without a FIFO.
    """

    size = 0x400

    ISR = register_bank(0x00, count=2, read_only=True)
    IFCR = register_bank(0x08, count=2, write="_clear", write_only=True)
    CR = register_bank(0x10, count=_STREAMS, stride=_STEP, bits=28, write="_configure")
    NDTR = register_bank(0x14, count=_STREAMS, stride=_STEP, bits=16, write="_set_count")
    PAR = register_bank(0x18, count=_STREAMS, stride=_STEP)
    M0AR = register_bank(0x1C, count=_STREAMS, stride=_STEP)
    M1AR = register_bank(0x20, count=_STREAMS, stride=_STEP)
    FCR = register_bank(0x24, count=_STREAMS, stride=_STEP, reset=0x21, bits=8)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self._fixed.add("device_at")
        self.device_at = board.device_at
        self.interrupts = [self.line(str(number)) for number in range(_STREAMS)]

    def reset(self) -> None:
        """Every stream off."""
        super().reset()
        self.moved = [0] * _STREAMS  # bytes of the round under way
        self.items = [0] * _STREAMS  # of a round

    def on_input(self, number: int, level: bool) -> None:
        """A peripheral asks stream `number` for a transfer."""
        if number >= _STREAMS:
            super().on_input(number, level)
        if level and self.taken(number):
            self._move(number, 1)

    def taken(self, stream: int) -> int:
        """How many requests are left that move something from a peripheral to memory."""
        return self.NDTR[stream] if self.CR[stream] & (_EN | _DIR) == _EN | _TO_MEMORY else 0

    def _clear(self, index: int, value: int) -> None:
        self.ISR[index] &= ~value
        for stream in range(4 * index, 4 * index + 4):
            self._update_interrupt(stream)

    def _set_count(self, stream: int, value: int) -> None:
        """Only a stream that is off takes it."""
        if not self.CR[stream] & _EN:
            self.NDTR[stream] = value

    def _configure(self, stream: int, value: int) -> None:
        begins = bool(value & _EN) and not self.CR[stream] & _EN
        if self.CR[stream] & _EN and not value & _EN:
            self.ISR[stream // 4] |= 1 << _COMPLETE[stream % 4]
        self.CR[stream] = value
        if begins:
            self.moved[stream], self.items[stream] = 0, self.NDTR[stream]
            if value & _DIR not in (_TO_MEMORY, _RESERVED):
                self._move(stream, self.NDTR[stream])
        self._update_interrupt(stream)

    def _move(self, stream: int, items: int) -> None:
        """`items` of PSIZE, of the peripheral's side."""
        control, before, offset = self.CR[stream], self.NDTR[stream], self.moved[stream]
        if not items or not before:
            return
        there, here = _bytes(control >> 11), _bytes(control >> 13)  # of an access: PSIZE, MSIZE
        start = (self.M1AR if control & _DBM and control & _CT else self.M0AR)[stream]
        memory = _End(start + (offset if control & _MINC else 0), here, bool(control & _MINC))
        peripheral = _End(self.PAR[stream] + (offset if control & _PINC else 0), there, bool(control & _PINC))
        if control & _DIR == _TO_PERIPHERAL:
            self._copy(memory, peripheral, items * there)
        else:
            self._copy(peripheral, memory, items * there)
        self.moved[stream] += items * there
        left = before - items
        self.NDTR[stream] = left
        if before > self.items[stream] // 2 >= left:
            self._tell(stream, _COMPLETE[stream % 4] - 1)
        if not left:
            self._end_round(stream)

    def _end_round(self, stream: int) -> None:
        self._tell(stream, _COMPLETE[stream % 4])
        self.moved[stream] = 0
        if self.CR[stream] & _DBM:
            self.CR[stream] ^= _CT
        if self.CR[stream] & (_CIRC | _DBM):
            self.NDTR[stream] = self.items[stream]
        else:
            self.CR[stream] &= ~_EN

    def _tell(self, stream: int, bit: int) -> None:
        self.ISR[stream // 4] |= 1 << bit
        self._update_interrupt(stream)

    def _copy(self, source: _End, destination: _End, total: int) -> None:
        data = self._read(source, -(-total // source.size))
        items = -(-len(data) // destination.size)
        data = data.ljust(items * destination.size, b"\0")
        if destination.goes_on and self.device_at(destination.address) is None:
            self.bus.write(destination.address, data)
            return
        for done in range(0, len(data), destination.size):
            self.bus.write(destination.at(done), data[done : done + destination.size])

    def _read(self, source: _End, items: int) -> bytes:
        found = self.device_at(source.address)
        if found is None and source.goes_on:
            return self.bus.read(source.address, items * source.size)
        if found is not None and not source.goes_on and isinstance(found[0], BurstSource):
            return found[0].read_burst(source.address - found[1], source.size, items)
        return b"".join(self.bus.read(source.at(item * source.size), source.size) for item in range(items))

    def _update_interrupt(self, stream: int) -> None:
        bit = _COMPLETE[stream % 4]
        flags, control = self.ISR[stream // 4], self.CR[stream]
        complete, half = flags >> bit & 1 and control & _TCIE, flags >> bit - 1 & 1 and control & _HTIE
        self.interrupts[stream].set(bool(complete or half))
