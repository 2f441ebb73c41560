"""Train a workload's model from recordings."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer
from rich.console import Console
from rich.table import Table

from lab import workload
from lab.recordings.storage import storing
from lab.training import recipe
from lab.training.progress import TrainingProgress

if TYPE_CHECKING:
    from lab.training.session import Judged


def command(
    name: Annotated[str, typer.Argument(metavar="WORKLOAD", help="A folder below models/.")],
    recordings: Annotated[
        list[Path],
        typer.Option(metavar="DIR", help="Recordings in the Speech Commands layout; may be repeated."),
    ],
    epochs: Annotated[
        Optional[int],  # noqa: UP045  (typer evaluates it on CPython 3.10)
        typer.Option(
            min=1, metavar="N", help="Passes over the recordings, for each network.", show_default="the recipe's"
        ),
    ] = None,
    seed: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option(min=0, metavar="N", help="Seed of everything random.", show_default="the recipe's"),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(metavar="FILE", help="The .tflite to write.", show_default="the workload's"),
    ] = None,
) -> None:
    """Train a workload's model from recordings, quantise it to int8, and judge it on speakers it never heard.

    The recipe is models/WORKLOAD/training.toml, the split by speaker models/WORKLOAD/split.toml. The file is written
    when all is done, and not at all when interrupted.
    """
    from lab.training import session  # noqa: PLC0415  (numpy and soundfile, which `--help` does not need)

    wanted = workload.load(name)
    file = out or wanted.model_path
    followed = recipe.of(wanted).with_options(epochs=epochs, seed=seed)
    with storing("The model", file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
    with TrainingProgress() as progress:
        trained = session.train(wanted, recordings, followed, progress)
    _write(file, trained.data)
    console = Console(highlight=False)
    console.print(f"{file}: {len(trained.data):,} bytes", soft_wrap=True)
    for judged in trained.judged:
        console.print(_table(judged))
    if not trained.judged:
        console.print("The recordings have no human speaker that is kept for judging: accuracy unknown.")


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all."""
    with storing("The model", file.parent):
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            draft.chmod(0o644)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)


def _table(judged: Judged) -> Table:
    table = Table(title=f"Accuracy on human speakers of the {judged.part} part, by label", title_justify="left")
    for heading in ("label", "clips", "float", "int8"):
        table.add_column(heading, justify="left" if heading == "label" else "right")
    for before, after in zip(judged.network.scores, judged.int8.scores, strict=True):
        table.add_row(before.label, str(before.clips), _share(before.share), _share(after.share))
    table.add_section()
    table.add_row("all", str(judged.int8.clips), _share(judged.network.share), _share(judged.int8.share))
    return table


def _share(value: float) -> str:
    return f"{value:.1%}"
