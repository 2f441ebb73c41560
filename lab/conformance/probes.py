"""Cases of a target's probes."""

from __future__ import annotations

from collections.abc import Iterator

from lab.conformance import compiling, probe
from lab.conformance.case import Case
from lab.conformance.choice import Choice
from lab.target import Target


def cases(target: Target, choice: Choice) -> Iterator[Case]:
    """Each probe, compiled. Raises ConfigurationError, ToolMissing, BuildError, StorageError."""
    for name, one in probe.of(target).items():
        if name in choice:
            yield Case(
                target=one.board(target),
                name=name,
                firmware=compiling.compiled(target, name),
                seconds=one.seconds,
                stimuli=one.stimuli,
                sources=compiling.sources(target, name),
                stricter=one.stricter,
            )
