"""One hash for a run: equal exactly when the same firmware heard the same samples and did the same with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from lab.elf import Firmware
from lab.measuring.measurement import ClipOutcome
from lab.target import Target


def of(firmware: Firmware, target: Target, clips: Sequence[ClipOutcome]) -> str:
    """SHA-256 over the ELF, the virtual-time settings, the stimuli and what each recording led to.

    Neither the engine's name nor host times enter it.
    """
    content = {
        "elf": hashlib.sha256(firmware.path.read_bytes()).hexdigest(),
        "clock_hz": target.core.clock_hz,
        "clips": [_led_to(clip) for clip in clips],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _led_to(clip: ClipOutcome) -> list[object]:
    """What the device did with a recording; of one that tells no CRCs, every line that it printed."""
    told: list[object] = [clip.clip, clip.stimulus, clip.samples_crc, clip.features_crc, clip.scores, clip.instructions]
    return told if clip.samples_crc else [*told, clip.decided, clip.log]
