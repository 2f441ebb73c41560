"""The DMA controller of the ESP32-C3."""

from __future__ import annotations

from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.peripheral import Board, register_bank
from lab.errors import DeviceFault

_CHANNELS, _STRIDE = 3, 0xC0
_OUT_DONE, _OUT_EOF, _OUT_TOTAL_EOF = 1 << 3, 1 << 4, 1 << 8
_START, _STOP, _PARKED = 1 << 21, 1 << 20, 1 << 23
_RAM, _ADDRESS = 0x3FC0_0000, 0xF_FFFF
_LENGTH, _EOF = 12, 1 << 30
_MOST_DESCRIPTORS = 1 << 16


class ESP32C3_GDMA(Block):
    """GDMA. ESP32-C3 technical reference manual 1.1, chapter 2; registers: ESP-IDF, soc/gdma_reg.h.

    Of its three channels the sending halves: a peripheral takes what it wants from the descriptors of the channel that
    is selected for it, at once. Nothing is received, owners of descriptors are neither checked nor changed, priorities
    and bursts change nothing.
    """

    INT_RAW = register_bank(0x00, count=_CHANNELS, stride=0x10, read_only=True)
    INT_ST = register_bank(0x04, count=_CHANNELS, stride=0x10, read="_pending", read_only=True, steady=True)
    INT_ENA = register_bank(0x08, count=_CHANNELS, stride=0x10, write="_enable_interrupts")
    INT_CLR = register_bank(0x0C, count=_CHANNELS, stride=0x10, write="_clear_interrupts")
    IN_LINK = register_bank(0x80, count=_CHANNELS, stride=_STRIDE, reset=1 << 24)
    OUT_LINK = register_bank(0xE0, count=_CHANNELS, stride=_STRIDE, reset=_PARKED, write="_link")
    OUT_PERI_SEL = register_bank(0x100, count=_CHANNELS, stride=_STRIDE, bits=6, reset=0x3F)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.channels = [self.line(f"CH{number}") for number in range(_CHANNELS)]

    def reset(self) -> None:
        """Back to the state after power-on: no channel has anything to send."""
        super().reset()
        self.descriptors: list[int | None] = [None] * _CHANNELS
        """The one that each channel is at."""
        self.sent = [0] * _CHANNELS
        """Bytes of it that were taken."""

    def take(self, peripheral: int, size: int) -> bytes:
        """`size` bytes for a peripheral, or fewer where the descriptors end. Raises DeviceFault outside memory."""
        taken = bytearray()
        for channel in range(_CHANNELS):
            if self.OUT_PERI_SEL[channel] == peripheral and self.descriptors[channel] is not None:
                for _ in range(_MOST_DESCRIPTORS):
                    if len(taken) == size or self.descriptors[channel] is None:
                        break
                    taken += self._take(channel, size - len(taken))
        return bytes(taken)

    def _take(self, channel: int, size: int) -> bytes:
        """Of the channel's descriptor as much as is wanted and left."""
        descriptor = self.descriptors[channel] or 0
        try:
            head, buffer, following = (int.from_bytes(self.bus.read(descriptor + at, 4), "little") for at in (0, 4, 8))
            left = (head >> _LENGTH & 0xFFF) - self.sent[channel]
            data = self.bus.read(buffer + self.sent[channel], min(left, size)) if left else b""
        except DeviceFault as error:
            raise DeviceFault(
                f"{self.name}: the descriptor at {descriptor:#010x} leads outside memory: {error.message}",
                remedy="Give the channel descriptors and buffers in RAM.",
                code="device-misused",
            ) from None
        self.sent[channel] += len(data)
        if len(data) == left:
            self._finish(channel, head, following)
        return data

    def _finish(self, channel: int, head: int, following: int) -> None:
        self.sent[channel] = 0
        self.descriptors[channel] = following or None
        happened = _OUT_DONE | (_OUT_EOF if head & _EOF else 0) | (0 if following else _OUT_TOTAL_EOF)
        self.INT_RAW[channel] |= happened
        if not following:
            self.OUT_LINK[channel] |= _PARKED
        self._update_interrupts()

    def _link(self, channel: int, value: int) -> None:
        self.OUT_LINK[channel] = value & _ADDRESS | _PARKED
        if value & _STOP:
            self.descriptors[channel] = None
        if value & _START:
            self.descriptors[channel], self.sent[channel] = _RAM | value & _ADDRESS, 0
            self.OUT_LINK[channel] &= ~_PARKED

    def _enable_interrupts(self, channel: int, value: int) -> None:
        self.INT_ENA[channel] = value
        self._update_interrupts()

    def _clear_interrupts(self, channel: int, value: int) -> None:
        self.INT_RAW[channel] &= ~value
        self._update_interrupts()

    def _pending(self, channel: int) -> int:
        return self.INT_RAW[channel] & self.INT_ENA[channel]

    def _update_interrupts(self) -> None:
        for channel, line in enumerate(self.channels):
            line.set(bool(self._pending(channel)))
