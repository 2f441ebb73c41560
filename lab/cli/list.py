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
        one = workload.load(name)
        needed = (one.folder / one.model, one.folder / one.recordings.folder)
        missing = [path.name for path in needed if not path.exists()]
        entries.append(
            {
                "name": name,
                "title": one.title,
                "targets": list(one.targets),
                "ready": not missing,
                "note": f"missing: {', '.join(missing)}" if missing else "",
            }
        )
    return entries


def _targets() -> list[Entry]:
    entries: list[Entry] = []
    for name in target.names():
        one = target.load(name)
        compiler = f"{one.toolchain.prefix}gcc"
        ready = shutil.which(compiler) is not None
        note = "" if ready else f"{compiler} is not installed: see `lab doctor`"
        entries.append({"name": name, "title": one.title, "ready": ready, "note": note})
    return entries


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
