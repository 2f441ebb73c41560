"""Where the word is in a recording, in quiet, in noise and over rumble."""

from __future__ import annotations

import numpy as np
import pytest

from lab.composing import endpoints

RATE = 16_000
SECOND = np.arange(RATE)
NOISE = np.random.default_rng(1).standard_normal(RATE)
TONE = np.where((SECOND >= 5_000) & (SECOND < 9_000), np.sin(2 * np.pi * 500 * SECOND / RATE), 0)
RUMBLE = np.sin(2 * np.pi * 20 * SECOND / RATE)
FRAME = RATE // 100


@pytest.mark.parametrize(
    "sound",
    [8_000 * TONE, 8_000 * TONE + 400 * NOISE, 8_000 * TONE + 4_000 * RUMBLE, 300 * TONE + 3 * NOISE],
    ids=["quiet", "noise", "rumble", "faint"],
)
def test_a_word_is_found_to_two_hundredths_of_a_second(sound):
    found = endpoints.of_word(sound.astype(np.int16), RATE)
    assert abs(found.start - 5_000) <= 2 * FRAME
    assert abs(found.stop - 9_000) <= 2 * FRAME


def test_of_a_recording_without_sound_it_is_all():
    assert endpoints.of_word(np.zeros(RATE, np.int16), RATE) == slice(0, RATE)
