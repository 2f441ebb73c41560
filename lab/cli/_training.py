"""Making variants of a network, as `lab train --variants` and `lab compress` do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lab import disk, places
from lab.errors import UsageError
from lab.output import note, say
from lab.recordings import splits
from lab.reporting import training_table
from lab.reporting.console import to_stdout
from lab.reporting.whole_table import print_whole
from lab.training import recipes
from lab.training.progress import TrainingProgress
from lab.variants import folder

if TYPE_CHECKING:
    from lab.training.variants import Made
    from lab.workload import Workload

_ELSEWHERE = "name another folder with --out"
_UNJUDGED = (
    "None of the recordings is kept for judging, so that the accuracy is unknown. "
    "To keep some, raise the shares in {file}, or name people in its [named], and train again."
)


def variants(
    wanted: Workload,
    recordings: Sequence[Path],
    names: Sequence[str],
    out: Path | None,
    *,
    epochs: int | None,
    seed: int | None,
) -> None:
    """Train the workload's network, write the variants of these names, and print what each makes of recordings."""
    from lab.training import variants as kinds  # noqa: PLC0415  (numpy and more, which only a training needs)

    chosen = kinds.chosen(names)
    recipe = recipes.of(wanted).with_options(epochs=epochs, seed=seed)
    if not isinstance(recipe, recipes.NetworkRecipe):
        raise UsageError(
            f"A recipe of kind {recipe.kind} computes an int8 model, without a network: there are no variants of it.",
            remedy="Leave out --variants.",
            code="no-network",
        )
    with place(out or places.changeable(folder.of(wanted))) as where:
        with TrainingProgress() as progress:
            learnt = recipe.learn(wanted, recordings, progress)
            made = kinds.made(learnt, chosen, recipe.tuning, progress)
        files = write(where, made, say)
        if others := sorted(file.name for file in where.glob("*.tflite") if file not in files):
            note(f"{where} has others from before, which `lab compare --variants` compares too: {', '.join(others)}")
    if not learnt.kept:
        say(unjudged(wanted))
    for table in kinds.judged(learnt, made.files):
        print_whole(training_table.of(table), to_stdout())


def unjudged(wanted: Workload) -> str:
    """What is said where none of the recordings is kept out."""
    return _UNJUDGED.format(file=wanted.folder / splits.FILE)


@contextmanager
def place(where: Path) -> Iterator[Path]:
    """A folder to write to, there before anything is trained; it goes if it is new and nothing comes to be in it."""
    is_new = not where.exists()
    with disk.writing(where, elsewhere=_ELSEWHERE):
        where.mkdir(parents=True, exist_ok=True)
    try:
        yield where
    except BaseException:
        if is_new and not any(where.iterdir()):
            where.rmdir()
        raise


def write(where: Path, made: Made, tell: Callable[[str], None]) -> list[Path]:
    """A file for each variant, in the place of an earlier one, and tell how large it is, and why others were not made.

    Raises StorageError, after those that there is room for: it took hours to make them.
    """
    written = {folder.file(where, name): data for name, data in sorted(made.files.items())}

    def put(file: Path) -> None:
        disk.write(file, written[file], elsewhere=_ELSEWHERE)
        tell(f"{file}: {len(written[file]):,} bytes")

    disk.each((file, partial(put, file)) for file in written)
    for name, why in made.unsuitable.items():
        note(f"{name} was not made: {why}")
    return list(written)
