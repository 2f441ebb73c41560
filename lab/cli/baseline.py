"""Keep the numbers of a run as baselines, or show the baselines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lab import disk, places, target, workload
from lab.errors import ConfigurationError, UnknownName, UsageError
from lab.output import note, say_json
from lab.reporting import comparison_baseline, comparison_table, run_folder, wording
from lab.reporting.console import to_stdout
from lab.verdict import baseline, policy
from lab.verdict.baseline import Baseline
from lab.verdict.comparison import compare
from lab.verdict.result import Result, Run
from lab.verdict.where import where

GROUP = "Look at results"
EXAMPLES = ("lab baseline show", "lab baseline update keyword-spotting --from runs/latest")

_ACTIONS = ("update", "show")
_GO_ON = "Name others, or leave them out to take all that there are."


def command(
    action: Annotated[str, typer.Argument(metavar="update|show", help="What to do.")],
    workloads: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORKLOAD", help="Folders below models/.", show_default="all"),
    ] = None,
    targets: Annotated[
        list[str] | None,
        typer.Option("--target", metavar="TARGET", help="Board; may be repeated.", show_default="all"),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option("--from", metavar="RUN", help="update: the run to take.", show_default=str(run_folder.LATEST)),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--baseline", metavar="DIR", help="Folder of the baselines.", show_default="baselines/ of the project"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="show: print JSON instead of tables.")] = False,
) -> None:
    """Keep the numbers of a run in baselines/, to compare later runs with.

    update takes the numbers of a run that broke no limit and shows what changed; show prints the baselines and the
    tolerances of the regression policy. docs/baselines.md describes the workflow.
    """
    if action not in _ACTIONS:
        raise UnknownName("action of lab baseline", action, _ACTIONS)
    for name in workloads or ():
        workload.load(name)
    for board in targets or ():
        target.load(board)
    wanted = _Wanted(workloads or (), targets or ())
    kept_in = folder or baseline.folder()
    if action == "show":
        _refuse(run is not None, "--from", "update")
        _show(kept_in, wanted, as_json=as_json)
    else:
        _refuse(as_json, "--json", "show")
        _update(kept_in, wanted, run or run_folder.LATEST)


@dataclass(frozen=True)
class _Wanted:
    """Which workloads and targets were named; none means all."""

    workloads: Sequence[str]
    targets: Sequence[str]

    def __contains__(self, one: Run | Baseline) -> bool:
        return one.workload in (self.workloads or [one.workload]) and one.target in (self.targets or [one.target])

    def __str__(self) -> str:
        named = " or ".join(self.workloads) or "any workload"
        return f"{named} on {' or '.join(self.targets)}" if self.targets else named


def _refuse(given: bool, option: str, action: str) -> None:
    if given:
        raise UsageError(f"{option} goes with `lab baseline {action}`.", remedy="Leave it out.")


def _update(folder: Path, wanted: _Wanted, place: Path) -> None:
    places.changeable(folder)
    rules = policy.load(folder)
    for run in _fit(run_folder.read_result(place), wanted, place):
        golden = baseline.of(run)
        file = baseline.file_of(folder, *golden.pair)
        before = _earlier(file)
        _keep(golden, file)
        _say_what_changed(before, golden, file, rules)


def _fit(result: Result, wanted: _Wanted, place: Path) -> list[Run]:
    """The wanted runs of a result. Raises UsageError if there is none, or one that makes no baseline."""
    runs = [run for run in result.runs if run in wanted]
    if not runs:
        has = ", ".join(map(wording.name, result.runs))
        raise UsageError(f"{place} has no run of {wanted}: it has {has}.", remedy=_GO_ON)
    for run in runs:
        if unfit := _unfit(run):
            reason, remedy = unfit
            raise UsageError(
                f"{place} makes no baseline of {wording.name(run)}: {reason}.", remedy=remedy, code="run-unfit"
            )
    return runs


def _unfit(run: Run) -> tuple[str, str] | None:
    """Why a run makes no baseline, and what to do. To regress from the earlier one is no reason: one may accept it."""
    if not baseline.is_finished(run):
        return "it did not finish", "Run it again, to its end."
    if run.recordings.partial:
        return "only some recordings were played", "Run it again without --clip and --part."
    broken = [str(check) for check in run.failed_checks if check.origin != "baseline"]
    if broken:
        return "; ".join(broken), "Mend the firmware, or change the limit where it is set, and run again."
    return None


def _earlier(file: Path) -> Baseline | None:
    """What is kept so far; None if that is nothing, or nothing that can be read."""
    try:
        return baseline.read(file) if file.exists() else None
    except ConfigurationError:
        return None


def _keep(golden: Baseline, file: Path) -> None:
    elsewhere = "name another folder with --baseline"
    with disk.writing(file, elsewhere=elsewhere):
        file.parent.mkdir(parents=True, exist_ok=True)
    disk.write(file, golden.to_json(), elsewhere=elsewhere)


def _say_what_changed(before: Baseline | None, golden: Baseline, file: Path, rules: policy.Policy) -> None:
    console = to_stdout(soft_wrap=True)
    if before is None:
        console.print(f"{where(file)}: new")
    elif before == golden:
        console.print(f"{where(file)}: unchanged")
    else:
        found = compare(before, golden, rules, against=where(file))
        console.print(f"{where(file)}: updated")
        moved = [change for change in found.changes if change.before != change.now]
        if moved:
            console.print(comparison_table.metrics(moved))
        if found.identities:
            console.print(comparison_table.identities(found.identities))
        sizes = wording.plural(sum(size.kind == "symbol" for size in found.sizes), "symbol")
        console.print(f"changed: {sizes}, {wording.plural(len(found.clips), 'decision')}")


def _show(folder: Path, wanted: _Wanted, *, as_json: bool) -> None:
    kept = ((file, baseline.read(file)) for file in sorted(folder.glob("*/*.json")))
    found = [(file, golden) for file, golden in kept if golden in wanted]
    if as_json:
        say_json(json.dumps([json.loads(golden.to_json()) for _, golden in found], indent=2, ensure_ascii=False))
        return
    console = to_stdout()
    rules = policy.load(folder)
    for file, golden in found:
        comparison_baseline.print_baseline(golden, file, rules, console)
    if not found:
        note(f"There is no baseline of {wanted}: `lab baseline update` makes one from a run.")
