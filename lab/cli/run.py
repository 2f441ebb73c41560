"""Build, emulate, measure and judge: a verdict on one or more workloads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lab import target, workload
from lab.cli import _suite
from lab.engines import selection
from lab.errors import UnknownName
from lab.reporting import run_folder, terminal
from lab.verdict import judge
from lab.verdict.result import Result


@dataclass(frozen=True)
class _Pair:
    workload: str
    target: str
    suite: Path


def command(
    workloads: Annotated[list[str], typer.Argument(metavar="WORKLOAD", help="Folders below models/.")],
    targets: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="TARGET", help="Board; may be repeated.", show_default="all of the workload"),
    ] = None,
    engine: Annotated[str, typer.Option(metavar="|".join(selection.NAMES), help="What runs the firmware.")] = "auto",
    recordings: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Recordings, a folder a label.", show_default="those that ship"),
    ] = None,
    model: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A .tflite file.", show_default="the one that ships"),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Worker processes.", show_default="one a core"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the run.", show_default="a new one below runs/"),
    ] = None,
    tflm_root: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="An upstream TFLM tree.", show_default="the pinned one"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print result.json on standard output instead.")] = False,
) -> int:
    """Build, emulate, measure and judge.

    Exit codes: 0 passed; 1 failed; 2 usage or configuration; 3 infrastructure; 130 interrupted.
    """
    selection.select(engine)
    pairs = [pair for name in dict.fromkeys(workloads) for pair in _pairs(name, targets)]
    variables = {
        "ENGINE": engine,
        "RECORDINGS": recordings or "",
        "MODEL": model or "",
        "JOBS": jobs or "",
        "TFLM_ROOT": tflm_root or "",
    }
    results: list[Result] = []
    for pair in pairs:
        with _folder(pair, out, alone=len(pairs) == 1) as folder:
            result = _suite.run(pair.suite, folder, {**variables, "TARGET": pair.target})
            terminal.print_errors(result)
            if not as_json:
                terminal.print_result(result, folder)
        results.append(result)
        if result.verdict == "interrupted":
            break
    result = judge.together(results)
    if as_json:
        typer.echo(result.to_json(), nl=False)
    return result.exit_code


def _pairs(name: str, targets: list[str] | None) -> list[_Pair]:
    chosen = workload.load(name)
    suite = _suite.find(name)
    for board in targets or ():
        target.load(board)
        if board not in chosen.targets:
            raise UnknownName(f"target of {name}", board, chosen.targets)
    return [_Pair(name, board, suite) for board in dict.fromkeys(targets or chosen.targets)]


@contextmanager
def _folder(pair: _Pair, out: Path | None, *, alone: bool) -> Iterator[Path]:
    if out is None:
        yield run_folder.new(pair.workload, pair.target, Path("runs"))
        return
    with run_folder.claimed(out if alone else out / f"{pair.workload}-{pair.target}") as folder:
        yield folder
