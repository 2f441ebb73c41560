from __future__ import annotations

import numpy as np
import pytest
import soxr

from lab import packages, workload
from lab.errors import DownloadError
from lab.recordings import sounds
from lab.training.speech import embedding as speech_embedding

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def embedding():
    pytest.importorskip("onnxruntime", reason="a teacher needs the extra `train`")
    return speech_embedding.load()


@pytest.fixture(scope="module")
def words():
    """Six voices of the shipped set for each of three words, int16 [words, voices, samples]."""
    chosen = workload.load("keyword-spotting")
    folder = chosen.folder / chosen.recordings.folder
    return np.stack(
        [
            [sounds.load(file, RATE_HZ, RATE_HZ).samples for file in sorted((folder / word).glob("*.flac"))[:6]]
            for word in ("yes", "left", "stop")
        ]
    )


def test_a_word_of_several_voices_is_nearer_to_itself_than_to_other_words(embedding, words):
    vectors = np.stack([embedding.of(voices, RATE_HZ).reshape(len(voices), -1) for voices in words]).astype(float)
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    alike = np.einsum("avi,bwi->abvw", vectors, vectors).mean(axis=(2, 3))
    assert (np.argmax(alike, axis=1) == np.arange(len(words))).all()


def test_a_second_gives_six_vectors_and_any_clip_at_least_one(embedding):
    assert embedding.of(np.zeros((2, RATE_HZ), np.int16), RATE_HZ).shape == (2, 6, 96)
    assert embedding.of(np.zeros((1, 100), np.int16), RATE_HZ).shape[1:] == (1, 96)


def test_a_clip_sounds_the_same_whatever_it_is_heard_with(embedding, words):
    quiet, loud = words[0, 0] // 50, np.full(RATE_HZ, 30_000, np.int16) * np.resize([1, -1], RATE_HZ).astype(np.int16)
    alone, together = embedding.of(quiet[None], RATE_HZ)[0], embedding.of(np.stack([quiet, loud]), RATE_HZ)[0]
    assert np.abs(alone.astype(float) - together.astype(float)).max() < 0.1


def test_another_sampling_rate_is_heard_alike(embedding, words):
    slower = np.rint(soxr.resample(words[0, 0].astype(float), RATE_HZ, 8_000)).astype(np.int16)
    there, here = (embedding.of(samples[None], rate) for samples, rate in ((slower, 8_000), (words[0, 0], RATE_HZ)))
    assert there.shape == here.shape
    assert np.corrcoef(there.ravel().astype(float), here.ravel().astype(float))[0, 1] > 0.9


@pytest.mark.produces("package-fetch")
def test_a_package_that_cannot_be_fetched_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PIP_RETRIES", "0")
    pytest.importorskip("onnxruntime", reason="a teacher needs the extra `train`")
    with pytest.raises(DownloadError, match=r"openwakeword==0\.4\.0 could not be fetched") as failed:
        speech_embedding.load()
    assert failed.value.code == "package-fetch"
    assert not [path for path in tmp_path.rglob("*") if path.suffix != ".lock" and path.is_file()]


@pytest.mark.produces("package-other")
def test_a_file_that_is_another_one_is_refused(tmp_path):
    with pytest.raises(DownloadError, match=r"METADATA of packaging==24\.2 is not the file") as refused:
        packages.from_wheel("packaging==24.2", {"packaging-24.2.dist-info/METADATA": "0" * 64}, tmp_path)
    assert refused.value.code == "package-other"
