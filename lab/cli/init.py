"""Create a project: firmware, workloads, boards, checks and a gate for pull requests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from lab import project
from lab.output import say

GROUP = "Set up and check"
EXAMPLES = ("lab init my-lab", "lab init my-lab --lab-from git+https://github.com/OWNER/tinyml-device-lab@COMMIT")

_CONTENTS = {
    "models/": "workloads: labels, limits, model, recordings",
    "robot_tests/": "what is checked, as Robot suites",
    "baselines/": "numbers to compare runs with",
    "firmware/": "what runs on the board",
    "renode_platforms/": "the boards",
    "requirements.txt": "pins the lab version",
    ".github/workflows/lab.yml": "the gate for pull requests on GitHub",
    "README.md": "overview",
}


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new or empty folder.", show_default="the current folder")
    ] = Path(),
    lab: Annotated[
        str | None,
        typer.Option(
            "--lab-from",
            metavar="ADDRESS",
            help="Where colleagues and CI install the lab from: git+https://HOST/PATH@COMMIT, or a wheel.",
            show_default="where this one came from",
        ),
    ] = None,
) -> None:
    """Create a project of your own, which replaces the shipped one: every file in it is yours to change."""
    made = project.make(folder, lab)
    say(f"Made a project of your own in {folder.resolve()}:")
    for name, purpose in _CONTENTS.items():
        if (folder / name).exists():
            say(f"  {name:<26} {purpose}")
    say("\nNext, type:")
    for step in _steps(folder):
        say(f"  {step}")
    say(f"\nrequirements.txt installs the lab by: {made.requirement.line}")
    if not made.requirement.reachable:
        say(
            "CI cannot reach that: it is on this machine. Write the address of a repository there, as --lab-from\n"
            "does, or commit a wheel of the lab and name it."
        )


def _steps(folder: Path) -> list[str]:
    steps = ["lab doctor", "lab run keyword-spotting"]
    if "LAB_PROJECT" in os.environ:
        steps.insert(0, "unset LAB_PROJECT    # it names another project")
    return steps if folder.resolve() == Path.cwd() else [f"cd {folder}", *steps]
