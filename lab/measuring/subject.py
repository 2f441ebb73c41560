"""The firmware that is measured, whoever built it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lab.engines.builtin.memories import Waits
from lab.errors import LabError
from lab.executing import Setup
from lab.image import Image
from lab.measuring.measurement import OwnLimits
from lab.outcomes.recording import ClipOutcome, SkippedClip
from lab.recordings.collection import Entry


@dataclass(frozen=True)
class Subject:
    """An image that has come up once. `setup` says, for an engine's name, how workers make their boards.

    `arena_bytes` is what it reserves and `arena_used` what TFLM took of it, 0 and None where nobody knows. `untold`
    and `own_limits` are as in `Measurement`; `provenance` goes to its `build`. `amiss` is what speaks against it where
    no recording alone does.
    """

    image: Image
    map: Path | None
    variant: str
    provenance: Mapping[str, str]
    setup: Callable[[str], Setup[Entry, ClipOutcome | SkippedClip]]
    arena_bytes: int = 0
    arena_used: int | None = None
    notes: tuple[str, ...] = ()
    untold: frozenset[str] = frozenset()
    amiss: Callable[[Sequence[ClipOutcome]], LabError | None] = lambda _clips: None
    own_limits: OwnLimits | None = None
    waits: Waits = field(default_factory=dict)
