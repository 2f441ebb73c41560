"""The DMA controller of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.peripheral import Board, register_bank
from lab.errors import DeviceFault

_CHANNELS, _STRIDE = 3, 0xC0
_IN_DONE, _IN_SUC_EOF, _IN_DSCR_ERR, _IN_DSCR_EMPTY = 1 << 0, 1 << 1, 1 << 5, 1 << 7
_OUT_DONE, _OUT_EOF, _OUT_TOTAL_EOF = 1 << 3, 1 << 4, 1 << 8
_IN_RST, _IN_CHECK_OWNER = 1 << 0, 1 << 12
_IN_RESTART, _IN_START, _IN_STOP, _IN_PARKED, _IN_AUTO_RET = 1 << 23, 1 << 22, 1 << 21, 1 << 24, 1 << 20
_START, _STOP, _PARKED = 1 << 21, 1 << 20, 1 << 23
_RAM, _ADDRESS = 0x3FC0_0000, 0xF_FFFF
_SIZE, _LENGTH, _EOF, _OWNER = 0xFFF, 12, 1 << 30, 1 << 31
_NOBODY = 0x3F
_DESCRIPTOR = Struct("<3I")
_MOST_DESCRIPTORS = 1 << 16


class ESP32C3_GDMA(Block):
    """GDMA. ESP32-C3 technical reference manual 1.1, chapter 2; registers: ESP-IDF, soc/gdma_reg.h.

    A peripheral takes from the descriptors of the sending half that is selected for it, and gives to those of the
    receiving half, at once. Owners are checked where IN_CONF1 says so; a received descriptor is written back with its
    length and its owner always, a sent one never. Priorities and bursts change nothing, FIFOs are empty, memory is
    not copied to memory.
    """

    RESETS: ClassVar[Mapping[int, int]] = {
        offset + _STRIDE * channel: value
        for offset, value in ((0x78, 0x0780_0003), (0x7C, 0x800), (0xD0, 8), (0xD8, 0x0780_0002))
        for channel in range(3)
    }

    INT_RAW = register_bank(0x00, count=_CHANNELS, stride=0x10, read_only=True)
    INT_ST = register_bank(0x04, count=_CHANNELS, stride=0x10, read="_pending", read_only=True, steady=True)
    INT_ENA = register_bank(0x08, count=_CHANNELS, stride=0x10, write="_enable_interrupts")
    INT_CLR = register_bank(0x0C, count=_CHANNELS, stride=0x10, write="_clear_interrupts")
    IN_CONF0 = register_bank(0x70, count=_CHANNELS, stride=_STRIDE, bits=5, write="_configure_receiving")
    IN_CONF1 = register_bank(0x74, count=_CHANNELS, stride=_STRIDE, bits=13)
    IN_LINK = register_bank(0x80, count=_CHANNELS, stride=_STRIDE, reset=_IN_PARKED | _IN_AUTO_RET, write="_link_in")
    IN_SUC_EOF_DES_ADDR = register_bank(0x88, count=_CHANNELS, stride=_STRIDE, read_only=True)
    IN_DSCR = register_bank(0x90, count=_CHANNELS, stride=_STRIDE, read_only=True)
    IN_PERI_SEL = register_bank(0xA0, count=_CHANNELS, stride=_STRIDE, bits=6, reset=_NOBODY)
    OUT_LINK = register_bank(0xE0, count=_CHANNELS, stride=_STRIDE, reset=_PARKED, write="_link_out")
    OUT_PERI_SEL = register_bank(0x100, count=_CHANNELS, stride=_STRIDE, bits=6, reset=_NOBODY)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.channels = [self.line(f"CH{number}") for number in range(_CHANNELS)]

    def reset(self) -> None:
        """Back to the state after power-on: no channel has anything to send, nor where to put what is received."""
        super().reset()
        self.descriptors: list[int | None] = [None] * _CHANNELS
        """The one that each sending half is at."""
        self.sent = [0] * _CHANNELS
        """Bytes of it that were taken."""
        self.free: list[int | None] = [None] * _CHANNELS
        """The descriptor that each receiving half fills next."""
        self.last = [0] * _CHANNELS
        """The descriptor that each receiving half has filled last."""

    # For peripherals

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

    def give(self, peripheral: int, data: bytes) -> None:
        """What a peripheral received, up to the byte that it calls the end (EOF).

        What finds no descriptor is lost. Raises DeviceFault outside memory.
        """
        for channel, free in enumerate(self.free):
            if self.IN_PERI_SEL[channel] == peripheral:
                self.INT_RAW[channel] |= self._give(channel, free, data)
                self._update_interrupt(channel)

    # Sending

    def _take(self, channel: int, size: int) -> bytes:
        """Of the channel's descriptor as much as is wanted and left."""
        descriptor = self.descriptors[channel] or 0
        try:
            head, buffer, following = self._descriptor(descriptor)
            left = (head >> _LENGTH & _SIZE) - self.sent[channel]
            data = self.bus.read(buffer + self.sent[channel], min(left, size)) if left else b""
        except DeviceFault as error:
            raise self._outside(descriptor, error) from None
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
        self._update_interrupt(channel)

    def _link_out(self, channel: int, value: int) -> None:
        self.OUT_LINK[channel] = value & _ADDRESS | _PARKED
        if value & _STOP:
            self.descriptors[channel] = None
        if value & _START:
            self.descriptors[channel], self.sent[channel] = _RAM | value & _ADDRESS, 0
            self.OUT_LINK[channel] &= ~_PARKED

    # Receiving

    def _give(self, channel: int, descriptor: int | None, data: bytes) -> int:
        """What happens meanwhile, as in INT_RAW."""
        checks_owner = self.IN_CONF1[channel] & _IN_CHECK_OWNER
        happened = 0
        while data:
            if descriptor is None:
                return happened | _IN_DSCR_EMPTY
            try:
                head, buffer, following = self._descriptor(descriptor)
                size = head & _SIZE
                if not size or (checks_owner and not head & _OWNER):
                    self._park(channel)
                    return happened | _IN_DSCR_ERR
                part, data = data[:size], data[size:]
                self.bus.write(buffer, part)
                head = head & ~(_OWNER | _EOF | _SIZE << _LENGTH) | len(part) << _LENGTH | (0 if data else _EOF)
                self.bus.write(descriptor, head.to_bytes(4, "little"))
            except DeviceFault as error:
                raise self._outside(descriptor, error) from None
            happened |= _IN_DONE
            self.last[channel] = descriptor
            self._go_on(channel, following)
            descriptor = self.free[channel]
        self.IN_SUC_EOF_DES_ADDR[channel] = self.last[channel]
        return happened | _IN_SUC_EOF

    def _go_on(self, channel: int, descriptor: int) -> None:
        if not descriptor:
            self._park(channel)
            return
        if self.free[channel] is None:
            self.IN_LINK[channel] &= ~_IN_PARKED
        self.free[channel] = self.IN_DSCR[channel] = descriptor

    def _park(self, channel: int) -> None:
        self.free[channel] = None
        self.IN_LINK[channel] |= _IN_PARKED

    def _link_in(self, channel: int, value: int) -> None:
        parked = self.IN_LINK[channel] & _IN_PARKED
        self.IN_LINK[channel] = value & (_ADDRESS | _IN_AUTO_RET) | parked
        if value & _IN_STOP:
            self._park(channel)
        if value & _IN_START:
            self._go_on(channel, _RAM | value & _ADDRESS)
        if value & _IN_RESTART and self.last[channel] and self.free[channel] is None:
            self._go_on(channel, self._descriptor(self.last[channel])[2])

    def _configure_receiving(self, channel: int, value: int) -> None:
        self.IN_CONF0[channel] = value
        if value & _IN_RST:
            self._park(channel)

    # Both

    def _descriptor(self, address: int) -> tuple[int, int, int]:
        """Its head, its buffer's address and the next one's."""
        head, buffer, following = _DESCRIPTOR.unpack(self.bus.read(address, _DESCRIPTOR.size))
        return head, buffer, following

    def _outside(self, descriptor: int, error: DeviceFault) -> DeviceFault:
        return DeviceFault(
            f"{self.name}: the descriptor at {descriptor:#010x} leads outside memory: {error.message}",
            remedy="Give the channel descriptors and buffers in RAM.",
            code="device-misused",
        )

    def _enable_interrupts(self, channel: int, value: int) -> None:
        self.INT_ENA[channel] = value
        self._update_interrupt(channel)

    def _clear_interrupts(self, channel: int, value: int) -> None:
        self.INT_RAW[channel] &= ~value
        self._update_interrupt(channel)

    def _pending(self, channel: int) -> int:
        return self.INT_RAW[channel] & self.INT_ENA[channel]

    def _update_interrupt(self, channel: int) -> None:
        self.channels[channel].set(bool(self._pending(channel)))
