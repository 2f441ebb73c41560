"""Install the missing build tools and TFLM; `lab setup renode` installs Renode."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated, Literal

import typer

from lab import places
from lab.errors import ToolMissing, UsageError
from lab.output import note, say
from lab.reporting.console import to_stderr

GROUP = "Set up and check"
EXAMPLES = ("lab setup", "lab setup renode")


def command(
    part: Annotated[
        Literal["renode"] | None, typer.Argument(help="What else to install.", show_default="the tools")
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Renode's archive, downloaded by hand.", show_default="it is downloaded"),
    ] = None,
) -> None:
    """Install the missing Debian packages (or print the commands to type), then fetch TFLM.

    `lab setup renode` installs the supported Renode: with renode-run where that is installed, else into the user's
    cache.
    """
    if part == "renode":
        _renode(archive)
    elif archive is not None:
        raise UsageError("--archive is for Renode.", remedy="Type: lab setup renode --archive FILE")
    else:
        _tools()


def _tools() -> None:
    from lab import workload  # noqa: PLC0415
    from lab.building import host_features, tflm  # noqa: PLC0415

    script = places.project() / "firmware" / "toolchains" / "install.sh"
    # In the foreground, on the terminal: sudo may ask for a password.
    if subprocess.run(["bash", str(script), "run"], check=False).returncode != 0:
        raise ToolMissing(
            "Not everything could be installed.",
            remedy="Follow what is said above; `lab doctor` shows what is still missing.",
            code="setup-incomplete",
        )
    source = tflm.source(on_stage=note)
    for one in map(workload.load, workload.names()):
        host_features.library(one.features, one.input, note)
    say(f"Ready: TFLM ({source.version}) is in {source.root}.")


def _renode(archive: Path | None) -> None:
    from lab.cli import _downloading  # noqa: PLC0415
    from lab.engines.renode import installation, release, setting_up  # noqa: PLC0415

    messages = to_stderr(soft_wrap=True)
    with _downloading.shown(messages, f"Renode {release.NUMBER}") as on_progress:
        used = setting_up.set_up(archive, on_progress, messages.print)
    say(f"Ready: Renode {used.version} is {used.path} ({used.origin}).")
    if used.warning and (new := installation.of_release()):
        messages.print(f"{used.warning} For {new.version} in its place: export RENODE_PATH={new.path}")
