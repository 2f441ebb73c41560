"""Boot any firmware image and show what it prints."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from lab import interrupts
from lab.booting import drafting, fitting
from lab.booting.boot import Boot, Booted
from lab.booting.described import Described
from lab.booting.port_lines import PortLines
from lab.booting.typing_in import Typed
from lab.cli._image import Address, ImageFile, image
from lab.cli._options import FIRMWARE, targets_for_completion
from lab.errors import ConfigurationError, FirmwareError, FirmwareExit, UsageError
from lab.image import Image
from lab.output import note, say_json
from lab.reporting import boot_summary

GROUP = "Test firmware"
EXAMPLES = (
    "lab boot zephyr.hex",
    'lab boot firmware.bin --address 0x10000 --target nano33ble --until "Hello"',
    'lab boot shell.elf --send "kernel version\\r"',
    "lab boot firmware.elf --draft board.repl",
)
_SECONDS = 10.0
_LONGEST_S = 86_400.0
_ESCAPES = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"\\": b"\\"}


def command(
    file: ImageFile,
    board: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="TARGET",
            help="Board.",
            show_default="the one that the image fits",
            autocompletion=targets_for_completion,
            rich_help_panel=FIRMWARE,
        ),
    ] = None,
    address: Address = None,
    description: Annotated[
        Path | None,
        typer.Option("--repl", metavar="FILE", help="Board of a platform description, instead of a target."),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(
            "--for",
            metavar="SECONDS",
            min=0.01,
            max=_LONGEST_S,
            help="Virtual time to run.",
            show_default=f"{_SECONDS:g}; at a terminal until Ctrl-C",
        ),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="TEXT", help="End when it has printed this text.")] = None,
    sends: Annotated[
        list[str] | None,
        typer.Option(
            "--send", metavar="TEXT", help=r"Type this, with \r and \n, when it has gone quiet; may be repeated."
        ),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(
            "--svd", metavar="FILE", help="The chip maker's SVD file, to name registers.", show_default="of the board"
        ),
    ] = None,
    draft: Annotated[
        Path | None,
        typer.Option("--draft", metavar="FILE", help="Write a platform description to begin with, for --repl."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="End at the first register that has no model.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of what the firmware prints.")] = False,
) -> int:
    """Boot a firmware that anybody built, on the built-in engine, with nothing else asked.

    Shows what it prints on any serial port, and then which devices it went to, what is missing of them, and its fault.
    At a terminal what you type goes to the port that has spoken last, and time passes as on a clock; Ctrl-C ends it.
    Registers without a model read 0 and keep what is written.
    Exit codes: 0 its time was over, it printed the text of --until, or it ended itself well; 1 it failed, or did not
    print that text; 2 usage; 130 interrupted.
    """
    firmware = image(file, address)
    if draft is not None:
        refused = {"--target": board, "--repl": description, "--until": until, "--send": sends, "--strict": strict}
        return _draft(firmware, draft, {**refused, "--json": as_json}, seconds, names)
    target = _described(description, board) if description else fitting.board(firmware, board)
    ports = PortLines(quiet=as_json)
    at_terminal = seconds is None and until is None and not sends and not as_json and _is_typed_at()
    keys = [_keys(one) for one in sends or []]

    def tell(reason: str) -> None:
        ports.finish()
        note(reason)

    with Boot(firmware, target, ports.hear, strict=strict, sends=keys, names=names, tell=tell) as boot:
        try:
            booted = _at_terminal(boot, ports) if at_terminal else boot.run(seconds or _SECONDS, until)
        except KeyboardInterrupt:
            booted = boot.ended("interrupted")
        finally:
            ports.finish()
    if as_json:
        say_json(boot_summary.as_json(booted))
    else:
        _tell(booted)
    if missed_text := until is not None and booted.why in ("time", "exit"):
        note(f"It did not print {until!r} within {booted.time_ns / 1e9:g} virtual seconds.")
    if booted.why == "interrupted" and not at_terminal:
        return interrupts.INTERRUPTED
    failed = booted.why == "fault" or (booted.why == "exit" and booted.status != 0)
    return int(failed or missed_text)


def _tell(booted: Booted) -> None:
    for line in boot_summary.lines(booted):
        note(line)
    if booted.why == "fault":
        note(booted.details)


def _described(file: Path, target: str | None) -> Described:
    if target is not None:
        raise UsageError("A board is named twice, by --target and by --repl.", remedy="Leave one of the two out.")
    return Described.of(file)


def _draft(firmware: Image, file: Path, others: Mapping[str, object], seconds: float | None, names: Path | None) -> int:
    if given := [option for option, value in others.items() if value]:
        raise UsageError(
            f"--draft boots a firmware that has no board, and has no use for {' and '.join(given)}.",
            remedy="Leave that out, and give it to the `lab boot --repl` that follows.",
        )
    found = drafting.write(firmware, file, "--draft", seconds=seconds or drafting.SECONDS, names=names)
    note(f"wrote {file}: {found.blocks} blocks of unknown registers" + (f"; {found.ended}" if found.ended else ""))
    note(f"go on with: lab boot {firmware.path} --repl {file}")
    return 0


def _at_terminal(boot: Boot, ports: PortLines) -> Booted:
    """Until Ctrl-C, no faster than a clock."""
    began = time.monotonic()
    note("What you type goes to the device; Ctrl-C ends it.")
    with Typed(sys.stdin) as typed:
        try:
            for now_ns in boot.slices():
                ports.show()
                if data := typed.take():
                    _type(boot, data)
                time.sleep(max(0.0, now_ns / 1e9 - (time.monotonic() - began)))
        except FirmwareExit as exited:
            return boot.exited(exited)
        except FirmwareError as error:
            return boot.failed(error)
    return boot.ended("time")


def _is_typed_at() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()  # it is None where a shell has closed it


def _type(boot: Boot, data: bytes) -> None:
    try:
        boot.send(data)
    except ConfigurationError as error:
        note(error.message)


def _keys(text: str) -> bytes:
    r"""What is typed for a text with \r, \n, \t, \\ and \x1b in it."""

    def key(found: re.Match[bytes]) -> bytes:
        return _ESCAPES.get(found[1]) or bytes([int(found[1][1:], 16)])

    wrong = re.search(r"\\(?!x[0-9A-Fa-f]{2}|[rnt\\])", re.sub(r"\\\\", "", text))
    if wrong is not None:
        raise UsageError(
            f"--send {text!r} has a backslash that stands for nothing.",
            remedy=r"Write \r, \n, \t, \\, or a byte like \x1b.",
        )
    typed = text.encode("utf-8", "surrogateescape")
    return re.sub(rb"\\(x[0-9A-Fa-f]{2}|[rnt\\])", key, typed)
