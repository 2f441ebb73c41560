"""Install what building needs and this machine lacks: Debian packages by apt, TFLM's sources by cargo."""

from __future__ import annotations

import subprocess
from functools import partial

import typer

from lab import places
from lab.building import frontend, tflm
from lab.errors import ToolMissing


def command() -> None:
    """Install the missing Debian packages (or print the commands to type), then fetch TFLM."""
    script = places.project() / "firmware" / "toolchains" / "install.sh"
    # In the foreground, on the terminal: sudo may ask for a password.
    if subprocess.run(["bash", str(script), "run"], check=False).returncode != 0:
        raise ToolMissing(
            "Not everything could be installed.",
            remedy="Follow what is said above; `lab doctor` shows what is still missing.",
            code="setup-incomplete",
        )
    say = partial(typer.echo, err=True)
    source = tflm.source(on_stage=say)
    frontend.library(say)
    typer.echo(f"Ready: TFLM ({source.version}) is in {source.root}.")
