"""Kinds `edge-impulse-mfe` and `edge-impulse-mfcc`: how far they are from Edge Impulse's definitions, in int8 steps."""

from __future__ import annotations

import numpy as np
import pytest

from lab.building import host_features
from lab.features.edge_impulse_mfcc import Settings as Mfcc
from lab.features.edge_impulse_mfe import Settings as Mfe

from . import published, sounds

MFE = Mfe(upper_hz=8_000)
NARROW = Mfe(window_ms=32, step_ms=16, points=512, bands=32, upper_hz=4_000, noise_floor_db=-72)
MFCC = Mfcc(upper_hz=8_000, scale=1 / 32, zero_point=0)
PLAIN = Mfcc(window_ms=32, step_ms=16, points=512, bands=40, upper_hz=8_000, neighbours=0, scale=1 / 4, zero_point=0)
SHORT = Mfcc(upper_hz=8_000, neighbours=11, coefficients=20, scale=1 / 32, zero_point=0)


@pytest.fixture(scope="module")
def every():
    return np.concatenate([sounds.made_up(), sounds.spoken()])


def defined(sound, settings, before=0.0):
    frames = settings.window_frames(sounds.HEARD), settings.step_frames(sounds.HEARD), settings.points, settings.bands
    if isinstance(settings, Mfe):
        values = published.edge_impulse_mfe(sound, *frames, settings.upper_hz, settings.noise_floor_db, before)
    else:
        values = published.edge_impulse_mfcc(sound, *frames, settings.coefficients, settings.neighbours, before)
    return np.clip(np.floor(values / settings.scale + settings.zero_point + 0.5), -128, 127).astype(int)


def apart(every, settings, before=lambda _sound: 0.0):
    found = host_features.of_each(every, settings, sounds.HEARD).astype(int)
    theirs = np.stack([defined(sound, settings, before(sound)) for sound in every])
    assert found.shape == theirs.shape
    assert len(np.unique(found)) > 100
    return np.abs(found - theirs)


@pytest.mark.parametrize("settings", [MFE, NARROW, MFCC, PLAIN, SHORT], ids=["mfe", "narrow", "mfcc", "plain", "short"])
def test_they_are_those_of_the_definition(every, settings):
    """A step apart at most, one value in 1,000."""
    steps = apart(every, settings)
    assert steps.max() <= 1
    assert np.count_nonzero(steps) <= steps.size / 1_000


def test_of_a_recording_by_itself_they_take_its_last_frame_as_the_one_before_its_first(every):
    """Which is one frame of the first row; here, as on a running device, it is what was heard before."""
    steps = apart(sounds.spoken(), MFE, before=lambda sound: float(sound[-1]))
    assert steps[:, 1:].max() <= 1
    assert 1 < steps[:, 0].max() < 100


def test_a_stream_gives_what_its_last_second_gives(every):
    """But for the frame before: all rows but the first."""
    stream = np.concatenate(every[14:20])
    given = host_features.in_turn(stream, MFE, sounds.HEARD, stride_steps=30)
    assert len(given) == (len(stream) - 16_000) // 160 // 30 + 1
    for n, one in enumerate(given):
        alone = host_features.of(stream[30 * 160 * n :][:16_000], MFE, sounds.HEARD)
        assert np.array_equal(one[1:], alone[1:])


@pytest.mark.parametrize(("settings", "value"), [(MFE, -128), (MFCC, 0)])
def test_silence_is_no_sound_at_all(settings, value):
    assert np.all(host_features.of(np.zeros(16_000, np.int16), settings, sounds.HEARD) == value)
