"""The USB serial port of the ESP32-C3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab.engines.builtin.devices.espressif import Block
from lab.engines.builtin.peripheral import Board, register

_FREE, _AVAILABLE = 1 << 1, 1 << 2
_SOF, _RECEIVED, _EMPTY = 1 << 1, 1 << 2, 1 << 3
_FRAME_NS = 1_000_000
_PACKET, _FRAMES = 64, 1 << 11


class ESP32C3_USB_SERIAL_JTAG(Block):
    """USB Serial/JTAG controller. ESP32-C3 technical reference manual 1.1, chapter 30.

    A computer is at the socket, has the port open and takes each byte at once: there is always room for another one,
    and nothing waits for WR_DONE. It sends a frame a millisecond. What it sends waits without an end; firmware is told
    of 64 bytes at a time. Nothing is connected to JTAG.
    """

    RESETS: ClassVar[Mapping[int, int]] = {
        0x18: 0x4200, 0x20: 0x44, 0x28: 1, 0x2C: 1, 0x30: 1, 0x34: 1, 0x48: 2, 0x80: 0x0200_7300,
    }  # fmt: skip

    EP1 = register(0x00, bits=8, read="_receive", write="_send")
    EP1_CONF = register(0x04, read="_state", write="_flush", steady=True)
    INT_RAW = register(0x08, read="_raw", write="_keep_raw")
    INT_ST = register(0x0C, read="_pending", read_only=True)
    INT_ENA = register(0x10, bits=12, write="_enable_interrupts")
    INT_CLR = register(0x14, bits=12, write="_clear_interrupts")
    FRAM_NUM = register(0x24, read="_frame_number", read_only=True)

    def __init__(self, board: Board) -> None:
        super().__init__(board)
        self.frame = self.alarm(self._on_frame)

    def reset(self) -> None:
        """Back to the state after power-on, with nothing received."""
        super().reset()
        self.waiting = bytearray()
        self.told = False
        """Firmware has cleared the news of the bytes that wait."""
        self.frames_seen = 0
        """Frames when SOF was cleared last."""

    def accept(self, data: bytes) -> None:
        """The computer sends."""
        self.waiting += data
        self.told = False
        self._update_interrupts()

    def _receive(self) -> int:
        byte = self.waiting.pop(0) if self.waiting else 0
        if len(self.waiting) % _PACKET == 0:
            self.told = not self.waiting
            self._update_interrupts()
        return byte

    def _send(self, value: int) -> None:
        self.output(bytes([value]))

    def _state(self) -> int:
        return _FREE | (_AVAILABLE if self.waiting else 0)

    def _flush(self, value: int) -> None:
        """Everything has been taken already."""

    def _keep_raw(self, value: int) -> None:
        """It is read-only on silicon, save for tests of the hardware."""

    def _frames(self) -> int:
        return self.now_ns // _FRAME_NS

    def _frame_number(self) -> int:
        return self._frames() % _FRAMES

    def _raw(self) -> int:
        received = _RECEIVED if self.waiting and not self.told else 0
        return _EMPTY | received | (_SOF if self._frames() > self.frames_seen else 0)

    def _pending(self) -> int:
        return self._raw() & self.INT_ENA

    def _enable_interrupts(self, value: int) -> None:
        self.INT_ENA = value
        self._update_interrupts()

    def _clear_interrupts(self, value: int) -> None:
        if value & _SOF:
            self.frames_seen = self._frames()
        if value & _RECEIVED:
            self.told = True
        self._update_interrupts()

    def _on_frame(self, _due_ns: int) -> None:
        self._update_interrupts()

    def _update_interrupts(self) -> None:
        self.irq.set(bool(self._pending()))
        if self.INT_ENA & _SOF and not self._raw() & _SOF:
            self.frame.start((self.frames_seen + 1) * _FRAME_NS)
        else:
            self.frame.stop()
