"""Compare the built-in engine with Renode: events, instruction counts, times, text, memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from lab import target
from lab.conformance import probe, provenance, record, session
from lab.conformance.choice import Choice
from lab.conformance.outcome import Conformance
from lab.conformance.record import Record
from lab.conformance.reference import Live, Recorder
from lab.engines import selection
from lab.engines.machine import Engine
from lab.engines.renode import installation
from lab.engines.renode.installation import Installation
from lab.errors import ToolMissing, UsageError
from lab.output import say_json
from lab.reporting import conformance_table
from lab.reporting.console import to_stderr, to_stdout
from lab.store import OnStage
from lab.target import Target

GROUP = "Set up and check"
EXAMPLES = ("lab conformance", "lab conformance --target nano33ble --probe systick")


def command(
    targets: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="TARGET|all", help="Board; may be repeated.", show_default="all"),
    ] = None,
    probes: Annotated[
        list[str] | None,
        typer.Option("--probe", metavar="NAME", help="A probe or workload; may be repeated.", show_default="all"),
    ] = None,
    engine: Annotated[
        str, typer.Option(metavar="|".join(selection.NAMES), help="The engine to compare with --against.")
    ] = "auto",
    renode: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The Renode to compare with.", show_default="the one that is installed"),
    ] = None,
    recording: Annotated[
        Path | None,
        typer.Option(
            "--record",
            metavar="FILE",
            help="Record Renode's run, for --against; in a record that is there, of what was run.",
            show_default="keep nothing",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Compare with a record of Renode instead.", show_default="with Renode"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON instead.")] = False,
) -> int:
    """Run small probe firmware, and the workloads', on the built-in engine and on Renode, and compare the two.

    Compares instruction count and virtual time at every handler's entry and every marker, the UART text, and the final
    memory. Where Renode is not installed, --against compares with a record of it.

    Exit codes: 0 equal; 1 a difference; 2 usage; 3 an engine broke, or no Renode and no --against.
    """
    _check(engine, recording, against)
    choice = Choice(probes or ())
    if against is not None:
        tested = selection.select("builtin" if engine == "auto" else engine, renode)
        with _stages() as on_stage:
            found = _with_record(record.read(against), tested, targets, choice, on_stage)
    else:
        boards = target.of_project(targets or ())
        installed = _find_renode(renode, boards)
        with _stages() as on_stage:
            found = _with_renode(installed, recording, boards, choice, on_stage)
    if as_json:
        say_json(found.model_dump_json(indent=2))
    else:
        conformance_table.print_conformance(found, to_stdout())
    return found.exit_code


def _check(engine: str, recording: Path | None, against: Path | None) -> None:
    """Raises UsageError for what contradicts itself."""
    if recording is not None and against is not None:
        raise UsageError("--record and --against exclude each other.", remedy="Leave one of them out.")
    if recording is not None and engine == "builtin":
        raise UsageError(
            "--record keeps what a real Renode did, and --engine is builtin.", remedy="Leave --engine out."
        )


def _find_renode(named: Path | None, boards: list[Target]) -> Installation:
    """Raises UsageError for a bad one, and ToolMissing for none, which then names a record that ships."""
    try:
        return installation.find(named)
    except ToolMissing as missing:
        kept = [file for board in boards for file in probe.records(board)[-1:]]
        if kept:
            missing.remedy += f" Or without one: lab conformance --against {_short(kept[0])}"
        raise


def _short(file: Path) -> Path:
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file


def _with_record(
    kept: Record, tested: Engine, targets: list[str] | None, choice: Choice, on_stage: OnStage
) -> Conformance:
    named = kept.targets if not targets or target.ALL in targets else targets
    boards = target.of_project(named)
    return session.with_record(tested, kept, boards, choice, on_stage)


def _with_renode(
    found: Installation, recording: Path | None, boards: list[Target], choice: Choice, on_stage: OnStage
) -> Conformance:
    renode = selection.select("renode", found.path)
    earlier = _record_there(recording, renode.version) if recording is not None else None
    with Live(renode) as live:
        recorder = Recorder(live)
        title = f"Renode {renode.version}"
        compared = session.with_reference(selection.select("builtin"), recorder, title, boards, choice, on_stage)
    if recording is not None:
        origin = provenance.of(found, boards)
        kept = Record(schema=1, renode=renode.version, provenance=origin, runs=tuple(recorder.runs))
        record.write(earlier.renewed(kept) if earlier else kept, recording)
    return compared.model_copy(update={"notes": (found.warning,) if found.warning else ()})


def _record_there(file: Path, renode: str) -> Record | None:
    """The record that is to be renewed. Raises UsageError for a file that is none, or was made by another Renode."""
    if not file.is_file():
        return None
    found = record.read(file)
    if found.renode != renode:
        raise UsageError(
            f"{file} is a record of Renode {found.renode}; this one is {renode}.",
            remedy="Name another file with --record.",
        )
    return found


@contextmanager
def _stages() -> Iterator[OnStage]:
    """What is being done, on standard error, while it is, and only for people."""
    console = to_stderr()
    with console.status("") as status:
        yield lambda stage: status.update(Text(stage))
