"""One GDB, connected over a socket."""

from __future__ import annotations

import select
import socket
from collections import deque
from collections.abc import Iterator

from lab.debugging.frames import Frames, Signal, TooLong, framed

_SEND_S = 5.0
"""A client that takes nothing for so long is gone."""

_AT_ONCE = 1 << 14
_READS_A_TURN = 8


class Gone(Exception):
    """The client has left, or is none that can be talked to. `reason` completes "GDB ..."."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Connection:
    """Packets to and from a client. Every method raises Gone."""

    def __init__(self, client: socket.socket) -> None:
        client.settimeout(_SEND_S)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = client
        self._frames = Frames()
        self._arrived: deque[bytes | Signal] = deque()
        self._last = b""
        self.acknowledges = True

    def fileno(self) -> int:
        """For `select`."""
        return self._socket.fileno()

    def arrived(self) -> Iterator[bytes | Signal]:
        """Packets and interrupts that have arrived by now, oldest first. Does not wait.

        After some reads it ends: a client that sends without end does not keep others from their turn.
        """
        for _ in range(_READS_A_TURN):
            yield from self._taken()
            if not select.select([self._socket], [], [], 0)[0]:
                return
            self._receive()
        yield from self._taken()

    def _taken(self) -> Iterator[bytes | Signal]:
        while self._arrived:
            yield self._arrived.popleft()

    def send(self, data: bytes) -> None:
        """A packet."""
        self._last = framed(data)
        self._write(self._last)

    def close(self) -> None:
        """Part from the client."""
        self._socket.close()

    def _receive(self) -> None:
        try:
            data = self._socket.recv(_AT_ONCE)
        except OSError as error:
            raise Gone("has lost its connection") from error
        if not data:
            raise Gone("has gone")
        try:
            for frame in self._frames.add(data):
                self._note(frame)
        except TooLong as error:
            raise Gone("sent a packet that is too long, and was disconnected") from error

    def _note(self, frame: bytes | Signal) -> None:
        if frame is Signal.AGAIN:
            if self._last and self.acknowledges:
                self._write(self._last)
            return
        if self.acknowledges and frame is not Signal.INTERRUPT:
            self._write(b"-" if frame is Signal.DAMAGED else b"+")
        if frame is not Signal.DAMAGED:
            self._arrived.append(frame)

    def _write(self, data: bytes) -> None:
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise Gone("has lost its connection") from error
