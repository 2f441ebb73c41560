from __future__ import annotations

import shutil

import numpy as np
import pytest

from lab.errors import InfrastructureError, ToolMissing
from lab.recordings import acoustics, synthesis
from lab.recordings.synthesis import NATURAL, Manner, Voice

RATE_HZ = 16_000

VOICES = [Voice("espeak-ng", "en-us+f2"), Voice("flite", "slt"), Voice("festival", "ked_diphone")]


def needs(voice: Voice) -> None:
    if not shutil.which(voice.engine):
        pytest.skip(f"{voice.engine} is not installed")


def speak(voice: Voice, manner: Manner = NATURAL) -> np.ndarray:
    needs(voice)
    return synthesis.speak(voice, "seven", manner, RATE_HZ)


@pytest.mark.parametrize("voice", VOICES, ids=str)
def test_a_voice_says_the_same_every_time(voice):
    assert (speak(voice) == speak(voice)).all()


@pytest.mark.parametrize("voice", VOICES, ids=str)
def test_a_faster_voice_needs_less_time_and_a_smaller_one_as_much(voice):
    natural, fast, small = speak(voice), speak(voice, Manner(rate=1.3)), speak(voice, Manner(size=1.1))
    assert len(fast) < 0.9 * len(natural)
    assert len(small) == pytest.approx(len(natural), rel=0.07)


def centroid(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(np.sum(np.arange(len(power)) * power) / np.sum(power) * RATE_HZ / len(samples))


@pytest.mark.parametrize("voice", VOICES, ids=str)
def test_a_smaller_speaker_sounds_brighter(voice):
    assert centroid(speak(voice, Manner(size=1.1))) > centroid(speak(voice, Manner(size=0.92)))


@pytest.mark.parametrize("voice", VOICES, ids=str)
def test_hardly_any_silence_is_left_around_the_word(voice):
    word = speak(voice)
    loud = np.flatnonzero(np.abs(word) > 0.01 * np.abs(word).max())
    assert loud[0] <= RATE_HZ // 50
    assert loud[-1] >= len(word) - RATE_HZ // 50 - 1


def test_a_missing_synthesiser_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolMissing, match="flite is not installed") as missing:
        synthesis.speak(Voice("flite", "slt"), "yes", NATURAL, RATE_HZ)
    assert "apt-get install" in missing.value.remedy


def test_a_voice_that_does_not_exist_is_named():
    voice = Voice("espeak-ng", "xx-nobody")
    needs(voice)
    with pytest.raises(InfrastructureError, match="espeak-ng xx-nobody did not say 'yes'"):
        synthesis.speak(voice, "yes", NATURAL, RATE_HZ)


def random() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.mark.parametrize(
    ("noise", "exponent"),
    [(acoustics.white, 0), (acoustics.pink, -1), (acoustics.brown, -2)],
    ids=["white", "pink", "brown"],
)
def test_noise_has_the_slope_of_its_colour(noise, exponent):
    power = np.abs(np.fft.rfft(noise(random(), 1 << 16))) ** 2
    octaves = [np.mean(power[1 << n : 2 << n]) for n in range(9, 15)]
    assert np.polyfit(range(len(octaves)), np.log2(octaves), 1)[0] == pytest.approx(exponent, abs=0.1)


def test_noise_lies_as_far_below_the_word_as_asked():
    word = np.zeros(RATE_HZ)
    word[4000:8000] = np.sin(np.arange(4000))
    noise = acoustics.mixed(word, acoustics.white(random(), RATE_HZ), 20.0, slice(4000, 8000)) - word
    assert 20 * np.log10(acoustics.level(word[4000:8000]) / acoustics.level(noise)) == pytest.approx(20.0)


def test_hum_stands_on_a_mains_frequency():
    power = np.abs(np.fft.rfft(acoustics.hum(random(), RATE_HZ, RATE_HZ)))
    assert int(np.argmax(power)) in (50, 60)


def test_a_room_adds_its_energy_and_fades():
    click = np.zeros(RATE_HZ)
    click[0] = 1.0
    heard = acoustics.reverberated(random(), click, RATE_HZ, decay_s=0.3, wet=0.25)
    assert heard[0] == pytest.approx(1.0)
    assert np.sum(heard[1:] ** 2) == pytest.approx(0.25, rel=1e-6)
    early, late = acoustics.level(heard[320:800]), acoustics.level(heard[2720:3200])
    assert 20 * np.log10(early / late) == pytest.approx(60 * 0.15 / 0.3, abs=3)


def test_babble_is_no_voice_of_those_in_it():
    voices = [np.sin(np.arange(3000) * step) for step in (0.1, 0.2, 0.3)]
    murmur = acoustics.babble(random(), RATE_HZ, voices)
    assert len(murmur) == RATE_HZ
    assert all(np.corrcoef(murmur[:3000], voice)[0, 1] < 0.9 for voice in voices)
