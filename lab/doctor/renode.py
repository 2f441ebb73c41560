"""Renode: which one the lab would use, and whether it loads every board."""

from __future__ import annotations

from collections.abc import Iterator

from lab import target
from lab.doctor.component import Component, Status
from lab.engines.renode import installation
from lab.engines.renode.console import Console, quoted
from lab.engines.renode.installation import Installation
from lab.engines.renode.patience import START_S
from lab.engines.renode.process import RenodeProcess
from lab.engines.renode.trouble import Refused, Trouble
from lab.errors import LabError
from lab.target import Target

_LIMIT_S = 60.0


def components() -> Iterator[Component]:
    """Renode and, where there is one, the description of each board as it loads. Takes seconds, but only then."""
    try:
        found = installation.find()
    except LabError as error:
        status: Status = "missing" if error.code == "renode-missing" else "unusable"
        yield Component("renode", "renode", "the reference emulator", status, remedy=f"{error.message} {error.remedy}")
        return
    purpose = f"the reference emulator, found by {found.origin}"
    yield Component("renode", "renode", purpose, "ok", found.version, str(found.path), found.warning)
    yield from _boards(found)


def _boards(found: Installation) -> Iterator[Component]:
    """One Renode loads them in turn; if it does not survive one, that is the last."""
    try:
        boards = [target.load(name) for name in target.names()]
        process = RenodeProcess(found.command)
    except LabError as error:
        yield _board("boards", "", f"{error.message} {error.remedy}")
        return
    console = Console(process)
    name, path = "boards", ""
    try:
        console.greet(START_S)
        for board in boards:
            name, path = board.name, str(board.repl)
            yield _board(name, path, _refusal(console, board))
    except Trouble as trouble:
        yield _board(name, path, f"Renode {trouble}. {process.last_words()}")
    finally:
        process.end()


def _board(name: str, path: str, amiss: str) -> Component:
    status: Status = "unusable" if amiss else "ok"
    return Component(name, "renode", "a board that Renode loads", status, path=path, remedy=amiss)


def _refusal(console: Console, board: Target) -> str:
    """Renode's own words, nothing if it loads the board. Raises Trouble if it cannot go on."""
    try:
        console.do(["mach create", f"machine LoadPlatformDescription {quoted(board.repl)}"], _LIMIT_S)
    except Refused as refused:
        return f"Renode {refused}"
    except LabError as error:
        return f"{error.message} {error.remedy}"
    finally:
        console.do(["Clear"], _LIMIT_S)
    return ""
