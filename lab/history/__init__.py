"""Every run in one SQLite file, `runs/history.sqlite`, to see how numbers moved over commits. See docs/history.md.

`add` writes, `entries.find` reads, `chart.save` draws. SQLAlchemy is loaded when the file is used and Alembic when its
schema has to be brought up to date, neither when this package is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.verdict.result import Result


def add(result: Result, folder: Path) -> None:
    """Add the runs of `result`, whose files are in `folder`, to the history; one that is in it already stays as it is.

    Any number of processes may add at once. Raises StorageError, and then has added nothing: the file cannot be
    written, stays locked, is no history, or is one of a newer lab.
    """
    from lab.history import adding  # noqa: PLC0415 - loads SQLAlchemy

    adding.add(result, folder)
