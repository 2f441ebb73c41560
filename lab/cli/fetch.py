"""Download a public dataset of recordings, such as speech-commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab.cli import _downloading
from lab.output import say
from lab.recordings import datasets
from lab.reporting.console import to_stderr

GROUP = "Build and train"
EXAMPLES = ("lab fetch speech-commands", "lab fetch watch-exercises --to my-folder")


def command(
    name: Annotated[str, typer.Argument(metavar="DATASET", help="Dataset: speech-commands, watch-exercises.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="DIR", help="Folder to put it in.", show_default="one in the user's cache"),
    ] = None,
) -> None:
    """Download a public dataset of recordings for `lab run --recordings` and `lab train --recordings`.

    speech-commands is the official test set of Speech Commands v0.02: 4,890 recordings of people, 113 MB.
    watch-exercises are 140 recordings of ten people who do shoulder exercises with a watch on, 12 MB, from the Python
    package seglearn. An interrupted download resumes where it stopped; checksum and licence are shown at the end.
    """
    dataset = datasets.find(name)
    folder = to or datasets.home(dataset)
    messages = to_stderr()
    if datasets.is_here(dataset, folder):
        messages.print(f"{dataset.title} is here already.")
    else:
        with _downloading.shown(messages, dataset.title) as on_progress:
            datasets.fetch(
                dataset, folder, on_progress, on_wait=lambda: messages.print("Another lab is fetching it: waiting.")
            )
        messages.print(f"{dataset.title}, SHA-256 {dataset.archive.sha256}, unpacked. Licence: {dataset.licence}.")
    say(folder)
