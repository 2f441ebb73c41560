"""Create a project: firmware, workloads, boards, checks and a gate for pull requests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from lab import places, project
from lab.errors import UsageError
from lab.output import say

GROUP = "Set up and check"
EXAMPLES = (
    "lab init my-lab",
    "lab init my-lab --workload my-gesture --sensor accelerometer",
    "lab init my-lab --lab-from git+https://github.com/OWNER/tinyml-device-lab@COMMIT",
)

_SENSOR = "accelerometer"
"""Of a workload where nothing is said: of a microphone there is `keyword-spotting` in any project."""

_OF_A_WORKLOAD = {
    "workload.toml": "sensor, labels, features, decision, limits",
    "recordings": "what is played, by label; source in workload.toml says what they are",
    "training.toml": "how `lab train` trains its model",
    "split.toml": "who is kept aside to judge it",
}
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
    workload: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Begin a workload of that name: in the new project, or in the one that DIR is.",
            show_default="none",
        ),
    ] = None,
    sensor: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="With --workload: what it senses.", show_default="accelerometer"),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option(
            metavar="WORKLOAD", help="With --workload: which one to begin with.", show_default="the sensor's first"
        ),
    ] = None,
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
    """Create a project of your own, which replaces the shipped one: every file in it is yours to change.

    With --workload a workload is begun in it, as a copy of one that there is: it runs at once, and its labels,
    recordings and model are yours to replace.
    """
    if workload is None:
        if given := next((option for option, value in (("--sensor", sensor), ("--like", like)) if value), None):
            raise UsageError(
                f"{given} belongs to --workload.", remedy="Say how the workload is called: --workload NAME"
            )
        _lay_down(folder, lab, "keyword-spotting")
        return
    project.check_name(workload)
    model = project.like(like, sensor if sensor or like else _SENSOR)
    if places.enclosing(folder) != folder.resolve():
        _lay_down(folder, lab, workload)
    begun = project.begin(folder.resolve(), workload, model)
    say(f"\nBegan {workload} in {begun}, as a copy of {model.name}:")
    for name, purpose in _OF_A_WORKLOAD.items():
        if (begun / name).exists():
            say(f"  {name:<26} {purpose}")
    if like is None and (others := project.alike(model)):
        say(f"\n--like begins with another one: {', '.join(others)}.")
    say(f"\nIt runs as it is: lab run {workload}. docs/adding-a-workload.md of the lab goes on from here.")


def _lay_down(folder: Path, lab: str | None, runs: str) -> None:
    made = project.make(folder, lab)
    say(f"Made a project of your own in {folder.resolve()}:")
    for name, purpose in _CONTENTS.items():
        if (folder / name).exists():
            say(f"  {name:<26} {purpose}")
    say("\nNext, type:")
    for step in _steps(folder, runs):
        say(f"  {step}")
    say(f"\nrequirements.txt installs the lab by: {made.requirement.line}")
    if not made.requirement.reachable:
        say(
            "CI cannot reach that: it is on this machine. Write the address of a repository there, as --lab-from\n"
            "does, or commit a wheel of the lab and name it."
        )


def _steps(folder: Path, runs: str) -> list[str]:
    steps = ["lab doctor", f"lab run {runs}"]
    if "LAB_PROJECT" in os.environ:
        steps.insert(0, "unset LAB_PROJECT    # it names another project")
    return steps if folder.resolve() == Path.cwd() else [f"cd {folder}", *steps]
