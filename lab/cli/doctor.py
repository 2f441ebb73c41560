"""Check what the lab needs on this machine: version, path, and how to fix what is missing or too old."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from lab import doctor
from lab.errors import InfrastructureError
from lab.output import say_json
from lab.reporting.console import to_stdout

GROUP = "Set up and check"
EXAMPLES = ("lab doctor", "lab doctor --json")

_STATUS, _NAME = 8, 32  # columns that hold the longest


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> int:
    """Show every component that the lab needs, what it is for, and how to fix those that are missing or broken.

    Exit code 3 if a required component is missing, too old or unusable.
    """
    diagnosis = doctor.examine()
    if as_json:
        say_json(json.dumps(_as_json(diagnosis), indent=2))
    else:
        _show(diagnosis)
    return 0 if diagnosis.ready else InfrastructureError.exit_code


def _as_json(diagnosis: doctor.Diagnosis) -> dict[str, object]:
    return {
        "ready": diagnosis.ready,
        "uses": {
            use: {"purpose": purpose, "optional": use in doctor.OPTIONAL, "missing": diagnosis.lacks(use)}
            for use, purpose in doctor.USES.items()
        },
        "components": [dataclasses.asdict(component) for component in diagnosis.components],
        "places": [dataclasses.asdict(place) for place in diagnosis.places],
    }


def _show(diagnosis: doctor.Diagnosis) -> None:
    console = to_stdout(soft_wrap=True)
    for use, purpose in doctor.USES.items():
        console.print(Text.assemble((purpose[0].upper() + purpose[1:], "bold"), ": ", _answer(diagnosis, use)))
        for component in diagnosis.components:
            if component.use == use and not _is_usual(component):
                _show_component(console, component)
    usual = sum(map(_is_usual, diagnosis.components))
    console.print(Text.assemble(("Python packages", "bold"), f": {usual} OK"))
    console.print(Text("Paths", "bold"))
    for place in diagnosis.places:
        console.print(Text.assemble(f"           {place.name:{_NAME}} {place.note}", _at(place.path)))
    if not diagnosis.ready:
        console.print("`lab setup` installs compilers and tools on Debian and Ubuntu; elsewhere it says what to type.")


def _answer(diagnosis: doctor.Diagnosis, use: doctor.Use) -> Text:
    lacking = diagnosis.lacks(use)
    if not lacking:
        return Text("yes", "green")
    missing = f"{', '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} missing"
    return Text(f"unavailable: {missing}", "yellow" if use in doctor.OPTIONAL else "bold red")


def _is_usual(component: doctor.Component) -> bool:
    """One of the libraries that pip brings, and nothing is to be done about it."""
    return component.purpose == doctor.LIBRARY and component.status == "ok"


def _show_component(console: Console, component: doctor.Component) -> None:
    style = "green" if component.status == "ok" else "yellow" if component.use in doctor.OPTIONAL else "bold red"
    name = f"{component.name} {component.version}".strip()
    console.print(
        Text.assemble(
            "  ", (f"{component.status:{_STATUS}}", style), f" {name:{_NAME}} {component.purpose}", _at(component.path)
        )
    )
    if component.remedy:
        console.print(Text(f"           {component.remedy}"))


def _at(path: str) -> tuple[str, str]:
    return (f", {_short(path)}", "dim") if path else ("", "")


def _short(path: str) -> str:
    """Relative to the current folder or the home folder, where it lies in one."""
    for folder, name in ((Path.cwd(), "."), (Path.home(), "~")):
        if path and Path(path).is_relative_to(folder):
            return str(Path(name) / Path(path).relative_to(folder))
    return path
