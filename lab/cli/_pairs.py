"""Running workloads on targets: one, or several with their images built side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab import executing, measuring
from lab.asked import Asked
from lab.cli import _suite
from lab.errors import StorageError
from lab.measuring import Request, provenance
from lab.reporting import run_folder, terminal
from lab.reporting.progress import RunProgress
from lab.verdict import judge
from lab.verdict.result import Error, Result


@dataclass(frozen=True)
class Pair:
    """A workload on a target, what is asked of it, and the suite that judges it."""

    asked: Asked
    request: Request
    suite: Path

    @property
    def name(self) -> str:
        """`keyword-spotting-nano33ble`, as the folder of its run is named."""
        return f"{self.request.workload.name}-{self.request.target.name}"


@dataclass(frozen=True)
class Ended:
    """What came of all pairs. `unwritten` says which pages are missing, and why; it changes no verdict."""

    result: Result
    unwritten: tuple[StorageError, ...]


def run(pairs: Sequence[Pair], folder: Path, *, build: bool, quiet: bool) -> Ended:
    """Run every pair's suite, up to one that is interrupted, and leave the files of each and of all together."""
    unwritten: list[StorageError] = []
    if len(pairs) == 1:
        result = _run_one(pairs[0], folder, unwritten)
        if not quiet and not result.never_began:
            terminal.print_result(result, folder)
        return Ended(result, tuple(unwritten))
    together = judge.together([*_run_several(pairs, folder, unwritten, build=build)])
    if together.never_began:
        return Ended(together, ())
    run_folder.write_result(together, folder)
    _write_reports(together, folder, unwritten)
    if not quiet:
        terminal.print_together(together, folder)
    return Ended(together, tuple(unwritten))


def _run_several(
    pairs: Sequence[Pair],
    folder: Path,
    unwritten: list[StorageError],
    *,
    build: bool,
) -> Iterator[Result]:
    if build:
        try:
            with RunProgress(f"{len(pairs)} boards") as progress:
                measuring.build_ahead([pair.request for pair in pairs], progress.on_stage)
        except KeyboardInterrupt:
            yield judge.not_begun(pairs[0].request, provenance.collect())
            return
    said: list[Error] = []
    with executing.kept():
        for pair in pairs:
            result = _run_one(pair, run_folder.part(folder, pair.name), unwritten, said)
            yield result
            if result.verdict == "interrupted":
                return
            said += _errors(result)


def _run_one(
    pair: Pair,
    folder: Path,
    unwritten: list[StorageError],
    said: Sequence[Error] = (),
) -> Result:
    """Run a pair's suite. An error that was said already is not said again: what is wrong with the recordings, say."""
    result = _suite.run(pair.suite, folder, pair.asked)
    for error in _errors(result):
        if error not in said:
            terminal.print_error(error)
    if not result.never_began:
        _write_reports(result, folder, unwritten)
    return result


def _write_reports(result: Result, folder: Path, unwritten: list[StorageError]) -> None:
    try:
        run_folder.write_reports(result, folder)
    except StorageError as error:
        unwritten.append(error)


def _errors(result: Result) -> list[Error]:
    return [run.error for run in result.runs if run.error]
