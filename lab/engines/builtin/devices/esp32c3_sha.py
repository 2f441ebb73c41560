"""The SHA accelerator of the ESP32-C3."""

from __future__ import annotations

import struct
from collections.abc import Callable
from itertools import accumulate, count, islice

from lab.engines.builtin.devices.esp32c3_gdma import ESP32C3_GDMA
from lab.engines.builtin.peripheral import Board, Peripheral, register, register_bank

_WORD, _BLOCK, _WORDS, _STATE = 0xFFFF_FFFF, 64, 16, 8
_SHA1, _SHA224, _SHA256 = range(3)
_DMA = 7
"""The accelerator's number as a peripheral of GDMA."""


def _root(number: int, power: int) -> int:
    """The first 32 bits of the fraction of a root."""
    wanted = number << 32 * power
    root = 0
    for bit in reversed(range(40)):
        if (root | 1 << bit) ** power <= wanted:
            root |= 1 << bit
    return root & _WORD


def _primes(wanted: int) -> list[int]:
    return list(islice((one for one in count(2) if all(one % divisor for divisor in range(2, one))), wanted))


_ROOTS = [_root(prime, 3) for prime in _primes(64)]
_BEGINS = {
    _SHA1: [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0, 0, 0, 0],
    _SHA224: [0xC105_9ED8, 0x367C_D507, 0x3070_DD17, 0xF70E_5939, 0xFFC0_0B31, 0x6858_1511, 0x64F9_8FA7, 0xBEFA_4FA4],
    _SHA256: [_root(prime, 2) for prime in _primes(_STATE)],
}
_ROUNDS_1 = [0x5A82_7999, 0x6ED9_EBA1, 0x8F1B_BCDC, 0xCA62_C1D6]


def _left(value: int, by: int) -> int:
    return (value << by | value >> 32 - by) & _WORD


def sha1(state: list[int], block: bytes) -> list[int]:
    """The state after one more block: FIPS 180-4, 6.1.2."""
    words = list(struct.unpack(">16I", block))
    for t in range(16, 80):
        words.append(_left(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1))
    a, b, c, d, e = state[:5]
    for t, word in enumerate(words):
        if t < 20:
            mixed = b & c | ~b & d
        elif 40 <= t < 60:
            mixed = b & c | b & d | c & d
        else:
            mixed = b ^ c ^ d
        a, b, c, d, e = _left(a, 5) + mixed + e + _ROUNDS_1[t // 20] + word & _WORD, a, _left(b, 30), c, d
    return [before + after & _WORD for before, after in zip(state, (a, b, c, d, e), strict=False)] + state[5:]


def sha2(state: list[int], block: bytes) -> list[int]:
    """The same with SHA-224 and SHA-256: FIPS 180-4, 6.2.2."""
    words = list(struct.unpack(">16I", block))
    for t in range(16, 64):
        x, y = words[t - 15], words[t - 2]
        small = _left(x, 25) ^ _left(x, 14) ^ x >> 3
        words.append(words[t - 16] + small + words[t - 7] + (_left(y, 15) ^ _left(y, 13) ^ y >> 10) & _WORD)
    a, b, c, d, e, f, g, h = state
    for root, word in zip(_ROOTS, words, strict=True):
        one = h + (_left(e, 26) ^ _left(e, 21) ^ _left(e, 7)) + (e & f ^ ~e & g) + root + word
        two = (_left(a, 30) ^ _left(a, 19) ^ _left(a, 10)) + (a & b ^ a & c ^ b & c)
        a, b, c, d, e, f, g, h = one + two & _WORD, a, b, c, d + one & _WORD, e, f, g
    return [before + after & _WORD for before, after in zip(state, (a, b, c, d, e, f, g, h), strict=True)]


class ESP32C3_SHA(Peripheral):
    """SHA. ESP32-C3 technical reference manual 1.1, chapter 19; registers: ESP-IDF, soc/hwcrypto_reg.h.

    A digest takes no time. The bytes of a digest are in memory's order in H, those of a block in TEXT.
    """

    MODE = register(0x00, bits=3)
    BLOCK_NUM = register(0x0C, bits=6)
    START = register(0x10, write="_start")
    CONTINUE = register(0x14, write="_continue")
    BUSY = register(0x18, read_only=True)
    DMA_START = register(0x1C, write="_start_by_dma")
    DMA_CONTINUE = register(0x20, write="_continue_by_dma")
    CLEAR_IRQ = register(0x24, write="_clear_interrupt")
    INT_ENA = register(0x28, bits=1)
    DATE = register(0x2C, reset=0x2019_0402)
    H = register_bank(0x40, count=_STATE)
    TEXT = register_bank(0x80, count=_WORDS)

    def __init__(self, board: Board, *, gdma: ESP32C3_GDMA) -> None:
        super().__init__(board)
        self._fixed |= {"gdma"}
        self.gdma = gdma

    def _start(self, value: int) -> None:
        if value & 1:
            self._set_state(self._beginning())
            self._digest(self._text())

    def _continue(self, value: int) -> None:
        if value & 1:
            self._digest(self._text())

    def _start_by_dma(self, value: int) -> None:
        if value & 1:
            self._set_state(self._beginning())
            self._continue_by_dma(value)

    def _continue_by_dma(self, value: int) -> None:
        if value & 1:
            self._digest(self.gdma.take(_DMA, self.BLOCK_NUM * _BLOCK))
            self.irq.set(bool(self.INT_ENA))

    def _clear_interrupt(self, _value: int) -> None:
        self.irq.set(False)

    def _beginning(self) -> list[int]:
        return _BEGINS.get(self.MODE, [0] * _STATE)

    def _text(self) -> bytes:
        return struct.pack("<16I", *(self.TEXT[index] for index in range(_WORDS)))

    def _digest(self, data: bytes) -> None:
        step: Callable[[list[int], bytes], list[int]] = sha1 if self.MODE == _SHA1 else sha2
        blocks = (data[at : at + _BLOCK] for at in range(0, len(data) - _BLOCK + 1, _BLOCK))
        begin = list(struct.unpack(">8I", struct.pack("<8I", *(self.H[index] for index in range(_STATE)))))
        *_, end = accumulate(blocks, step, initial=begin)
        self._set_state(end)

    def _set_state(self, state: list[int]) -> None:
        for index, word in enumerate(struct.unpack("<8I", struct.pack(">8I", *state))):
            self.H[index] = word
