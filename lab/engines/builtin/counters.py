"""Counters of virtual time that the core latches and tells without Python: `struct counter` in core/core.h."""

from __future__ import annotations

from lab.engines.builtin.shim import COUNTERS, Core, Counter
from lab.errors import ConfigurationError


def take(core: Core, count: int) -> list[Counter]:
    """So many of the core's counters, for a device to keep. Raises ConfigurationError where they are used up."""
    first = core.counter_count
    if first + count > COUNTERS:
        raise ConfigurationError(
            f"the built-in engine tells the time of {COUNTERS} counters at most.",
            remedy="Leave devices out of the description that your firmware does not use.",
            code="platform-description",
        )
    core.counter_count = first + count
    return [core.counters[number] for number in range(first, first + count)]
