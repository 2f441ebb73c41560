"""A dump from a device on a serial port, or from the pseudo terminal of an emulated board."""

from __future__ import annotations

import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lab.errors import InfrastructureError, UsageError
from lab.recorder.lines import BEGINS, Listener, Pieces

TRIGGER = b"\x12"
"""What asks for a dump: Ctrl-R."""

_READ_S = 0.1
_CUT_OFF_S = 5.0
"""A dump of which nothing more has come for so long has no end."""
_LONGEST_LINE = 65_536

OnLine = Callable[[str], None]


def receive(name: str, baud: int, *, trigger: bool, wait_s: float | None, on_line: OnLine) -> Pieces:
    """The next dump that a device on that port sends; with `trigger` it is asked for one.

    `on_line` gets each line of the device that is not the recorder's. Waits for `wait_s`, None for without end. What
    was cut off is returned as far as it got. Raises UsageError for a port that cannot be used, and InfrastructureError
    where nothing came or the device hung up.
    """
    with _opened(name, baud) as port:
        if trigger:
            with _hang_up_told(name):
                port.write(TRIGGER)
                port.flush()
        return _listen(port, name, wait_s, on_line)


def _opened(name: str, baud: int) -> Any:
    serial = _package()
    try:
        return serial.Serial(name, baud, timeout=_READ_S)
    except (serial.SerialException, ValueError, OverflowError) as error:  # the last two for speeds
        raise UsageError(
            f"The serial port {name} cannot be used at {baud:,} baud: {error}.",
            remedy="Look whether it is that one, whether another program has it, whether you may open it "
            "(on Linux by the group dialout), and at --baud.",
            code="serial-port",
        ) from error


@contextmanager
def _hang_up_told(name: str) -> Iterator[None]:
    try:
        yield
    except (_package().SerialException, OSError, termios.error) as error:
        raise InfrastructureError(
            f"The device on {name} hung up before it sent a dump: {error}.",
            remedy="Look whether it was pulled out or reset, or whether the replay behind it has ended, and ask again.",
            code="serial-hung-up",
        ) from error


def _listen(port: Any, name: str, wait_s: float | None, on_line: OnLine) -> Pieces:
    listener = Listener()
    unfinished = b""
    began = last = time.monotonic()
    while True:
        try:
            with _hang_up_told(name):
                data = port.read(max(1, port.in_waiting))
        except InfrastructureError:
            if listener.dumps:
                return listener.dumps[-1]
            raise
        *whole, unfinished = (unfinished + data).replace(b"\r", b"\n").split(b"\n")
        unfinished = unfinished[-_LONGEST_LINE:]
        for line in whole:
            if _add(listener, line.decode("utf-8", "replace"), on_line):
                last = time.monotonic()
            if listener.dumps and listener.dumps[-1].is_whole:
                return listener.dumps[-1]
        now = time.monotonic()
        if listener.dumps and now - last > _CUT_OFF_S:
            return listener.dumps[-1]
        if not listener.dumps and wait_s is not None and now - began > wait_s:
            raise _silent(name, wait_s)


def _add(listener: Listener, line: str, on_line: OnLine) -> bool:
    """Whether it was a line of the recorder, whole or not."""
    if BEGINS in line:
        listener.add(line)
        return True
    if line:
        on_line(line)
    return False


def _silent(name: str, wait_s: float) -> InfrastructureError:
    return InfrastructureError(
        f"Nothing of a flight recorder came from {name} within {wait_s:g} seconds.",
        remedy="Ask for a dump with --trigger; look at --baud, and whether the firmware is built with the recorder: "
        "docs/recording-on-device.md.",
        code="recorder-silent",
    )


def _package() -> Any:
    import serial  # noqa: PLC0415 - no other command needs it

    return serial
