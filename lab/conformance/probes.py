"""Cases of a target's probes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lab.conformance import compiling, probe
from lab.conformance.case import Case, Stimulus
from lab.conformance.choice import Choice
from lab.target import Target

_MICROPHONE = "microphone"


def cases(target: Target, choice: Choice) -> Iterator[Case]:
    """Each probe, compiled. Raises ConfigurationError, ToolMissing, BuildError, StorageError."""
    for name, one in probe.of(target).items():
        if name in choice:
            yield Case(
                target=target,
                name=name,
                firmware=compiling.compiled(target, name),
                seconds=one.seconds,
                stimulus=counting(one.samples),
                sources=compiling.sources(target, name),
                stricter=one.stricter,
            )


def counting(samples: int) -> Stimulus | None:
    """1, 2, 3, ... for the microphone: each sample says which one it is, and none is a silent microphone's zero."""
    return Stimulus(_MICROPHONE, np.arange(1, samples + 1, dtype=np.int16)) if samples else None
