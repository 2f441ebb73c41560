"""Play a bundle again, and say whether the board does the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab.bundling import bundle
from lab.bundling.reproducing import reproduce
from lab.engines import selection
from lab.output import note, one_line, say
from lab.reporting import replay_words

GROUP = "Test firmware"
EXAMPLES = ("lab reproduce bug-42.bundle",)


def command(
    file: Annotated[Path, typer.Argument(metavar="BUNDLE", help="A file that `lab bundle` wrote.")],
    engine: Annotated[
        str, typer.Option(metavar="|".join(selection.NAMES), help="Emulator that runs the firmware.")
    ] = "auto",
    renode: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The Renode to use.", show_default="RENODE_PATH, or the one installed"),
    ] = None,
) -> int:
    """Play a bundle's samples to its firmware, and compare the device log line by line.

    Nothing in a bundle runs on this machine itself. Exit codes: 0 identical; 1 something differs; 2 no bundle that can
    be used; 3 infrastructure; 130 interrupted.
    """
    held = bundle.read(file)
    found = reproduce(held, engine, renode, note)
    for line in found.notes:
        say(one_line(line) + ".")
    for one in found.expectations:
        say(one_line(replay_words.checked(one)))
    if found.difference is None:
        say(f"IDENTICAL: {found.lines} lines of the device log, on the engine {found.engine}")
        return 0
    say(one_line(f"DIFFERS: {found.difference}"))
    return 1
