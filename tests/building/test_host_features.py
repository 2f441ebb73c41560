from __future__ import annotations

import numpy as np
import pytest

from lab.building import host_features
from lab.errors import ConfigurationError


@pytest.fixture(scope="module")
def heard(keyword_spotting):
    return keyword_spotting.input


@pytest.fixture(scope="module")
def settings(keyword_spotting):
    return keyword_spotting.features


@pytest.fixture(scope="module")
def features(heard):
    return lambda samples, settings: host_features.of(samples, settings, heard)


def tone(hertz: float, samples: int = 16_000) -> np.ndarray:
    return (8000 * np.sin(2 * np.pi * hertz * np.arange(samples) / 16_000)).astype(np.int16)


def test_a_second_gives_a_whole_window_of_features(features, settings):
    found = features(tone(440), settings)
    assert (found.shape, found.dtype) == ((settings.steps, settings.channels), np.int8)


@pytest.mark.parametrize(
    ("samples", "inputs"), [(0, 0), (15_839, 0), (15_840, 1), (16_159, 1), (16_160, 2), (32_000, 51)]
)
def test_a_signal_that_goes_on_gives_an_input_at_every_step(heard, settings, samples, inputs):
    assert len(host_features.in_turn(tone(440, samples), settings, heard)) == inputs


def test_what_a_signal_gives_in_turn_moves_on_by_the_stride(heard, settings):
    sound = tone(300, 32_000) + tone(2_500, 32_000) // 2
    every = host_features.in_turn(sound, settings, heard)
    assert np.array_equal(every[0], host_features.of(sound[:15_840], settings, heard))
    assert np.array_equal(host_features.in_turn(sound, settings, heard, stride_steps=24), every[::24])
    assert np.array_equal(every[10][:-10], every[0][10:])


def test_blocks_of_a_signal_give_what_all_of_it_gives(heard, settings):
    sound = tone(300, 32_000) + tone(2_500, 32_000) // 2
    with host_features.Course(settings, heard, stride_steps=7) as course:
        found = [course.add(sound[first : first + 4_801]) for first in range(0, 32_000, 4_801)]
    assert np.array_equal(np.concatenate(found), host_features.in_turn(sound, settings, heard, stride_steps=7))


def test_a_higher_tone_is_heard_in_a_higher_channel(features, settings):
    channels = [int(features(tone(hertz), settings)[5:].mean(axis=0).argmax()) for hertz in (300, 1000, 4000)]
    assert channels == sorted(set(channels))


def test_each_call_starts_afresh(features, settings):
    first = features(tone(700), settings)
    features(tone(3000), settings)
    assert np.array_equal(features(tone(700), settings), first)


@pytest.mark.produces("features-refused")
def test_settings_that_the_frontend_refuses_are_named(features, settings):
    impossible = settings.model_copy(update={"upper_hz": 20_000.0})
    with pytest.raises(ConfigurationError, match="refuse"):
        features(tone(440), impossible)
