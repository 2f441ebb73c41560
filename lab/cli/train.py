"""Train a workload's model from recordings."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lab import disk, places, toml_lines, workload
from lab.cli import _training
from lab.cli._options import WorkloadName
from lab.model import Model
from lab.reporting import training_table
from lab.reporting.console import to_stdout
from lab.training import recipes
from lab.training.progress import TrainingProgress

GROUP = "Build and train"
EXAMPLES = (
    "lab train keyword-spotting --recordings my-recordings --out my-model.tflite",
    "lab train keyword-spotting --recordings my-recordings --variants all",
)

if TYPE_CHECKING:
    from lab.training.trained import Trained
    from lab.workload import Workload

_ELSEWHERE = "name another file with --out"


def command(
    name: WorkloadName,
    recordings: Annotated[
        list[Path],
        typer.Option(metavar="DIR", help="Recordings, laid out as docs/recordings.md says; may be repeated."),
    ],
    epochs: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Passes over the recordings, for each network.", show_default="the recipe's"
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, max=recipes.MOST_SEED, metavar="N", help="Seed of everything random.", show_default="the recipe's"
        ),
    ] = None,
    variants: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME|all",
            help="Write these variants of the model instead, a file each; may be repeated.",
            show_default="none",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The .tflite to write; with --variants a folder.",
            show_default="the workload's",
        ),
    ] = None,
) -> None:
    """Train a workload's model from recordings, in int8, and judge it on people or times that it has not heard of.

    The recipe is models/WORKLOAD/training.toml, the split models/WORKLOAD/split.toml. The file is written
    at the end, and not at all if interrupted. What the workload's own model needs in [decision] of its
    workload.toml, such as a threshold, is written there.

    With --variants the network is trained once and converted to each number format, some after it has learnt on for
    it; `lab compare WORKLOAD --variants` tells what each is worth on a board. docs/variants.md has them all.
    """
    wanted = workload.load(name)
    if variants:
        _training.variants(wanted, recordings, variants, out, epochs=epochs, seed=seed)
        return
    file = out or places.changeable(wanted.model_path)
    followed = recipes.of(wanted).with_options(epochs=epochs, seed=seed)
    with _draft(file) as draft, TrainingProgress() as progress:
        trained = followed.train(wanted, recordings, progress)
        with disk.writing(file, elsewhere=_ELSEWHERE):
            draft.write_bytes(trained.data)
        replace(Model.read(draft), path=file).check(_with_decision(wanted, trained))
    console = to_stdout()
    console.print(f"{file}: {len(trained.data):,} bytes", soft_wrap=True)
    for judged in trained.judged:
        console.print(training_table.of(judged.table()))
    if not trained.judged:
        console.print(_training.unjudged(wanted), markup=False, soft_wrap=True)
    for line in _decision(wanted, trained, file):
        console.print(line, markup=False, soft_wrap=True)


def _with_decision(wanted: Workload, trained: Trained) -> Workload:
    return wanted if trained.decision is None else wanted.model_copy(update={"decision": trained.decision})


def _decision(wanted: Workload, trained: Trained, file: Path) -> Iterator[str]:
    """Write into the workload's file what its decision has to be with its model, or say what somebody has to."""
    if trained.decision is None or trained.decision == wanted.decision:
        return
    before, after = wanted.decision.model_dump(mode="json"), trained.decision.model_dump(mode="json")
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    is_own = file.resolve() == wanted.model_path.resolve()
    text = _with_values(wanted.file.read_bytes().decode(), changed) if is_own else None
    if text is not None:
        disk.write(wanted.file, text, elsewhere=_ELSEWHERE)
        yield f"{wanted.file}: [decision] has this model's {', '.join(changed)}."
        return
    why = "[decision] is no table of its own" if is_own else f"{file} is not the model of {wanted.name}"
    yield f"{wanted.file} is as it was, since {why}. In [decision] this model needs:"
    for key, value in changed.items():
        yield f"{key} = {toml_lines.as_toml(value)}"


def _with_values(text: str, changed: dict[str, object]) -> str | None:
    """The text of a workload's file with other values in [decision]; None if they cannot be put there."""
    for key, value in changed.items():
        found = toml_lines.with_value(text, value, "decision", key)
        if found is None:
            return None
        text = found
    return text


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """A file that takes the name at the end, or goes if there is an error; that it can be written is found first."""
    with disk.writing(file, elsewhere=_ELSEWHERE):
        if file.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
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
