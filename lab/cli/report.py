"""Write the reports of a run again from its result.json, or of several runs side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lab.errors import UsageError
from lab.reporting import run_folder
from lab.verdict import judge
from lab.verdict.result import Result, Run


@dataclass(frozen=True)
class _Source:
    """A result and the folder that it lies in."""

    result: Result
    folder: Path

    def parts(self) -> Iterator[tuple[Run, Path]]:
        """Each of its runs with the folder of its evidence."""
        for run in self.result.runs:
            yield run, self.folder if len(self.result.runs) == 1 else self.folder / run_folder.part_name(run)


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
    """Write report.html, junit.xml, summary.md and clips.csv again from result.json; print where the report is.

    Several runs, of different workloads or targets, are shown side by side in the folder that --out names.
    """
    sources = [_source(place) for place in folders or [run_folder.LATEST]]
    if out is None:
        if len(sources) > 1:
            raise UsageError(
                f"{len(sources)} runs side by side need a folder of their own.", remedy="Name one with --out DIR."
            )
        run_folder.write_reports(sources[0].result, sources[0].folder)
        typer.echo(sources[0].folder / run_folder.REPORT)
        return
    _check_pairs(sources)
    together = judge.together([source.result for source in sources])
    with run_folder.claimed(out) as folder:
        _copy_evidence(sources, folder, alone=len(together.runs) == 1)
        run_folder.write_result(together, folder)
        run_folder.write_reports(together, folder)
    typer.echo(out / run_folder.REPORT)


def _source(place: Path) -> _Source:
    return _Source(run_folder.read_result(place), place if place.is_dir() else place.parent)


def _check_pairs(sources: Sequence[_Source]) -> None:
    """Raises UsageError for a workload that is there twice for a target."""
    seen: dict[str, Path] = {}
    for source in sources:
        for run, folder in source.parts():
            name = run_folder.part_name(run)
            if name in seen:
                raise UsageError(
                    f"{seen[name]} and {folder} are both runs of {run.workload} on {run.target}.",
                    remedy=f"`lab compare {seen[name]} {folder}` shows what changed between them.",
                )
            seen[name] = folder


def _copy_evidence(sources: Sequence[_Source], folder: Path, *, alone: bool) -> None:
    for source in sources:
        for run, own in source.parts():
            run_folder.copy_evidence(own, folder if alone else run_folder.part(folder, run_folder.part_name(run)))
