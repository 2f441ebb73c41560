"""Rewrite a run's reports from its result.json, or combine several runs side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lab.errors import UsageError
from lab.output import say
from lab.reporting import run_folder
from lab.verdict import judge
from lab.verdict.result import Result, Run

GROUP = "Look at results"
EXAMPLES = ("lab report", "lab report runs/nano runs/esp32 --out report")


@dataclass(frozen=True)
class _Source:
    """A result and the folder that it lies in."""

    result: Result
    folder: Path

    def parts(self) -> Iterator[tuple[Run, Path]]:
        """Each of its runs with the folder of its evidence."""
        return run_folder.parts(self.result.runs, self.folder)


def command(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FOLDER", help="Folders of runs, or their result.json.", show_default="runs/latest"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder to write to.", show_default="that of the run"),
    ] = None,
) -> None:
    """Rewrite report.html, junit.xml, summary.md and clips.csv from result.json; print the report's path.

    Several runs, of different workloads, targets or kernels, are shown side by side in the folder that --out names.
    """
    sources = [_source(place) for place in folders or [run_folder.LATEST]]
    if out is None:
        if len(sources) > 1:
            raise UsageError(
                f"{len(sources)} runs side by side need a folder of their own.", remedy="Name one with --out DIR."
            )
        run_folder.write_reports(sources[0].result, sources[0].folder)
        say(sources[0].folder / run_folder.REPORT)
        return
    _check_pairs(sources)
    together = judge.together([source.result for source in sources])
    with run_folder.claimed(out) as folder:
        run_folder.forget(folder)
        _copy_evidence(sources, together, folder)
        run_folder.write_result(together, folder)
        run_folder.write_reports(together, folder)
    say(out / run_folder.REPORT)


def _source(place: Path) -> _Source:
    return _Source(run_folder.read_result(place), place if place.is_dir() else place.parent)


def _check_pairs(sources: Sequence[_Source]) -> None:
    """Raises UsageError for a workload that is there twice for a target in one variant."""
    seen: dict[tuple[str, str, str], Path] = {}
    for source in sources:
        for run, folder in source.parts():
            same = (run.workload, run.target, run.variant)
            if same in seen:
                raise UsageError(
                    f"{seen[same]} and {folder} are both runs of {run.workload} on {run.target}.",
                    remedy=f"`lab compare {seen[same]} {folder}` shows what changed between them.",
                )
            seen[same] = folder


def _copy_evidence(sources: Sequence[_Source], together: Result, folder: Path) -> None:
    kept = [own for source in sources for _, own in source.parts()]
    for own, (_, place) in zip(kept, run_folder.parts(together.runs, folder), strict=True):
        run_folder.copy_evidence(own, place if place == folder else run_folder.part(folder, place.name))
