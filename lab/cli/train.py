"""Train a workload's model from recordings."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from lab import disk, places, workload
from lab.cli._options import WorkloadName
from lab.model import Model
from lab.reporting.console import to_stdout
from lab.training import recipe
from lab.training.progress import TrainingProgress

GROUP = "Build and train"
EXAMPLES = ("lab train keyword-spotting --recordings my-recordings --out my-model.tflite",)

if TYPE_CHECKING:
    from lab.training.session import Judged

_ELSEWHERE = "name another file with --out"


def command(
    name: WorkloadName,
    recordings: Annotated[
        list[Path],
        typer.Option(metavar="DIR", help="Recordings in the Speech Commands layout; may be repeated."),
    ],
    epochs: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Passes over the recordings, for each network.", show_default="the recipe's"
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Seed of everything random.", show_default="the recipe's"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The .tflite to write.", show_default="the workload's"),
    ] = None,
) -> None:
    """Train a workload's model from recordings, quantise it to int8, and evaluate it on held-out speakers.

    The recipe is models/WORKLOAD/training.toml, the split by speaker models/WORKLOAD/split.toml. The file is written
    at the end, and not at all if interrupted.
    """
    from lab.training import session  # noqa: PLC0415  (numpy and soundfile, which `--help` does not need)

    wanted = workload.load(name)
    file = out or places.changeable(wanted.model_path)
    followed = recipe.of(wanted).with_options(epochs=epochs, seed=seed)
    with _draft(file) as draft, TrainingProgress() as progress:
        trained = session.train(wanted, recordings, followed, progress)
        with disk.writing(file, elsewhere=_ELSEWHERE):
            draft.write_bytes(trained.data)
        replace(Model.read(draft), path=file).check(wanted)
    console = to_stdout()
    console.print(f"{file}: {len(trained.data):,} bytes", soft_wrap=True)
    for judged in trained.judged:
        console.print(_table(judged))
    if not trained.judged:
        console.print("The recordings have no human speaker that is kept for judging: accuracy unknown.")


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """A file that takes the name at the end, or goes if there is an error; that it can be written is found first."""
    with disk.writing(file, elsewhere=_ELSEWHERE):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with disk.writing(file, elsewhere=_ELSEWHERE):
            draft.chmod(0o644)
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _table(judged: Judged) -> Table:
    table = Table(title=f"Human speakers, {judged.part} part", title_justify="left")
    for heading in ("label", "clips", "float", "int8"):
        table.add_column(heading, justify="left" if heading == "label" else "right")
    for before, after in zip(judged.network.scores, judged.int8.scores, strict=True):
        if before.clips:
            table.add_row(before.label, str(before.clips), f"{before.share:.1%}", f"{after.share:.1%}")
    table.add_section()
    table.add_row("all", str(judged.int8.clips), f"{judged.network.share:.1%}", f"{judged.int8.share:.1%}")
    return table
