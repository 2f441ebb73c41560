"""A stream is what its seed and the recordings make it, and its words are where it says that they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab import workload
from lab.composing import sound as composition
from lab.composing.settings import Settings
from lab.composing.stream import Stream
from lab.errors import RecordingError
from lab.recordings import sounds
from lab.recordings.collection import Collection
from lab.signals.input import Input
from lab.workload import Evaluation

RATE = 16_000
HEARD = Input(sensor="microphone", rate_hz=RATE, window_s=1.0)
LABELS = ("silence", "unknown", "yes", "no")
BACKGROUND = ("silence", "unknown")
SECOND = np.arange(RATE)


def word(hertz: int, begin: int = 4_000, end: int = 10_000) -> np.ndarray:
    """A tone in a second of faint noise."""
    tone = np.where((begin <= SECOND) & (end > SECOND), 8_000 * np.sin(2 * np.pi * hertz * SECOND / RATE), 0)
    return np.round(tone + 10 * np.sin(SECOND * SECOND)).astype(np.int16)


@pytest.fixture
def folder(tmp_path) -> Path:
    sounds = {
        "yes/a.flac": word(300),
        "yes/b.flac": word(400),
        "no/a.flac": word(500),
        "_unknown_/a.flac": word(600),
        "_silence_/a.flac": np.round(2_000 * np.sin(SECOND * SECOND)).astype(np.int16),
    }
    for name, samples in sounds.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        soundfile.write(tmp_path / name, samples, RATE)
    return tmp_path


def composed(folder: Path, **settings: object) -> Stream:
    evaluation = Evaluation(**{"minutes": 1, "seed": 7, "noise": ("silence",), **settings})
    return composition.compose(sounds.read(folder, LABELS), Settings(HEARD, BACKGROUND, evaluation, "word"))


def samples_of(stream: Stream) -> np.ndarray:
    return np.concatenate([part.samples for part in stream.parts()])


def words_of(stream: Stream) -> list:
    return [word for part in stream.parts() for word in part.events]


def level(samples: np.ndarray) -> float:
    """In dB of full scale."""
    return 20 * np.log10(np.sqrt(np.mean(np.square(samples.astype(float)))) / 32_768)


def test_a_seed_gives_the_same_bytes_and_another_seed_others(folder):
    first, again, other = composed(folder), composed(folder), composed(folder, seed=8)
    assert np.array_equal(samples_of(first), samples_of(again))
    assert words_of(first) == words_of(again)
    assert not np.array_equal(samples_of(first), samples_of(other))


def test_the_stream_that_ships_is_the_same_on_every_machine():
    """Golden: as first made on x86-64 (CPython 3.11, numpy 2.4), from the recordings of the checkout alone."""
    shipped = workload.load("keyword-spotting")
    recordings = sounds.read(shipped.folder / "recordings", shipped.labels)
    evaluation = shipped.streaming.evaluation.model_copy(update={"minutes": 0.5, "seed": 1})
    stream = composition.compose(recordings, Settings.of(shipped, evaluation))
    assert hashlib.sha256(samples_of(stream).tobytes()).hexdigest()[:16] == "7a152cbab9908133"


def test_a_longer_stream_begins_with_the_shorter_one(folder):
    shorter, longer = composed(folder, minutes=0.5), composed(folder, minutes=1.25)
    assert [part.samples.size / RATE for part in longer.parts()] == [30, 30, 15]
    assert np.array_equal(next(shorter.parts()).samples, next(longer.parts()).samples)
    assert next(shorter.parts()).events == next(longer.parts()).events


def test_words_are_heard_where_the_stream_says_and_at_the_level_it_was_asked_for(folder):
    stream = composed(folder, level_db=(-24, -20), quiet_share=1)
    sound = samples_of(stream)
    assert len(words_of(stream)) > 10
    silent = np.ones(sound.size, bool)
    for one in words_of(stream):
        begin, end = round(one.start_s * RATE), round(one.end_s * RATE)
        assert end - begin == pytest.approx(6_000, abs=700)
        assert -24.6 < level(sound[begin:end]) < -19.4
        silent[begin - 1_600 : end + 1_600] = False
    assert not sound[silent].any()


def test_noise_lies_as_far_below_the_words_as_was_asked_for(folder):
    stream = composed(folder, level_db=(-20, -20), snr_db=(20, 20), quiet_share=0)
    sound = samples_of(stream)
    assert {one.snr_db for one in words_of(stream)} == {20.0}
    assert level(sound[RATE : 2 * RATE - 1_600]) == pytest.approx(-40, abs=1)


def test_gaps_shares_and_spans_are_as_was_asked_for(folder):
    stream = composed(folder, minutes=5, gap_s=(1.0, 2.0), unknown_share=0.5)
    words = words_of(stream)
    for part in stream.parts():
        gaps = [after.start_s - before.end_s for before, after in zip(part.events, part.events[1:], strict=False)]
        assert all(0.999 <= gap <= 2.001 for gap in gaps)
        assert part.events[0].start_s - part.start_s == 2.0
        assert part.events[-1].end_s <= part.start_s + 30 - 1.5
    unknown = sum(one.label == "unknown" for one in words)
    assert 0.4 < unknown / len(words) < 0.6
    assert abs(sum(one.label == "yes" for one in words) - sum(one.label == "no" for one in words)) <= 1


def test_a_folder_without_silence_makes_a_stream_without_noise(folder):
    (folder / "_silence_" / "a.flac").unlink()
    assert {one.snr_db for one in words_of(composed(folder, quiet_share=0))} == {None}


def test_a_recording_that_cannot_be_read_is_left_out_with_its_reason(folder):
    (folder / "yes" / "b.flac").write_bytes(b"no sound")
    stream = composed(folder)
    assert len(list(stream.parts())) == len(stream)
    assert [name for name, _ in stream.skipped] == ["yes/b.flac"]
    assert {one.clip for one in words_of(stream)} == {"yes/a.flac", "no/a.flac", "_unknown_/a.flac"}


@pytest.mark.produces("stream-empty")
def test_recordings_of_which_none_can_be_read_make_no_stream(folder):
    for file in folder.glob("[yn]*/*.flac"):
        file.write_bytes(b"no sound")
    with pytest.raises(RecordingError) as raised:
        next(composed(folder, unknown_share=0).parts())
    assert "yes/a.flac" in raised.value.details


def test_a_collection_of_nothing_makes_no_stream(tmp_path):
    with pytest.raises(RecordingError):
        next(composition.compose(Collection(tmp_path, ()), Settings(HEARD, BACKGROUND, Evaluation(), "word")).parts())
