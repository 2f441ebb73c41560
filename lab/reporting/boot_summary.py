"""What became of a firmware that was booted, for people and for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lab.booting.boot import Booted, Missing

_SHOWN = 12
_WHY = {
    "time": "its time was over",
    "text": "it printed the awaited text",
    "fault": "it came to a fault",
    "exit": "it ended itself by semihosting",
    "interrupted": "it was interrupted",
}


def lines(booted: Booted) -> Iterator[str]:
    """The summary, a line each."""
    why = _WHY[booted.why] + (f" with status {booted.status}" if booted.why == "exit" else "")
    passed = f"{booted.time_ns / 1e9:.2f} virtual seconds, {booted.instructions:,} instructions"
    yield f"{booted.board}: {passed}; {why}, {booted.here}"
    if booted.fault:
        yield f"fault: {booted.fault}"
    if booted.restarts:
        last = booted.restarts[-1]
        yield f"resets: {len(booted.restarts)}, the last after {last.time_ns / 1e9:.6f} s: {last.reason}"
    yield f"printed on: {', '.join(booted.output) or 'nothing'}"
    yield f"devices: {', '.join(booted.devices) or 'none'}"
    if booted.polled:
        yield f"polled: {booted.polled}"
    if booted.missing:
        yield "registers without a model, in the order in which they were come to:"
        yield from (f"  {_told(one)}" for one in booted.missing[:_SHOWN])
        if len(booted.missing) > _SHOWN:
            yield f"  … and {len(booted.missing) - _SHOWN} more (--json lists all)"


def as_json(booted: Booted) -> str:
    """The same for scripts."""
    said = {
        "board": booted.board,
        "ended": booted.why,
        "status": booted.status,
        "time_s": booted.time_ns / 1e9,
        "instructions": booted.instructions,
        "stands": booted.here,
        "output": booted.output,
        "devices": booted.devices,
        "missing": [
            {
                "part": one.access.part,
                "register": one.access.register or None,
                "offset": one.access.offset,
                "address": one.access.address,
                "access": "write" if one.access.writes else "read",
                "place": one.place,
            }
            for one in booted.missing
        ],
        "fault": booted.fault,
        "resets": [{"time_s": one.time_ns / 1e9, "reason": one.reason} for one in booted.restarts],
        "polled": booted.polled,
    }
    return json.dumps(said, indent=2)


def _told(one: Missing) -> str:
    return f"{one.access} {'written' if one.access.writes else 'read'} at {one.place}"
