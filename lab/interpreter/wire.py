"""Messages between the lab and its interpreter: a header of JSON, then arrays as raw bytes. No code crosses."""

from __future__ import annotations

import json
import math
import socket
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Sequence[NDArray[np.generic]]
_LONGEST_HEADER = 2**20
_NUMBERS = "biuf"
"""Kinds of NumPy's types: booleans, integers and floats."""


class Broken(Exception):
    """The other side is gone, or what it sends is no message."""


def send(channel: socket.socket, header: dict[str, Any], arrays: Arrays = ()) -> None:
    """Raises OSError, of which TimeoutError is one."""
    shapes = [[array.dtype.str, list(array.shape)] for array in arrays]
    text = json.dumps({**header, "arrays": shapes}).encode()
    channel.sendall(struct.pack("<I", len(text)) + text + b"".join(array.tobytes() for array in arrays))


def receive(channel: socket.socket, most: int) -> tuple[dict[str, Any], list[NDArray[np.generic]]]:
    """The next message. Raises Broken, for arrays of more than `most` bytes too, and OSError."""
    (length,) = struct.unpack("<I", _bytes(channel, 4))
    if length > _LONGEST_HEADER:
        raise Broken
    try:
        header = json.loads(_bytes(channel, length))
        kinds = [(np.dtype(kind), tuple(map(int, shape))) for kind, shape in header.pop("arrays")]
        if any(kind.kind not in _NUMBERS for kind, _ in kinds):
            raise Broken
        sizes = [kind.itemsize * math.prod(shape) for kind, shape in kinds]
        if any(extent < 0 for _, shape in kinds for extent in shape) or sum(sizes) > most:
            raise Broken
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Broken from error
    return header, [
        np.frombuffer(_bytes(channel, size), kind).reshape(shape)
        for (kind, shape), size in zip(kinds, sizes, strict=True)
    ]


def _bytes(channel: socket.socket, count: int) -> bytearray:
    found = bytearray(count)
    view = memoryview(found)
    while view:
        got = channel.recv_into(view)
        if not got:
            raise Broken
        view = view[got:]
    return found
