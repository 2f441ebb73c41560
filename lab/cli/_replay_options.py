"""The options of `lab replay`, by what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from lab.cli._gdb import GdbPort
from lab.errors import UsageError
from lab.measuring.terminal import Terminal
from lab.store import OnStage

EXPECTED = "What is expected"
REPLAYED = "What is replayed"
LOOKED_INTO = "What is looked into"


class Times(str, Enum):
    """By which times frames are replayed."""

    RECORDED = "recorded"
    NOMINAL = "nominal"


@dataclass(frozen=True)
class Excerpt:
    """Which part of a trace is played, and how."""

    from_s: Annotated[
        float, typer.Option("--from", min=0, metavar="SECONDS", help="Where to begin.", rich_help_panel=REPLAYED)
    ] = 0.0
    to_s: Annotated[
        float | None,
        typer.Option(
            "--to", min=0, metavar="SECONDS", help="Where to end.", show_default="its end", rich_help_panel=REPLAYED
        ),
    ] = None
    timing: Annotated[
        Times,
        typer.Option(help="Frames at the times that were recorded, or evenly.", rich_help_panel=REPLAYED),
    ] = Times.RECORDED
    signal: Annotated[
        str, typer.Option(metavar="NAME", help="Of several signals, the one to play.", rich_help_panel=REPLAYED)
    ] = ""
    until: Annotated[
        str,
        typer.Option(
            metavar="CONDITION",
            help="End with that inference: `inference 42`, `label yes`, `score yes > 90`.",
            show_default="the end of the trace",
            rich_help_panel=REPLAYED,
        ),
    ] = ""

    def given(self) -> dict[str, Any]:
        """As fields of `lab.replaying.wanted.Wanted`."""
        return {
            "from_s": self.from_s,
            "to_s": self.to_s,
            "timing": self.timing.value,
            "signal": self.signal,
            "until": self.until,
        }


@dataclass(frozen=True)
class SerialPort:
    """Whether others may use the board's serial port."""

    serial: Annotated[
        bool,
        typer.Option(
            "--serial",
            help="Give the board's serial port a pseudo terminal, as which `lab record` can use it. At the end of the "
            "trace the board waits there until that hangs up.",
            rich_help_panel=REPLAYED,
        ),
    ] = False
    serial_wait: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1e6,
            metavar="SECONDS",
            help="With --serial: how long to wait at the end for somebody to open it.",
            show_default="until Ctrl-C",
            rich_help_panel=REPLAYED,
        ),
    ] = None

    def check(self) -> None:
        """Raises UsageError for a limit of what does not wait."""
        if self.serial_wait is not None and not self.serial:
            raise UsageError("--serial-wait has no meaning without --serial.", remedy="Give both, or none.")

    @contextmanager
    def opened(self, on_stage: OnStage) -> Iterator[Terminal | None]:
        """The pseudo terminal, if there is to be one; its name is said."""
        if not self.serial:
            yield None
            return
        with Terminal(on_stage, self.serial_wait) as terminal:
            on_stage(f"the board's serial port is {terminal.name}")
            yield terminal


@dataclass(frozen=True)
class LookedInto:
    """What else is wanted of the firmware than what it says."""

    debug_at: Annotated[
        str,
        typer.Option(
            metavar="CONDITION",
            help="Stand where the inference begins that meets it, as with --until, and wait there for GDB.",
            show_default="no GDB",
            rich_help_panel=LOOKED_INTO,
        ),
    ] = ""
    gdb_port: GdbPort = None
    watch: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VARIABLE",
            help="Record a variable of the firmware at each inference, such as `lab_scores[3]`; may be repeated.",
            rich_help_panel=LOOKED_INTO,
        ),
    ] = None
    dump_tensors: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write there what every operator of the model put out in the last inference of the replay, which "
            "is that of --until: on the device, and on the host.",
            rich_help_panel=LOOKED_INTO,
        ),
    ] = None

    def given(self) -> dict[str, Any]:
        """As fields of `lab.replaying.wanted.Wanted`."""
        return {"watch": tuple(self.watch or ())}

    def check(self) -> None:
        """Raises UsageError for a port of no debugger."""
        if self.gdb_port is not None and not self.debug_at:
            raise UsageError("--gdb-port has no meaning without --debug-at.", remedy="Say with it where to stop.")


@dataclass(frozen=True)
class Held:
    """What a replay is held against."""

    expect: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABEL@S±S", help="A report at a time; may be repeated. `+-` will do.", rich_help_panel=EXPECTED
        ),
    ] = None
    expect_none: Annotated[
        list[str] | None,
        typer.Option(
            metavar="S-S", help="No event from one time to another; may be repeated.", rich_help_panel=EXPECTED
        ),
    ] = None
    against: Annotated[
        str,
        typer.Option(
            metavar="OTHER",
            help="Name the first difference from another play: `host`, `engine=renode`, `target=esp32c3`, "
            "`model=FILE`, the folder of an earlier replay, a device log from the field, or `recorded`, what the "
            "device made of it when `lab record` took the trace.",
            show_default="no comparison",
            rich_help_panel=EXPECTED,
        ),
    ] = ""

    def given(self) -> dict[str, Any]:
        """As fields of `lab.replaying.wanted.Wanted`."""
        return {"expect": tuple(self.expect or ()), "expect_none": tuple(self.expect_none or ())}
