"""What `lab debug` and `lab replay --debug-at` have in common."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lab.debugging.gdb import Gdb
from lab.debugging.server import HOST, Server
from lab.output import note
from lab.replaying.booting import Booted
from lab.replaying.debugging import AtInference
from lab.replaying.replay import OnBooted, alone

GdbPort = Annotated[
    int | None,
    typer.Option(min=1, max=65535, metavar="PORT", help="Where GDB connects to.", show_default="one that is free"),
]


def line_to_type(elf: Path, port: int) -> str:
    """What starts GDB at a port."""
    return f"gdb-multiarch {shlex.quote(str(elf))} -ex 'target remote {HOST}:{port}'"


@contextmanager
def served(number: int | None, port: int | None) -> Iterator[OnBooted]:
    """What lets GDB look into a replay from the inference of that number on; nobody for None.

    What is to be said goes to standard error: the inferences have the other output.
    """
    if number is None:
        yield alone
        return
    with Server(port) as server:
        gdb = Gdb(server, note, resets=False)

        def debug(board: Booted) -> None:
            def arrived() -> None:
                note(f"inference {number} begins: the board stands, and waits for GDB. Type in another terminal:")
                note(line_to_type(board.firmware.path, server.port))

            waits.append(AtInference(gdb, number, arrived))
            waits[-1].attach(board)

        waits: list[AtInference] = []
        yield debug
        gdb.end(b"W00")
        if waits and not waits[-1].has_arrived:
            note(f"warning: The replay ended before inference {number}.")
