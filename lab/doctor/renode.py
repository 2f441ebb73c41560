"""Renode: which one the lab would use, and whether it loads every board."""

from __future__ import annotations

from collections.abc import Iterator

from lab import target
from lab.doctor.component import Component, Status
from lab.engines.renode import installation
from lab.engines.renode.installation import Installation
from lab.engines.renode.session import Session
from lab.engines.renode.trouble import Trouble
from lab.errors import LabError
from lab.target import Target


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
    """Each board in a Renode of its own, as the engine does it: what one leaves behind is nothing to the next."""
    try:
        boards = [target.load(name) for name in target.names()]
    except LabError as error:
        yield _board("boards", "", f"{error.message} {error.remedy}")
        return
    for board in boards:
        yield _board(board.name, str(board.repl), _refusal(found, board))


def _board(name: str, path: str, amiss: str) -> Component:
    status: Status = "unusable" if amiss else "ok"
    return Component(name, "renode", "a board that Renode loads", status, path=path, remedy=amiss)


def _refusal(found: Installation, board: Target) -> str:
    """Why Renode does not load the board, nothing if it does."""
    try:
        Session(found.command, board).end()
    except Trouble as trouble:
        return f"Renode {trouble}. {trouble.last_words}".rstrip()
    except LabError as error:
        return f"{error.message} {error.remedy}"
    return ""
