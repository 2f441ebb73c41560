"""One hash for a run: equal exactly when the same firmware heard the same samples and did the same with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from lab.image import Image
from lab.outcomes.recording import ClipOutcome
from lab.outcomes.stream import Pace, PartOutcome
from lab.target import Target


def of(firmware: Image, target: Target, clips: Sequence[ClipOutcome]) -> str:
    """SHA-256 over the firmware's file, the virtual-time settings, the stimuli and what each recording led to.

    Neither the engine's name nor host times enter it.
    """
    return _hash(firmware, {"clock_hz": target.core.clock_hz, "clips": [_led_to(clip) for clip in clips]})


def of_stream(firmware: Image, target: Target, pace: Pace, parts: Sequence[PartOutcome]) -> str:
    """The same of a stream: what was detected and when, of every part."""
    heard = [
        [
            *(part.stimulus, part.detected, part.inferences, part.late_inferences, part.lost_samples),
            part.instructions,
            *([[one.label, one.scores] for one in part.inferred],) * bool(part.inferred),
        ]
        for part in parts
    ]
    return _hash(firmware, {"clock_hz": target.core.clock_hz, "mips": pace.mips, "parts": heard})


def _led_to(clip: ClipOutcome) -> list[object]:
    """What the device did with a recording; of one that tells no CRCs, every line that it printed."""
    told: list[object] = [clip.clip, clip.stimulus, clip.samples_crc, clip.features_crc, clip.scores, clip.instructions]
    return told if clip.samples_crc else [*told, clip.decided, clip.log]


def _hash(firmware: Image, content: dict[str, object]) -> str:
    elf = hashlib.sha256(firmware.path.read_bytes()).hexdigest()
    return hashlib.sha256(json.dumps({"elf": elf, **content}, sort_keys=True).encode()).hexdigest()
