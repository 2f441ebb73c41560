"""Strides: the time from one inference to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.configuration import place
from lab.errors import ConfigurationError

if TYPE_CHECKING:
    from lab.workload import Workload


def steps(workload: Workload, stride_ms: int) -> int:
    """How many steps of the features a stride has. Raises ConfigurationError unless they are a whole number."""
    heard = workload.input
    frames = workload.features.step_frames(heard)
    passed = stride_ms * heard.rate_hz
    if passed < frames * 1000 or passed % (frames * 1000):
        text = workload.file.read_text(encoding="utf-8")
        step_ms = frames * 1000 / heard.rate_hz
        raise ConfigurationError(
            f"{place(workload.file, text, 'decision', 'stride_ms')}: decision.stride_ms is {stride_ms}; "
            f"features come every {step_ms:g} ms.",
            remedy=f"Use a multiple of {step_ms:g}.",
            code="decision-settings",
        )
    return passed // (frames * 1000)
