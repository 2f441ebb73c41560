"""The file of the history: where it is, and transactions on it whose failures say what to do."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from lab.errors import StorageError
from lab.history import schema

WAIT_S = 15.0
"""How long one process waits for others to finish writing; writing one run takes milliseconds."""

_LONGEST_S = 60.0
"""How long one transaction may take. A damaged file can have pages that lead in a circle."""

_MOVE_AWAY = "Move it away: the next run starts a new one. Or set LAB_HISTORY to another file."
_REMEDIES = {
    "interrupted": _MOVE_AWAY,
    "locked": "End what holds it open, or set LAB_HISTORY to another file.",
    "readonly": "Make it writable, or set LAB_HISTORY to another file.",
    "not a database": _MOVE_AWAY,
    "malformed": _MOVE_AWAY,
    "full": "Make room, or set LAB_HISTORY to a file on another disk.",
    "disk I/O": "Make room, or set LAB_HISTORY to a file on another disk.",
}
_OTHERWISE = "Set LAB_HISTORY to a file that you can write to."


class Damaged(ValueError):
    """A row holds what no lab has written there; the text says which, and what."""


def location() -> Path:
    """`runs/history.sqlite` below the current folder, or what `LAB_HISTORY` names. It need not exist."""
    return Path(os.environ.get("LAB_HISTORY") or Path("runs", "history.sqlite"))


@contextmanager
def writing(file: Path) -> Iterator[Connection]:
    """One transaction that nobody else writes beside, on a file that is made or migrated if need be.

    Raises StorageError, and then leaves the file as it was.
    """
    with _failures(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        with _engine(file, "BEGIN IMMEDIATE").begin() as connection:
            schema.bring_up_to_date(connection, file)
            yield connection


@contextmanager
def reading(file: Path) -> Iterator[Connection]:
    """One transaction on a file that exists; only one with an older schema is written to. Raises StorageError."""
    with _failures(file):
        with _engine(file, "BEGIN").begin() as connection:
            up_to_date = schema.is_up_to_date(connection, file)
        with writing(file) if not up_to_date else _engine(file, "BEGIN").begin() as connection:
            yield connection


def _engine(file: Path, begin: str) -> Engine:
    """An engine that begins transactions by that statement.

    SQLite's driver would begin one late, before the first INSERT, and end it at a CREATE TABLE: SQLAlchemy's manual
    on SQLite ("Serializable isolation, savepoints, transactional DDL") says to switch that off and begin oneself.
    """
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool, connect_args={"timeout": WAIT_S})

    @event.listens_for(engine, "connect")
    def _switch_off(connection, _record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        deadline = time.monotonic() + WAIT_S + _LONGEST_S
        connection.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


@contextmanager
def _failures(file: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig)
        remedy = next((remedy for words, remedy in _REMEDIES.items() if words in said), _OTHERWISE)
        raise _unusable(file, said, remedy) from error
    except OSError as error:
        raise _unusable(file, error.strerror or str(error), _OTHERWISE) from error
    except Damaged as error:
        raise _unusable(file, f"it is damaged: {error}", _MOVE_AWAY) from error
    except (SQLAlchemyError, ValueError, TypeError, OverflowError) as error:  # of what a row holds
        said = str(error).partition("\n")[0]
        raise _unusable(file, f"it is damaged: {said}", _MOVE_AWAY) from error


def _unusable(file: Path, reason: str, remedy: str) -> StorageError:
    return StorageError(f"The history {file} cannot be used: {reason}.", remedy=remedy, code="history-unusable")
