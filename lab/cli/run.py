"""Build, emulate, measure and judge: a verdict on one or more workloads."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lab import history, target, workload
from lab.asked import Asked
from lab.cli import _pairs, _run_checks, _suite
from lab.cli._grouped import grouped
from lab.cli._options import WorkloadBoards, WorkloadNames
from lab.cli._pairs import Ended, Pair
from lab.cli._run_options import Emulated, Judged, Kept, Stimuli, given
from lab.crash import as_lab_error
from lab.engines import selection
from lab.errors import LabError, UsageError
from lab.output import note, on_github, say_json
from lab.reporting import github, run_folder, terminal
from lab.verdict.result import Result

GROUP = "Test firmware"
EXAMPLES = (
    "lab run keyword-spotting",
    "lab run --all --target all",
    "lab run keyword-spotting --recordings my-recordings --model my-model.tflite",
    "lab run keyword-spotting --mode stream --minutes 10",
    "lab run --traces --target all",
)


@grouped
def command(
    workloads: WorkloadNames = None,
    every: Annotated[bool, typer.Option("--all", help="Every workload of the project.")] = False,
    targets: WorkloadBoards = None,
    traces: Annotated[
        bool, typer.Option("--traces", help="Replay the traces that the project keeps in traces/ instead.")
    ] = False,
    *,
    emulated: Emulated,
    played: Stimuli,
    judged: Judged,
    kept: Kept,
) -> int:
    """Build, emulate, measure and judge.

    Exit codes: 0 passed; 1 failed; 2 usage or configuration; 3 infrastructure; 130 interrupted.
    """
    if traces:
        return _run_traces(workloads or (), targets or (), emulated, played, judged, kept)
    with _annotated():
        names = _names(workloads or (), every=every, builds=emulated.firmware is None)
        selection.choose(emulated.engine, emulated.renode)
        _run_checks.options(emulated, played, judged)
        _run_checks.firmware(emulated, names)
        asked = given(emulated, played, judged)
        pairs = [pair for name in names for pair in _chosen(name, targets, asked)]
        with run_folder.chosen(pairs[0].name if len(pairs) == 1 else f"{len(pairs)}-runs", kept.out) as folder:
            run_folder.forget(folder)
            ended = _pairs.run(pairs, folder, build=emulated.firmware is None, quiet=kept.as_json)
            # One recording says nothing of how a metric moves.
            if not kept.no_history and not played.clips and not ended.result.never_began:
                with _warned(folder):
                    history.add(ended.result, folder)
    return _left(ended, folder, kept, [pair.name for pair in pairs])


def _run_traces(
    workloads: Sequence[str], targets: Sequence[str], emulated: Emulated, played: Stimuli, judged: Judged, kept: Kept
) -> int:
    from lab.cli import _traces  # noqa: PLC0415 - `lab run` of recordings needs nothing of it

    if said := given(played, judged):
        option = f"--{next(iter(said)).replace('_', '-')}"
        raise UsageError(f"With --traces {option} has no meaning.", remedy="Leave it out.")
    with _annotated():
        _run_checks.of_firmware(emulated)
        _run_checks.firmware(emulated, workloads)
        return _traces.run(workloads, targets, given(emulated), kept.out, as_json=kept.as_json)


def _names(named: Sequence[str], *, every: bool, builds: bool) -> list[str]:
    """Those that are named, or all; where the lab builds, all that it has firmware for."""
    if every and named:
        raise UsageError("--all is every workload, and some are named.", remedy="Leave one of them out.")
    if not every and not named:
        raise UsageError("Which workload?", remedy="Name one or more, as `lab list` shows them, or give --all.")
    if not (every and builds):
        return workload.names() if every else list(dict.fromkeys(named))
    built = [name for name in workload.names() if workload.load(name).features.computed]
    if others := sorted(set(workload.names()) - set(built)):
        note(f"left out, because they are for firmware of others: {', '.join(others)}")
    return built or others


def _chosen(name: str, targets: list[str] | None, asked: dict[str, object]) -> list[Pair]:
    boards = target.chosen(workload.load(name), targets or ())
    every = [Asked.of(workload=name, target=board.name, **asked) for board in boards]
    requests = [one.request() for one in every]
    _run_checks.requests(requests)
    return [Pair(*both, _suite.find(name, both[0].mode)) for both in zip(every, requests, strict=True)]


def _left(ended: Ended, folder: Path, kept: Kept, parts: Sequence[str]) -> int:
    """Say and show what came of it; the exit code."""
    result = ended.result
    if result.never_began:
        return _leave_nothing(result, folder, parts)
    if kept.out is None:
        run_folder.point_latest_to(folder)
    if kept.as_json:
        say_json(result.to_json())
    if on_github():
        # With --json standard output is the result's alone, and the runner reads both.
        github.annotate(result, sys.stderr if kept.as_json else sys.stdout)
        with _warned(folder):
            github.summarise((folder / run_folder.SUMMARY).read_text(encoding="utf-8"))
    for error in ended.unwritten:
        terminal.print_error(error)
    return max([result.exit_code, *(error.exit_code for error in ended.unwritten)])


def _leave_nothing(result: Result, folder: Path, parts: Sequence[str]) -> int:
    """What was asked for wrongly has been said, and is no run: it has no folder and takes no other's place."""
    for name in parts:
        run_folder.discard(folder / name)
    run_folder.discard(folder)
    if on_github():
        github.annotate(result, sys.stderr)
    return result.exit_code


@contextmanager
def _warned(folder: Path) -> Iterator[None]:
    """What fails in here is said and changes no verdict."""
    try:
        yield
    except Exception as error:
        terminal.print_warning(as_lab_error(error, folder))


@contextmanager
def _annotated() -> Iterator[None]:
    """In GitHub Actions, an error that keeps the run from having a result is shown there too."""
    try:
        yield
    except LabError as error:
        if on_github():
            github.annotate_error(error, sys.stderr)
        raise
