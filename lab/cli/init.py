"""Make a folder of your own: firmware, workloads, boards, checks and a gate for pull requests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from lab import project
from lab.output import say

GROUP = "Set up and check"
EXAMPLES = ("lab init my-lab",)

_CONTENTS = {
    "models/": "workloads: labels, limits, model, recordings",
    "robot_tests/": "what is checked, as Robot suites",
    "baselines/": "golden measurements to compare with",
    "firmware/": "what runs on the board",
    "renode_platforms/": "the boards",
    "requirements.txt": "pins the lab version",
    ".github/workflows/lab.yml": "the gate for pull requests on GitHub",
    "README.md": "what is what",
}


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new or empty folder.", show_default="the current folder")
    ] = Path(),
) -> None:
    """Make a folder of your own that wins over what ships with the lab: there, every file is yours to change."""
    made = project.make(folder)
    say(f"Made a project of your own in {folder.resolve()}:")
    for name, purpose in _CONTENTS.items():
        if (folder / name).exists():
            say(f"  {name:<26} {purpose}")
    say("\nNext, type:")
    for step in _steps(folder):
        say(f"  {step}")
    if not made.requirement.reachable:
        say(
            "\nThis lab was installed from a file or folder of this machine, which CI cannot reach:\n"
            "say in requirements.txt where CI gets it."
        )


def _steps(folder: Path) -> list[str]:
    steps = ["lab doctor", "lab run keyword-spotting"]
    if "LAB_PROJECT" in os.environ:
        steps.insert(0, "unset LAB_PROJECT    # it names another project")
    return steps if folder.resolve() == Path.cwd() else [f"cd {folder}", *steps]
