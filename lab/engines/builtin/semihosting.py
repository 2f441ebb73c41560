"""Arm's semihosting: a firmware asks the debugger to print, to read keys, and to end it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import ClassVar, Protocol

from lab.engines.builtin.peripheral import Board, Peripheral
from lab.errors import DeviceFault, FirmwareExit

NAME = "semihosting"
"""Of the port on which it prints."""

_FAILED = 0xFFFF_FFFF
_CONSOLE = b":tt"
_INPUT, _OUTPUT, _ERRORS = 1, 2, 3
"""Handles: ours to choose, but for 0, which newlib takes for none."""
_FIRST_WRITE_MODE, _FIRST_APPEND_MODE = 4, 8
_APPLICATION_EXIT = 0x2_0026
_LONGEST = 1 << 16
_GO_ON = "The lines before say why; a firmware that is to go on must not call exit()."
_PIECE = 64
_NS_IN_CENTISECOND = 10**7
_NS_IN_SECOND = 10**9


class Processor(Protocol):
    """What a call needs of the core."""

    def register(self, name: str) -> int:
        """Its value."""

    def return_from_host(self, result: int) -> None:
        """Go on behind the call."""


class Semihosting(Peripheral):
    """Semihosting for AArch32 and AArch64, Arm 2.0 (IHI 0051), chapter 6. There is a console, and are no files.

    What is typed before the firmware reads it is kept. A read waits; meanwhile the core takes interrupts, which on
    silicon are held back as long as the debugger has halted it.
    """

    def __init__(self, board: Board, processor: Processor) -> None:
        super().__init__(board)
        self._processor = processor
        self._core = board.core
        self._fixed |= {"_processor", "_core"}

    def reset(self) -> None:
        """Nothing was typed."""
        super().reset()
        self.typed = b""
        self.error = 0

    def accept(self, data: bytes) -> None:
        """Keys for whoever reads next, or waits."""
        self.typed += data
        self._core.sleeping = 0

    def call(self) -> None:
        """The core stands at a call. Raises FirmwareExit."""
        operation = self._CALLS.get(self._processor.register("r0"))
        argument = self._processor.register("r1")
        try:
            result = operation(self, argument) if operation else _FAILED
        except DeviceFault:  # the firmware's pointers lead to nothing
            result = _FAILED
        if result is None:
            self._core.sleeping = 1
        else:
            self._processor.return_from_host(result & 0xFFFF_FFFF)

    def _words(self, address: int, count: int) -> tuple[int, ...]:
        return struct.unpack(f"<{count}I", self.bus.read(address, 4 * count))

    def _string(self, address: int) -> bytes:
        """Up to the 0 that ends it."""
        text = b""
        while b"\0" not in text and len(text) < _LONGEST:
            try:
                text += self.bus.read(address + len(text), _PIECE)
            except DeviceFault:  # near the end of memory
                text += self.bus.read(address + len(text), 1)
        return text.partition(b"\0")[0]

    def _open(self, block: int) -> int:
        name, mode, length = self._words(block, 3)
        if self.bus.read(name, min(length, _LONGEST)) != _CONSOLE:
            return _FAILED
        return _INPUT if mode < _FIRST_WRITE_MODE else _OUTPUT if mode < _FIRST_APPEND_MODE else _ERRORS

    def _write_character(self, pointer: int) -> int:
        self.output(self.bus.read(pointer, 1))
        return 0

    def _write_string(self, pointer: int) -> int:
        self.output(self._string(pointer))
        return 0

    def _write(self, block: int) -> int:
        """The bytes that were not written."""
        handle, pointer, length = self._words(block, 3)
        if handle not in (_OUTPUT, _ERRORS):
            return length
        written = min(length, _LONGEST)
        self.output(self.bus.read(pointer, written))
        return length - written

    def _read(self, block: int) -> int | None:
        """The bytes that were not read."""
        handle, pointer, length = self._words(block, 3)
        if handle != _INPUT or not length:
            return length
        if not self.typed:
            return None
        read, self.typed = self.typed[:length], self.typed[length:]
        self.bus.write(pointer, read)
        return length - len(read)

    def _read_character(self, _argument: int) -> int | None:
        if not self.typed:
            return None
        key, self.typed = self.typed[0], self.typed[1:]
        return key

    def _is_error(self, block: int) -> int:
        return int(self._words(block, 1)[0] >> 31)

    def _is_terminal(self, block: int) -> int:
        return int(self._words(block, 1)[0] in (_INPUT, _OUTPUT, _ERRORS))

    def _centiseconds(self, _argument: int) -> int:
        return self.now_ns // _NS_IN_CENTISECOND

    def _seconds(self, _argument: int) -> int:
        """Since 1970: every boot is at its beginning."""
        return self.now_ns // _NS_IN_SECOND

    def _elapsed(self, block: int) -> int:
        self.bus.write(block, self.now_ns.to_bytes(8, "little"))
        return 0

    def _heap(self, pointer: int) -> int:
        """Not known: the firmware then takes its own."""
        self.bus.write(self._words(pointer, 1)[0], bytes(16))
        return 0

    def _exit(self, reason: int) -> int:
        raise FirmwareExit(0 if reason == _APPLICATION_EXIT else 1, remedy=_GO_ON)

    def _exit_with_status(self, block: int) -> int:
        reason, status = self._words(block, 2)
        raise FirmwareExit(status if reason == _APPLICATION_EXIT else 1, remedy=_GO_ON)

    _CALLS: ClassVar[dict[int, Callable[[Semihosting, int], int | None]]] = {
        0x01: _open,
        0x02: lambda _self, _block: 0,  # SYS_CLOSE
        0x03: _write_character,
        0x04: _write_string,
        0x05: _write,
        0x06: _read,
        0x07: _read_character,
        0x08: _is_error,
        0x09: _is_terminal,
        0x10: _centiseconds,
        0x11: _seconds,
        0x13: lambda _self, _block: 0,  # SYS_ERRNO
        0x16: _heap,
        0x18: _exit,
        0x20: _exit_with_status,
        0x30: _elapsed,
        0x31: lambda _self, _block: _NS_IN_SECOND,  # SYS_TICKFREQ
    }
