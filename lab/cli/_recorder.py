"""Options of firmware with a flight recorder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from lab.building.recorder import Recorder
from lab.cli._options import FIRMWARE
from lab.errors import UsageError


@dataclass(frozen=True)
class Recording:
    """Whether the firmware has one, and when it sends a dump unasked."""

    with_recorder: Annotated[
        bool,
        typer.Option(
            "--recorder", help="Build the firmware with a flight recorder for `lab record`.", rich_help_panel=FIRMWARE
        ),
    ] = False
    dump_below: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="SCORE",
            help="With --recorder: dump after an inference whose highest score is below that, 0 to 1.",
            show_default="only when asked, or on a fault",
            rich_help_panel=FIRMWARE,
        ),
    ] = None

    def of(self, firmware: Path | None = None) -> Recorder | None:
        """The one to build. Raises UsageError for --dump-below alone, and with a firmware that was brought."""
        if self.dump_below is not None and not self.with_recorder:
            raise UsageError("--dump-below goes with --recorder.", remedy="Give both, or none.")
        if self.with_recorder and firmware is not None:
            raise UsageError(
                "With --firmware nothing is built, so that --recorder has no meaning.", remedy="Leave it out."
            )
        return Recorder(self.dump_below) if self.with_recorder else None
