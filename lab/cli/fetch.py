"""Bring a public data set of recordings, such as speech-commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from lab.recordings import datasets


def command(
    name: Annotated[str, typer.Argument(metavar="DATASET", help="Which one: speech-commands.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Folder to put it in.", show_default="one in the user's cache"),
    ] = None,
) -> None:
    """Bring a public data set of recordings for `lab run --recordings` and `lab train --recordings`.

    speech-commands is the official test set of Speech Commands v0.02: 4,890 recordings of people, 113 MB. An
    interrupted download goes on where it ended; checksum and licence are shown at the end.
    """
    dataset = datasets.find(name)
    folder = to or datasets.home(dataset)
    messages = Console(stderr=True, highlight=False)
    if datasets.is_here(dataset, folder):
        messages.print(f"{dataset.title} is here already.")
    else:
        with _progress(messages) as progress:
            task = progress.add_task(dataset.title, total=dataset.archive.size)
            datasets.fetch(
                dataset,
                folder,
                on_progress=lambda here, size: progress.update(task, completed=here, total=size),
                on_wait=lambda: messages.print("Another lab is fetching it: waiting."),
            )
        messages.print(f"{dataset.title}, SHA-256 {dataset.archive.sha256}, unpacked. Licence: {dataset.licence}.")
    typer.echo(folder)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
    )
