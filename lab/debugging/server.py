"""The port that GDB connects to: on the loopback interface and nowhere else, one client at a time."""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from types import TracebackType

from typing_extensions import Self

from lab.debugging.connection import Connection
from lab.errors import InfrastructureError

HOST = "127.0.0.1"


class Server:
    """Listens at `port`, or at any that is free. Close it, or use `with`.

    Raises InfrastructureError for a port that cannot be had.
    """

    def __init__(self, port: int | None = None) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((HOST, port or 0))
            self._socket.listen(4)
        except OSError as error:
            self._socket.close()
            raise InfrastructureError(
                f"GDB cannot be served at port {port} of {HOST}: {error.strerror}.",
                remedy="Leave --gdb-port out, so that a free one is taken, or name another.",
                code="debug-port",
            ) from error
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def accept(self) -> Connection | None:
        """A client that waits, None without one."""
        with suppress(OSError):  # nobody, or somebody who has gone already
            return Connection(self._socket.accept()[0])
        return None

    def turn_away(self) -> None:
        """Part from whoever else has come."""
        while (other := self.accept()) is not None:
            other.close()

    def wait(self, client: Connection | None, seconds: float) -> None:
        """Until something arrives from the client, or a client, for so long at most."""
        sockets: list[socket.socket | Connection] = [self._socket]
        select.select([*sockets, client] if client else sockets, [], [], seconds)
