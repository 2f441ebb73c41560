"""SEGGER's real time transfer (RTT): a firmware prints into memory, where a debugger reads it."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab.engines.builtin.chip_resets import Reset
from lab.engines.builtin.peripheral import Board, Peripheral
from lab.engines.builtin.processor import MappedMemory
from lab.errors import ConfigurationError, DeviceFault

NAME = "RTT"
"""Of the first channel's port; that of channel n is `RTT n`."""
DEFMT = "defmt"
"""Of a channel with that name, whose frames, each ended by a zero, are for a decoder."""

_MAGIC = b"SEGGER RTT".ljust(16, b"\0")
_HEADER = struct.Struct("<16sII")
_CHANNEL = struct.Struct("<6I")  # name, buffer, size, write offset, read offset, flags
_WRITE_OFFSET, _READ_OFFSET = 12, 16
_SEARCH_NS, _LONGEST_SEARCH_NS, _LOOK_NS = 1_000_000, 10_000_000, 50_000
_MOST_CHANNELS = 16
_LONGEST_NAME = 32
_LARGEST = 1 << 20
"""Bytes of a memory that is searched, and of a buffer."""
_TERMINAL_SWITCH = re.compile(rb"\xff[0-9A-Fa-f]?")


@dataclass(frozen=True)
class _Channel:
    """A ring in memory; `address` is that of its descriptor."""

    address: int
    name: int
    buffer: int
    size: int
    written: int
    read: int

    @property
    def is_whole(self) -> bool:
        """Firmware has set it up, and not run over it."""
        return bool(self.buffer) and 0 < self.size <= _LARGEST and self.written < self.size and self.read < self.size


class RealTimeTransfer(Peripheral):
    """J-Link's side of it: SEGGER UM08001, chapter 16. It reads all up-channels, and types into the first down-channel.

    It looks for the control block in those of `memories` that are RAM, once in a millisecond of virtual time, and after
    the first tenth of a second in ten; then it reads 20 times in one. Like J-Link it leaves the channels' modes as
    firmware sets them: one that may lose bytes loses them where firmware prints more than a buffer holds in that time.
    Switches of terminals are left out.
    """

    def __init__(self, board: Board, memories: Sequence[MappedMemory], send: Callable[[str, bytes], None]) -> None:
        super().__init__(board)
        # Flash has a copy of the block that start-up code puts into RAM.
        self._memories = [memory for memory in memories if memory.erased == 0 and memory.size <= _LARGEST]
        self._send = send
        self._next = self.alarm(self._on_time)
        self._fixed |= {"_memories", "_send"}

    def reset(self) -> None:
        """No control block is known."""
        super().reset()
        self.block = 0
        self.typed = b""
        self.frame = b""
        self.switches: dict[int, bytes] = {}
        self.since_ns = self.now_ns
        self._next.start(self.now_ns + _SEARCH_NS)

    def reset_by(self, reset: Reset) -> None:  # noqa: ARG002
        """Read the last words, and wipe the control block out of RAM: what starts next may have its own elsewhere."""
        self.look()
        if self.block:
            self.bus.write(self.block, bytes(len(_MAGIC)))
        self.reset()

    def accept(self, data: bytes) -> None:
        """Keys, which wait until there is room in the ring. Raises ConfigurationError without one."""
        if not self.block or not self._channels(up=False):
            raise ConfigurationError(
                "The firmware has no RTT channel that leads to it.",
                remedy="It can only be listened to.",
                code="platform-description",
            )
        self.typed += data

    def _on_time(self, now_ns: int) -> None:
        self.look()
        search_ns = min(max((now_ns - self.since_ns) // 10, _SEARCH_NS), _LONGEST_SEARCH_NS)
        self._next.start(now_ns + (_LOOK_NS if self.block else search_ns))

    def look(self) -> None:
        """Read what is there, and type what there is room for."""
        if not self.block:
            self.block = self._search()
        if self.block:
            try:
                self._exchange()
            except DeviceFault:  # a pointer leads to nothing: it is none, or not set up yet
                self.block = 0

    def _search(self) -> int:
        """Where a control block is; 0 if there is none. Its mark may be in other places too, such as a copy of code."""
        for memory in self._memories:
            content = self.bus.read(memory.base, memory.size)
            at = content.find(_MAGIC)
            while 0 <= at <= len(content) - _HEADER.size:
                if at % 4 == 0 and max(_HEADER.unpack_from(content, at)[1:]) <= _MOST_CHANNELS:
                    return memory.base + at
                at = content.find(_MAGIC, at + 1)
        return 0

    def _channels(self, *, up: bool) -> list[_Channel]:
        magic, ups, downs = _HEADER.unpack(self.bus.read(self.block, _HEADER.size))
        if magic != _MAGIC or max(ups, downs) > _MOST_CHANNELS:
            return []
        first = self.block + _HEADER.size + (0 if up else ups * _CHANNEL.size)
        count = ups if up else downs
        content = self.bus.read(first, count * _CHANNEL.size) if count else b""
        return [
            _Channel(first + index * _CHANNEL.size, *fields[:5])
            for index, fields in enumerate(_CHANNEL.iter_unpack(content))
        ]

    def _exchange(self) -> None:
        for index, channel in enumerate(self._channels(up=True)):
            if channel.is_whole and channel.written != channel.read:
                self._receive(index, channel)
        if self.typed:
            self._type()

    def _receive(self, index: int, channel: _Channel) -> None:
        ring = self.bus.read(channel.buffer, channel.size)
        if channel.written > channel.read:
            data = ring[channel.read : channel.written]
        else:
            data = ring[channel.read :] + ring[: channel.written]
        self.bus.write(channel.address + _READ_OFFSET, channel.written.to_bytes(4, "little"))
        if self._name(channel) == DEFMT.encode():
            whole, ended, self.frame = (self.frame + data)[-_LARGEST:].rpartition(b"\0")
            if ended:
                self._send(DEFMT, whole + ended)
            return
        data = self.switches.pop(index, b"") + data
        if data.endswith(b"\xff"):  # the terminal's number is still to come
            self.switches[index] = b"\xff"
        if text := _TERMINAL_SWITCH.sub(b"", data):
            self._send(f"{NAME} {index}" if index else NAME, text)

    def _type(self) -> None:
        for channel in self._channels(up=False)[:1]:
            if not channel.is_whole:
                return
            room = (channel.read - channel.written - 1) % channel.size
            typed, self.typed = self.typed[:room], self.typed[room:]
            for offset, key in enumerate(typed, channel.written):
                self.bus.write(channel.buffer + offset % channel.size, bytes([key]))
            written = (channel.written + len(typed)) % channel.size
            self.bus.write(channel.address + _WRITE_OFFSET, written.to_bytes(4, "little"))

    def _name(self, channel: _Channel) -> bytes:
        try:
            return self.bus.read(channel.name, _LONGEST_NAME).partition(b"\0")[0]
        except DeviceFault:  # it has none
            return b""
