"""How far a download is, as a bar on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from lab import download


@contextmanager
def shown(console: Console, title: str) -> Iterator[download.Progress]:
    """A bar named `title` from the first call of what is yielded on."""
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(TextColumn("{task.description}"), *columns, console=console) as progress:
        task = progress.add_task(title, total=None, visible=False)
        yield lambda here, size: progress.update(task, completed=here, total=size, visible=True)
