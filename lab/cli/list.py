"""Show workloads, targets and engines, and which are ready."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from lab import places, target, workload
from lab.engines.renode import installation
from lab.errors import UsageError
from lab.output import say_json
from lab.reporting.console import to_stdout
from lab.target import Target

GROUP = "Set up and check"
EXAMPLES = ("lab list", "lab list --json")

Entry = Mapping[str, str | bool | list[str]]


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show workloads, targets and engines, and which are ready to run."""
    project = places.project()
    found = {"workloads": _workloads(), "targets": _targets(), "engines": _engines()}
    if as_json:
        say_json(json.dumps({"project": str(project), **found}, indent=2))
        return
    console = to_stdout()
    console.print(Text.assemble(("Project", "bold"), f"  {_named(project)}\n"), soft_wrap=True)
    for heading, entries in found.items():
        console.print(_table(heading.capitalize(), entries))


def _named(project: Path) -> str:
    return "the shipped one; `lab init` makes one of your own" if places.is_installed(project) else str(project)


def _workloads() -> list[Entry]:
    entries: list[Entry] = []
    for name in workload.names():
        title, targets = "", []
        try:
            one = workload.load(name)
            title, targets = one.title, list(one.targets)
            note = _missing(one.folder / one.model, one.folder / one.recordings.folder)
        except UsageError as error:
            note = error.message
        entries.append({"name": name, "title": title, "targets": targets, "ready": not note, "note": note})
    return entries


def _targets() -> list[Entry]:
    entries: list[Entry] = []
    for name in target.names():
        title = ""
        try:
            one = target.load(name)
            title = one.title
            note = _lacked(one)
        except UsageError as error:
            note = error.message
        entries.append({"name": name, "title": title, "ready": not note, "note": note})
    return entries


def _lacked(board: Target) -> str:
    """What keeps a target from being run; nothing if it is ready. Raises as `BuiltinEngine.check_tables` does."""
    from lab.engines.builtin import BuiltinEngine  # noqa: PLC0415 - loads the engine

    BuiltinEngine().check_tables(board)
    compiler = f"{board.toolchain.prefix}gcc"
    if shutil.which(compiler) is None:
        return f"{compiler} is not installed: see `lab doctor`"
    return _missing(board.repl)


def _missing(*needed: Path) -> str:
    """The names of those that are not there, nothing if all are."""
    missing = [path.name for path in needed if not path.exists()]
    return f"missing: {', '.join(missing)}" if missing else ""


def _engines() -> list[Entry]:
    builtin = importlib.util.find_spec("unicorn") is not None
    note = "" if builtin else "the unicorn package is not installed: see `lab doctor`"
    try:
        found = installation.look()
        version = "not found: `lab setup renode` installs it" if found is None else found.version
    except UsageError as error:  # RENODE_PATH names something else
        found, version = None, error.message
    return [
        {"name": "builtin", "title": "Unicorn with the lab's device models", "ready": builtin, "note": note},
        {"name": "renode", "title": "Renode, the reference (optional)", "ready": found is not None, "note": version},
    ]


def _table(heading: str, entries: list[Entry]) -> Table:
    table = Table(title=heading, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, show_header=False)
    for column in ("name", "title", "state", "note"):
        table.add_column(overflow="fold", no_wrap=column == "name")
    for entry in entries:
        note = str(entry["note"]) or _boards(entry)
        state = Text("ready", "green") if entry["ready"] else Text("not ready", "yellow")
        table.add_row(str(entry["name"]), Text(str(entry["title"])), state, Text(note))
    return table


def _boards(entry: Entry) -> str:
    targets = entry.get("targets")
    return f"on {', '.join(targets)}" if isinstance(targets, list) else ""
