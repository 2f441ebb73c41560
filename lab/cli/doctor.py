"""Show every component that the lab needs: version, path, and what to do where one is missing."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lab import doctor
from lab.errors import InfrastructureError


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> int:
    """Show every component that the lab needs. Exit code 3 if one that is not optional is missing."""
    diagnosis = doctor.examine()
    if as_json:
        typer.echo(json.dumps(_as_json(diagnosis), indent=2))
    else:
        console = Console(highlight=False)
        console.print(_components(diagnosis))
        console.print(_uses(diagnosis))
    return 0 if diagnosis.ready else InfrastructureError.exit_code


def _as_json(diagnosis: doctor.Diagnosis) -> dict[str, object]:
    return {
        "ready": diagnosis.ready,
        "uses": {
            use: {"purpose": purpose, "optional": use in doctor.OPTIONAL, "missing": diagnosis.lacks(use)}
            for use, purpose in doctor.USES.items()
        },
        "components": [dataclasses.asdict(component) for component in diagnosis.components],
    }


def _components(diagnosis: doctor.Diagnosis) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("component", "status", "version", "where, or what to do"):
        table.add_column(heading, overflow="fold")
    for component in diagnosis.components:
        optional = component.use in doctor.OPTIONAL
        status = Text("ok", "green") if component.status == "ok" else Text(*_missing(optional=optional))
        table.add_row(component.name, status, component.version, Text(component.remedy or _short(component.path)))
    return table


def _short(path: str) -> str:
    """Relative to the current folder or the home folder, where it lies in one."""
    for folder, name in ((Path.cwd(), "."), (Path.home(), "~")):
        if path and Path(path).is_relative_to(folder):
            return str(Path(name) / Path(path).relative_to(folder))
    return path


def _missing(*, optional: bool) -> tuple[str, str]:
    return ("optional", "yellow") if optional else ("missing", "bold red")


def _uses(diagnosis: doctor.Diagnosis) -> Table:
    table = Table(title="This machine can", title_justify="left", box=box.SIMPLE_HEAD, show_header=False)
    for use, purpose in doctor.USES.items():
        lacking = diagnosis.lacks(use)
        table.add_row(purpose, Text(f"no: {', '.join(lacking)} missing", "yellow") if lacking else Text("yes", "green"))
    return table
