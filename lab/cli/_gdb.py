"""What `lab debug` and `lab replay --debug-at` have in common."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer
from typing_extensions import Self

from lab.debugging import sources
from lab.debugging.gdb import Gdb
from lab.debugging.server import HOST, Server
from lab.measuring.request import Request
from lab.output import note
from lab.replaying.booting import Booted
from lab.replaying.debugging import AtInference

GdbPort = Annotated[
    int | None,
    typer.Option(min=1, max=65535, metavar="PORT", help="Where GDB connects to.", show_default="one that is free"),
]


def line_to_type(elf: Path, request: Request, port: int) -> str:
    """What starts GDB at a port, in any folder, with the sources of the request's firmware."""
    orders = [*sources.commands(request), f"target remote {HOST}:{port}"]
    return shlex.join(["gdb-multiarch", str(elf), *(word for order in orders for word in ("-ex", order))])


class Waiting(AtInference):
    """GDB in a replay, by a server, from the inference of that number on. Use it as a context manager.

    What is to be said goes to standard error: the inferences have the other output.
    """

    def __init__(self, server: Server, request: Request, number: int) -> None:
        self._connected = Gdb(server, note, resets=False)
        self._request, self._number, self._port = request, number, server.port
        super().__init__(self._connected, number, self._say)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connected.end(b"W00")

    def _say(self, board: Booted) -> None:
        note(f"inference {self._number} begins: the board stands, and waits for GDB. Type in another terminal:")
        note(line_to_type(board.firmware.path, self._request, self._port))
