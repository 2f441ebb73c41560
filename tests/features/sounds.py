"""One second of sound each, that features of sound are tried with."""

from __future__ import annotations

import numpy as np
import soundfile
from numpy.typing import NDArray

from lab import places
from lab.signals.input import Input

HEARD = Input(sensor="microphone", rate_hz=16_000, window_s=1.0)


def made_up() -> NDArray[np.int16]:
    """int16 [sounds, 16000]: noise from one step to full scale, tones, a sweep, a click, a tone in silence."""
    rng = np.random.default_rng(11)
    time = np.arange(16_000) / 16_000
    noise = [rng.normal(0, level, time.shape) for level in (1, 30, 1_000, 20_000)]
    tones = [level * np.sin(2 * np.pi * hz * time) for level, hz in ((30_000, 440), (3_000, 3_210.5), (50, 97))]
    sweep = 10_000 * np.sin(2 * np.pi * (50 + 3_900 * time) * time)
    click = np.where(np.arange(16_000) == 7_001, 32_767, 0)
    padded = tones[1] * (time > 0.25) * (time < 0.7)
    return np.clip([*noise, *tones, sweep, click, padded], -32_768, 32_767).astype(np.int16)


def spoken() -> NDArray[np.int16]:
    """int16 [sounds, 16000]: two recordings of each word that ships."""
    found = []
    for folder in sorted((places.project() / "models" / "keyword-spotting" / "recordings").iterdir()):
        for file in sorted(folder.glob("*.flac"))[:2]:
            samples, rate_hz = soundfile.read(file, dtype="int16", frames=16_000)
            assert rate_hz == HEARD.rate_hz
            found.append(np.pad(samples, (0, 16_000 - len(samples))))
    return np.stack(found)
