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
        "clips": [
            [clip.clip, clip.stimulus, clip.samples_crc, clip.features_crc, clip.scores, clip.instructions]
            for clip in clips
        ],
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
