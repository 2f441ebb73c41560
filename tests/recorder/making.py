"""Dumps as a device sends them, made of whatever is to be in them."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterable, Sequence

import numpy as np

MOST_BYTES = 187


def line(payload: bytes, sequence: int, dump: int = 1) -> str:
    text = f"FR:{dump:04x}:{sequence:06x}:{base64.b64encode(payload).decode()}"
    return f"#{text}:{zlib.crc32(text.encode()):08x}"


def lines(payloads: Iterable[bytes], dump: int = 1) -> list[str]:
    return [line(payload, sequence, dump) for sequence, payload in enumerate(payloads)]


def header(
    kind: bytes,
    span: int,
    *,
    frames: int | None = None,
    channels: int = 1,
    scores: int = 2,
    labels: int = 2,
    rate_hz: float = 16_000,
    steps: int = 32_768,
    first: int = 0,
    texts: Sequence[str] = ("microphone", "sound", "", "keyword-spotting nano33ble", "asked for"),
) -> bytes:
    sent = span if frames is None else frames
    numbers = struct.pack("<BBBBIIQII", 1, channels, scores, labels, round(rate_hz * 1000), steps, first, span, sent)
    return kind + numbers + b"".join(text.encode() + b"\0" for text in texts)


def inference(end: int, number: int, label: int, detected: bool, scores: Sequence[int]) -> bytes:
    return struct.pack(f"<cIIBB{len(scores)}i", b"I", end, number, label, detected, *scores)


def samples(values: np.ndarray) -> list[bytes]:
    """int16 [frames, channels]."""
    most = MOST_BYTES // (2 * values.shape[1])
    return [
        b"S" + struct.pack("<I", first) + values[first : first + most].astype("<i2").tobytes()
        for first in range(0, len(values), most)
    ]


def payloads(values: np.ndarray, inferences: Sequence[bytes] = (), **of_header: object) -> list[bytes]:
    """Of a whole dump."""
    values = values.reshape(len(values), -1)
    ends = [header(kind, len(values), channels=values.shape[1], **of_header) for kind in (b"H", b"E")]  # type: ignore[arg-type]
    return [ends[0], b"L\0silence\0", b"L\1yes\0", *inferences, *samples(values), ends[1]]
