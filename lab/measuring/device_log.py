"""The device's log lines as values: `docs/device-protocol.md`, version 1."""

from __future__ import annotations

import json
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from lab.errors import FirmwareError

PROTOCOL = 1

_Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]
_Address = Annotated[str, Field(pattern=r"^(0x)?[0-9a-fA-F]{1,8}$")]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Boot(_Event):
    """The model is ready; the microphone starts next."""

    event: Literal["boot"]
    protocol: _Number
    target: str
    application: str
    mode: Literal["clip", "stream", "bench"]
    model_crc: str
    arena_used: _Number
    arena_size: _Number


class Inference(_Event):
    """One decision with the evidence for it."""

    event: Literal["inference"]
    n: _Number
    time_ms: _Number
    label: str
    scores: tuple[_Number, ...]
    samples_crc: str
    features_crc: str
    cycles: _Number


class Result(_Event):
    """The application `bench`: the model ran once on the input that was put into the image."""

    event: Literal["result"]
    time_ms: _Number
    bytes: _Number
    output_crc: str
    cycles: _Number
    stack_used: _Number
    stack_size: _Number


class Detection(_Event):
    """Streaming: a word was heard."""

    event: Literal["detection"]
    time_ms: _Number
    label: str
    score: _Number


class Statistics(_Event):
    """Counters since boot."""

    event: Literal["statistics"]
    time_ms: _Number
    buffers: _Number
    lost_samples: _Number
    late_inferences: _Number
    stack_used: _Number
    stack_size: _Number


NOTHING_COUNTED = Statistics(
    event="statistics", time_ms=0, buffers=0, lost_samples=0, late_inferences=0, stack_used=0, stack_size=0
)
"""Of a device that has just booted."""


class Operator(_Event):
    """Traced runs: an operator has written its output tensor."""

    event: Literal["operator"]
    index: _Number
    operator: str
    address: _Address
    bytes: _Number
    crc: str


class Fault(_Event):
    """The firmware's own fault handler speaks; all values are hex strings."""

    event: Literal["fault"]
    kind: str
    pc: _Address
    lr: str
    psr: str = ""
    cfsr: str = ""
    hfsr: str = ""
    mmfar: str = ""
    bfar: str = ""


class StartError(_Event):
    """Start-up failed and the device has stopped."""

    event: Literal["error"]
    what: str
    message: str


Event = Boot | Inference | Result | Detection | Statistics | Operator | Fault | StartError
_EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])
_KNOWN = {"boot", "inference", "result", "detection", "statistics", "operator", "fault", "error"}

Kind = TypeVar("Kind", bound=_Event)


def parse(line: str) -> Event | None:
    """The event of a log line; None for text that is not of the protocol.

    Raises FirmwareError for a known event that lacks a field or has one of a wrong type.
    """
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):  # a long row of brackets is no JSON that anybody meant
        return None
    if not isinstance(content, dict):
        return None
    event = content.get("event")
    if not isinstance(event, str) or event not in _KNOWN:
        return None
    try:
        return _EVENT.validate_python(content)
    except ValidationError as error:
        problem = error.errors()[0]
        raise FirmwareError(
            f"The device's {event!r} line has a bad {problem['loc'][-1]!r}: {problem['msg']}.",
            remedy="docs/device-protocol.md says what each event carries.",
            details=line,
            code="protocol-line",
        ) from error


def last(lines: list[str], kind: type[Kind]) -> Kind | None:
    """The newest event of that kind among the lines."""
    for line in reversed(lines):
        event = parse(line)
        if isinstance(event, kind):
            return event
    return None
