"""What a run's folder keeps of the recordings that failed or differ."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab import workload
from lab.building import host_features
from lab.errors import StorageError
from lab.outcomes.recording import Difference
from lab.recordings import sounds
from lab.reporting import evidence
from tests.fake_measuring import clip, measurement

ROOT = str(Path(__file__).parents[2])
WORDS = workload.load("keyword-spotting")
OFF_BY_ONE = Difference("features", "step 17, channel 3", 43, 42)


@pytest.fixture
def heard(tmp_path):
    """Makes the outcome of a recording that lies on the disk: half a second of noise at 44.1 kHz in two channels."""

    def make(number, **changes):
        path = tmp_path / f"recording-{number}.wav"
        noise = np.random.default_rng(number).integers(-9000, 9000, (22_050, 2), dtype=np.int16)
        soundfile.write(path, noise, 44_100)
        samples = sounds.load(path, 16_000, 16_000).samples
        return clip(number, path=path, stimulus=hashlib.sha256(samples.tobytes()).hexdigest(), **changes)

    return make


def test_what_was_played_and_its_features_are_kept_of_a_recording_that_failed(heard, tmp_path):
    wrong = heard(1, decided="off")
    assert evidence.write(measurement((heard(0), wrong)), WORDS, tmp_path) == 0
    kept = evidence.read(tmp_path, 1)
    assert kept is not None
    assert kept.sound == (tmp_path / "clips" / "1.flac").read_bytes()
    assert soundfile.info(tmp_path / "clips" / "1.flac").subtype == "PCM_16"
    assert kept.rate_hz == 16_000
    played = sounds.load(wrong.path, 16_000, 16_000).samples
    assert np.array_equal(kept.samples, played)
    assert np.array_equal(kept.features, host_features.of(played, WORDS.features, WORDS.input))
    assert (kept.samples.dtype, kept.features.dtype, kept.features.shape) == (np.int16, np.int8, (49, 40))


def test_nothing_is_kept_of_a_recording_that_passed(heard, tmp_path):
    assert evidence.write(measurement((heard(0),)), WORDS, tmp_path) == 0
    assert evidence.read(tmp_path, 0) is None
    assert not (tmp_path / "clips").exists()


def test_those_that_differ_come_first_where_not_all_are_kept(heard, tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "MOST", 2)
    clips = (heard(0, decided="off"), heard(1, decided="off"), heard(2, decided="off"), heard(3, difference=OFF_BY_ONE))
    assert evidence.write(measurement(clips), WORDS, tmp_path) == 2
    assert [evidence.read(tmp_path, index) is not None for index in range(4)] == [True, False, False, True]


def test_a_recording_that_vanished_or_changed_is_without_evidence(heard, tmp_path):
    vanished, changed, there = (heard(number, decided="off") for number in range(3))
    vanished.path.unlink()
    soundfile.write(changed.path, np.zeros(16_000, np.int16), 16_000)
    assert evidence.write(measurement((vanished, changed, there)), WORDS, tmp_path) == 2
    assert [evidence.read(tmp_path, index) is not None for index in range(3)] == [False, False, True]


def test_evidence_of_an_earlier_run_in_the_same_folder_goes(heard, tmp_path):
    evidence.write(measurement((heard(0, decided="off"),)), WORDS, tmp_path)
    evidence.write(measurement((heard(0),)), WORDS, tmp_path)
    assert evidence.read(tmp_path, 0) is None


def test_evidence_that_was_spoiled_later_is_none(heard, tmp_path):
    evidence.write(measurement((heard(0, decided="off"), heard(1, decided="off"))), WORDS, tmp_path)
    (tmp_path / "clips" / "0.flac").write_bytes(b"")
    (tmp_path / "clips" / "1.npy").write_bytes(b"")
    assert evidence.read(tmp_path, 0) is None
    assert evidence.read(tmp_path, 1) is None


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.reporting.test_evidence import write_on_full_disk
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
write_on_full_disk(Path({file!r}), Path({folder!r}))
"""


def write_on_full_disk(path, folder):
    samples = sounds.load(path, 16_000, 16_000).samples
    wrong = clip(0, path=path, decided="off", stimulus=hashlib.sha256(samples.tobytes()).hexdigest())
    try:
        evidence.write(measurement((wrong,)), WORDS, folder)
    except StorageError as error:
        print(error.message)


def test_a_full_disk_is_said_and_leaves_nothing_half_written(heard, tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    host_features.library(WORDS.features, WORDS.input)  # or compiling it would meet the limit
    script = FULL_DISK.format(root=ROOT, file=str(heard(0).path), folder=str(folder))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "No space left on device" in done.stdout
    assert list(folder.iterdir()) == []


def hours(folder: Path) -> None:
    """A FLAC of a few kilobytes that has hours of silence."""
    soundfile.write(folder / "0.flac", np.zeros(50_000_000, np.int16), 16_000)
    assert (folder / "0.flac").stat().st_size < 2**20


def stereo(folder: Path) -> None:
    soundfile.write(folder / "0.flac", np.zeros((16_000, 2), np.int16), 16_000)


def zeros(folder: Path) -> None:
    (folder / "0.flac").unlink()
    (folder / "0.flac").symlink_to("/dev/zero")


def array(*shape: int, dtype: str = "int8") -> Callable[[Path], None]:
    return lambda folder: np.save(folder / "0.npy", np.zeros(shape, dtype))


@pytest.mark.parametrize(
    "spoil",
    [
        hours,
        stereo,
        zeros,
        array(49),
        array(49, 40, 1),
        array(0, 40),
        array(49, 40, dtype="float32"),
        array(10_000, 40),
    ],
)
def test_evidence_that_something_else_has_put_there_is_not_shown(heard, tmp_path, spoil):
    evidence.write(measurement((heard(0, decided="off"),)), WORDS, tmp_path)
    assert evidence.read(tmp_path, 0) is not None
    spoil(tmp_path / "clips")
    assert evidence.read(tmp_path, 0) is None
