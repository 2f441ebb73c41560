from __future__ import annotations

import numpy as np
import pytest

from lab.building import frontend
from lab.errors import ConfigurationError


@pytest.fixture(scope="module")
def settings(keyword_spotting):
    return keyword_spotting.features


def tone(hertz: float, samples: int = 16_000) -> np.ndarray:
    return (8000 * np.sin(2 * np.pi * hertz * np.arange(samples) / 16_000)).astype(np.int16)


def test_a_second_gives_a_whole_window_of_features(settings):
    found = frontend.features(tone(440), settings, 16_000)
    assert (found.shape, found.dtype) == ((settings.steps, settings.channels), np.int8)


@pytest.mark.parametrize(("samples", "steps"), [(0, 0), (479, 0), (480, 1), (799, 1), (800, 2), (32_000, 99)])
def test_every_whole_window_gives_a_step(settings, samples, steps):
    assert len(frontend.features(tone(440, samples), settings, 16_000)) == steps


def test_a_higher_tone_is_heard_in_a_higher_channel(settings):
    channels = [
        int(frontend.features(tone(hertz), settings, 16_000)[5:].mean(axis=0).argmax()) for hertz in (300, 1000, 4000)
    ]
    assert channels == sorted(set(channels))


def test_each_call_starts_afresh(settings):
    first = frontend.features(tone(700), settings, 16_000)
    frontend.features(tone(3000), settings, 16_000)
    assert np.array_equal(frontend.features(tone(700), settings, 16_000), first)


@pytest.mark.produces("features-refused")
def test_settings_that_the_frontend_refuses_are_named(settings):
    impossible = settings.model_copy(update={"upper_hz": 20_000.0})
    with pytest.raises(ConfigurationError, match="refuses"):
        frontend.features(tone(440), impossible, 16_000)
