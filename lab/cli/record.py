"""Make a trace of what the flight recorder of a device sends, or sent into a log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab.cli._grouped import grouped
from lab.cli.trace._given import Written
from lab.errors import UsageError
from lab.output import note, one_line
from lab.recorder import dump, log, port, tracing
from lab.recorder.dump import Dump
from lab.traces import writing

GROUP = "Look at results"
EXAMPLES = (
    "lab record --serial /dev/ttyACM0 --trigger --out field.npz",
    "lab record --from-log minicom.log --out field.npz",
)
SERIAL = "From a serial port"
LOG = "From a log"
_ANSWER_S = 10.0
"""For so long a device that was asked is waited for."""


@grouped
def command(
    out: Annotated[Path, typer.Option("--out", metavar="TRACE", help="The trace to write, its format by its ending.")],
    written: Written,
    serial: Annotated[
        str | None,
        typer.Option(metavar="PORT", help="Port of the device.", show_default="none", rich_help_panel=SERIAL),
    ] = None,
    baud: Annotated[
        int, typer.Option(min=1, max=20_000_000, metavar="N", help="Its speed.", rich_help_panel=SERIAL)
    ] = 115_200,
    trigger: Annotated[
        bool, typer.Option("--trigger", help="Ask the device for a dump.", rich_help_panel=SERIAL)
    ] = False,
    wait: Annotated[
        float | None,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="How long to wait until a dump begins.",
            show_default="10 with --trigger, else until Ctrl-C",
            rich_help_panel=SERIAL,
        ),
    ] = None,
    from_log: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A log that was captured.", show_default="none", rich_help_panel=LOG),
    ] = None,
    number: Annotated[
        int | None,
        typer.Option(
            "--dump", min=1, metavar="N", help="Of several dumps, this one.", show_default="last", rich_help_panel=LOG
        ),
    ] = None,
) -> int:
    """Make a trace of the last seconds that a device heard, as its flight recorder sent them.

    What the device made of them is in the trace as marks: `lab replay TRACE --against recorded` compares. What was lost
    on the line is a hole in the trace, with a mark, and is counted.
    """
    if (serial is None) == (from_log is None):
        raise UsageError("A dump comes from a port or from a log.", remedy="Give either --serial or --from-log.")
    others = {"--trigger": trigger, "--wait": wait is not None} if from_log else {"--dump": number is not None}
    if unused := [option for option, is_given in others.items() if is_given]:
        source = "--from-log" if from_log else "--serial"
        raise UsageError(f"With {source}, {unused[0]} has no meaning.", remedy="Leave it out.")
    writing.check_free([out], force=written.force)
    if serial is not None:
        seconds = _ANSWER_S if wait is None and trigger else wait
        found = _received(serial, baud, trigger=trigger, wait_s=seconds)
    else:
        assert from_log is not None  # noqa: S101 - one of the two
        dumps = log.read(from_log)
        if len(dumps) > 1 and number is None:
            note(f"{from_log} has {len(dumps)} dumps; --dump takes another one than the last")
        found = log.chosen(dumps, number, str(from_log))
    for line in tracing.summary(found):
        note(line)
    written.write(tracing.trace(found), out)
    return 0


def _received(serial: str, baud: int, *, trigger: bool, wait_s: float | None) -> Dump:
    note(f"waiting for a dump on {serial}")
    return dump.read(
        port.receive(serial, baud, trigger=trigger, wait_s=wait_s, on_line=lambda line: note(one_line(line))),
        f"the dump from {serial}",
    )
