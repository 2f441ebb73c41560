"""The variant of a run: which kernels its firmware has, and for a stream that it played one.

Runs and baselines are told apart by it, and files are named after it: `cmsis-nn`, `cmsis-nn-stream`.
"""

from __future__ import annotations

_OF_STREAMS = "-stream"


def of_stream(firmware: str) -> str:
    """That of a run in which this variant of the firmware was played a stream."""
    return f"{firmware}{_OF_STREAMS}"


def is_of_stream(variant: str) -> bool:
    """Whether a run of that variant played a stream, rather than recordings one by one."""
    return variant.endswith(_OF_STREAMS)
