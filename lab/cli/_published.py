"""`lab bench --against`: modelled times beside published ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lab import disk
from lab.benching import published
from lab.benching.published import Again
from lab.errors import LabError, UsageError
from lab.output import note, say_json
from lab.reporting import published_table, terminal
from lab.reporting.console import to_stdout

_PANEL = "Published timings"
_ELSEWHERE = "name another file with --calibrate"
_USED = (
    *("boards", "seed", "kernels", "kernels_root", "tflm_name", "tflm_root", "as_json"),
    *("against", "models", "within", "calibrate"),
)
"""Parameters of `lab bench` that a table has a use for."""

Against = Annotated[
    Path | None,
    typer.Option("--against", metavar="TABLE", help="Run the models of a .toml table again.", rich_help_panel=_PANEL),
]
Models = Annotated[
    Path | None,
    typer.Option(
        "--models",
        metavar="DIR",
        help="The folder of its models.",
        show_default="the table's own",
        rich_help_panel=_PANEL,
    ),
]
Within = Annotated[
    float | None,
    typer.Option(
        "--within",
        min=0,
        max=10,
        metavar="SHARE",
        help="Fail if a modelled time is further off, as a share of the published one.",
        rich_help_panel=_PANEL,
    ),
]

Calibrate = Annotated[
    Path | None,
    typer.Option(
        "--calibrate",
        metavar="FILE",
        help="Write how many cycles the board took for a modelled one.",
        show_default=False,
        rich_help_panel=_PANEL,
    ),
]


def check(context: typer.Context) -> None:
    """Raises UsageError where an option is given that has no meaning with --against."""
    for option in context.command.params:
        source = context.get_parameter_source(option.name) if option.name not in _USED else None
        if source is not None and source.name == "COMMANDLINE":
            given = option.opts[-1] if option.opts[-1].startswith("-") else "A model"
            raise UsageError(f"{given} and --against exclude each other.", remedy="Leave one of the two out.")


def run(again: Again, boards: list[str], within: float | None, calibrate: Path | None, *, as_json: bool) -> int:
    """Run the table's figures for these boards, of all where none is named, and print them. The exit code.

    Raises ConfigurationError for the table itself, UsageError where none of its figures is for these boards, or tells
    what to calibrate one by, and where the calibration would take the table's place.
    """
    if calibrate is not None and calibrate.resolve() == again.path.resolve():
        raise UsageError(f"{calibrate} is the table itself.", remedy="Name another file with --calibrate.")
    if calibrate is not None:
        disk.check_writable(calibrate, elsewhere=_ELSEWHERE)  # rather than after minutes of running
    failures: list[LabError] = []

    def failed(error: LabError) -> None:
        if error.message not in {one.message for one in failures}:  # a model may have several figures
            terminal.print_error(error)
        failures.append(error)

    found = list(again.figures(published.read(again.path), boards, failed))
    if not found and not failures:
        raise UsageError(f"{again.path} has no figure for {', '.join(boards)}.", remedy="Leave --target out.")
    if as_json:
        say_json(json.dumps([one.model_dump() for one in found], indent=2))
    elif found:
        published_table.print_figures(found, to_stdout(), within)
    if within is not None and not failures and all(one.error is None for one in found):
        raise UsageError("No figure was run that --within could be of.", remedy="Name a `file` for one of the models.")
    if calibrate is not None and failures:
        note(f"{calibrate} was not written, because not every figure was run.")
    elif calibrate is not None:
        made = published.calibration(found)
        disk.write(calibrate, made.to_toml(), elsewhere=_ELSEWHERE)
        note(f"wrote {calibrate}: the board takes {made.factor:g} cycles for a modelled one, {made.error}")
    beyond = [one for one in found if within is not None and one.error is not None and abs(one.error) > within]
    for one in beyond:
        note(f"{one.model} on {one.board} is {one.error:+.1%} off; {within:.1%} are allowed.")
    return max([error.exit_code for error in failures] + [int(bool(beyond))])
