from __future__ import annotations

import shutil

import pytest

from lab.errors import ToolMissing, UnknownName
from lab.recordings import kokoro


@pytest.fixture(autouse=True)
def _needed():
    pytest.importorskip("onnxruntime", reason="Kokoro needs the extra `train`")
    for program in ("npm", "espeak-ng"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not installed")


def test_two_voices_mixed_are_a_third_and_each_says_the_same_every_time():
    alone, mixed, again = (kokoro.speak(voice, "left", 1.0) for voice in ("af_sky", "af_sky+am_puck", "af_sky+am_puck"))
    assert (mixed == again).all()
    assert len(mixed) != len(alone) or (mixed != alone).any()


def test_a_word_takes_less_time_the_faster_it_is_said():
    slow, fast = (len(kokoro.speak("bm_george", "yes", tempo)) for tempo in (0.8, 1.25))
    assert kokoro.RATE_HZ * 0.2 < fast < 0.8 * slow


def test_there_are_voices_of_women_and_men_in_two_accents_of_english():
    assert {name[:2] for name in kokoro.names()} >= {"af", "am", "bf", "bm"}


def test_a_voice_that_does_not_exist_is_named_with_the_nearest():
    with pytest.raises(UnknownName, match=r"'af_skye'\. Did you mean 'af_sky'"):
        kokoro.speak("af_skye", "left", 1.0)


def test_without_espeak_the_package_is_named(monkeypatch):
    kokoro.names()
    kokoro._phonemes.cache_clear()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolMissing, match="espeak-ng") as missing:
        kokoro.speak("af_sky", "left", 1.0)
    assert "apt-get install espeak-ng" in missing.value.remedy
