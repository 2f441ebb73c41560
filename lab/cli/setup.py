"""Install the missing build tools and TFLM; `lab setup renode` and `lab setup tflm` install more."""

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
EXAMPLES = ("lab setup", "lab setup renode", "lab setup tflm")


def command(
    part: Annotated[
        Literal["renode", "tflm"] | None, typer.Argument(help="What else to install.", show_default="the tools")
    ] = None,
    archives: Annotated[
        list[Path] | None,
        typer.Option(
            "--archive",
            metavar="FILE",
            help="An archive that was downloaded by hand; TFLM has several.",
            show_default="they are downloaded",
        ),
    ] = None,
) -> None:
    """Install the missing Debian packages (or print the commands to type), then fetch TFLM.

    `lab setup renode` installs the supported Renode: with renode-run where that is installed, else into the user's
    cache. `lab setup tflm` brings today's TFLM beside the one that builds use without it.
    """
    by_hand = archives or []
    if part == "renode":
        _renode(by_hand)
    elif part == "tflm":
        _upstream(by_hand)
    elif by_hand:
        raise UsageError(
            "--archive is for Renode and for today's TFLM.",
            remedy="Type: lab setup renode --archive FILE, or lab setup tflm --archive FILE",
        )
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


def _upstream(archives: list[Path]) -> None:
    from lab.building import upstream  # noqa: PLC0415
    from lab.cli import _downloading  # noqa: PLC0415

    messages = to_stderr(soft_wrap=True)
    with _downloading.shown(messages, upstream.VERSION) as on_progress:
        tree = upstream.set_up(archives, on_progress, messages.print)
    say(f"Ready: TFLM ({upstream.VERSION}) is in {tree}. Where no TFLM is named it is used from now on.")


def _renode(archives: list[Path]) -> None:
    from lab.cli import _downloading  # noqa: PLC0415
    from lab.engines.renode import installation, release, setting_up  # noqa: PLC0415

    if len(archives) > 1:
        raise UsageError("Renode is one archive.", remedy="Give --archive once.")
    messages = to_stderr(soft_wrap=True)
    with _downloading.shown(messages, f"Renode {release.NUMBER}") as on_progress:
        used = setting_up.set_up(next(iter(archives), None), on_progress, messages.print)
    say(f"Ready: Renode {used.version} is {used.path} ({used.origin}).")
    if used.warning and (new := installation.of_release()):
        messages.print(f"{used.warning} For {new.version} in its place: export RENODE_PATH={new.path}")
