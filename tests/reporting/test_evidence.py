"""What a run's folder keeps of the recordings that failed or differ."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab import workload
from lab.errors import StorageError
from lab.outcomes.recording import Difference, Kept
from lab.recordings import reading
from lab.reporting import evidence
from tests import fake_workloads
from tests.fake_measuring import clip, measurement

ROOT = str(Path(__file__).parents[2])
WORDS, GESTURES = workload.load("keyword-spotting"), fake_workloads.gestures()
OFF_BY_ONE = Difference("features", "step 17, channel 3", 43, 42, 17 * 40 + 3)


def of_words(number, **changes):
    """The outcome of a second of noise, with the host's features of it, as measuring keeps them."""
    noise = np.random.default_rng(number)
    samples = noise.integers(-9000, 9000, 16_000, dtype=np.int16)
    features = noise.integers(-128, 127, (49, 40), dtype=np.int8, endpoint=True)
    return clip(number, **{"kept": Kept(WORDS.input.signal(samples), features), **changes})


def of_gestures(number, **changes):
    noise = np.random.default_rng(number)
    samples = noise.integers(-8192, 8191, (45, 3), dtype=np.int16, endpoint=True)
    features = noise.integers(-128, 127, (48, 3), dtype=np.int8, endpoint=True)
    kept = Kept(GESTURES.input.signal(samples), features)
    return clip(number, **{"label": "wing", "decided": "ring", "kept": kept, **changes})


def read(folder, index, label="wing"):
    return evidence.read(folder, index, label, ("x", "y", "z"), "g")


def test_what_was_played_and_its_features_are_kept_of_a_recording_that_failed(tmp_path):
    wrong = of_words(1, decided="off")
    assert evidence.write(measurement((of_words(0), wrong)), tmp_path) == 0
    kept = evidence.read(tmp_path, 1, wrong.label)
    assert kept is not None
    assert kept.sound == (tmp_path / "clips" / "1.flac").read_bytes()
    assert soundfile.info(tmp_path / "clips" / "1.flac").subtype == "PCM_16"
    assert (kept.rate_hz, kept.axes, kept.unit) == (16_000, ("sound",), "")
    assert np.array_equal(kept.values * 32_768, wrong.kept.signal.samples)
    assert np.array_equal(kept.features, wrong.kept.features)
    assert kept.features.dtype == np.int8


def test_a_movement_is_kept_as_a_table_with_axes_unit_and_times(tmp_path):
    wrong = of_gestures(0)
    evidence.write(measurement((wrong,)), tmp_path)
    lines = (tmp_path / "clips" / "wing.0.csv").read_text().splitlines()
    assert lines[0] == "time (s),x (g),y (g),z (g)"
    assert [line.split(",")[0] for line in lines[1:4]] == ["0", "0.04", "0.08"]
    kept = read(tmp_path, 0)
    assert kept is not None
    assert (kept.sound, kept.axes, kept.unit, round(kept.rate_hz, 6)) == (None, ("x", "y", "z"), "g", 25)
    assert np.array_equal(np.rint(kept.values * 2_048), wrong.kept.signal.samples)
    assert np.array_equal(kept.features, wrong.kept.features)


@pytest.mark.parametrize("of", [GESTURES, fake_workloads.activities(), fake_workloads.vibration()])
def test_tables_that_are_kept_can_be_played_again_and_are_the_same(tmp_path, of):
    frames = np.random.default_rng(5).integers(-8192, 8191, (of.input.content, 3), dtype=np.int16, endpoint=True)
    label, other = of.labels[:2]
    kept = Kept(of.input.signal(frames), None)
    evidence.write(measurement((clip(7, label=label, decided=other, kept=kept),)), tmp_path)
    (entry,) = reading.read(tmp_path / "clips", of.input, of.labels)
    played = reading.load(entry, of.input)
    assert (entry.label, entry.name, played.notes) == (label, f"{label}.0.csv", ())
    assert np.array_equal(played.samples[of.input.lead :], frames)


def test_a_label_makes_no_name_of_another_folder(tmp_path):
    label = "../../elsewhere"
    evidence.write(measurement((of_gestures(0, label=label),)), tmp_path)
    assert sorted(file.name for file in (tmp_path / "clips").iterdir()) == ["0.csv", "0.npy"]
    assert read(tmp_path, 0, label) is not None


def test_nothing_is_kept_of_a_recording_that_passed(tmp_path):
    assert evidence.write(measurement((of_words(0),)), tmp_path) == 0
    assert evidence.read(tmp_path, 0, "silence") is None
    assert not (tmp_path / "clips").exists()


def test_a_signal_without_features_is_shown_as_it_is(tmp_path):
    without = of_words(0, decided="off", kept=Kept(WORDS.input.signal(np.zeros(16_000, np.int16)), None))
    evidence.write(measurement((without,)), tmp_path)
    kept = evidence.read(tmp_path, 0, without.label)
    assert kept is not None
    assert kept.features is None


def test_those_that_differ_come_first_where_not_all_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(evidence, "MOST", 2)
    clips = (*(of_words(number, decided="off") for number in range(3)), of_words(3, difference=OFF_BY_ONE))
    assert evidence.write(measurement(clips), tmp_path) == 2
    assert [evidence.read(tmp_path, index, "") is not None for index in range(4)] == [True, False, False, True]


def test_what_measuring_has_not_kept_is_left_out(tmp_path):
    assert evidence.write(measurement((clip(0, decided="off"), of_words(1, decided="off"))), tmp_path) == 1
    assert [evidence.read(tmp_path, index, "") is not None for index in range(2)] == [False, True]


def test_evidence_of_an_earlier_run_in_the_same_folder_goes(tmp_path):
    evidence.write(measurement((of_words(0, decided="off"),)), tmp_path)
    evidence.write(measurement((of_words(0),)), tmp_path)
    assert evidence.read(tmp_path, 0, "silence") is None


def test_evidence_that_was_spoiled_later_is_none(tmp_path):
    evidence.write(measurement((of_words(0, decided="off"), of_words(1, decided="off"))), tmp_path)
    (tmp_path / "clips" / "0.flac").write_bytes(b"")
    (tmp_path / "clips" / "1.npy").write_bytes(b"")
    assert evidence.read(tmp_path, 0, "") is None
    assert evidence.read(tmp_path, 1, "") is None


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.reporting.test_evidence import write_on_full_disk
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
write_on_full_disk(Path({folder!r}))
"""


def write_on_full_disk(folder):
    try:
        evidence.write(measurement((of_words(0, decided="off"),)), folder)
    except StorageError as error:
        print(error.message)


def test_a_full_disk_is_said_and_leaves_nothing_half_written(tmp_path):
    folder = tmp_path / "run"
    folder.mkdir()
    script = FULL_DISK.format(root=ROOT, folder=str(folder))
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
def test_evidence_that_something_else_has_put_there_is_not_shown(tmp_path, spoil):
    evidence.write(measurement((of_words(0, decided="off"),)), tmp_path)
    assert evidence.read(tmp_path, 0, "silence") is not None
    spoil(tmp_path / "clips")
    assert evidence.read(tmp_path, 0, "silence") is None


@pytest.mark.parametrize(
    "table",
    [
        "",
        "time (s),x (g),y (g)\n0,1,2\n1,1,2\n",
        "time (s),x (g),y (g),z (g)\n0,1,2,3\n",
        "time (s),x (g),y (g),z (g)\n0,1,2,3\n0,1,2,3\n",
        "time (s),x (g),y (g),z (g)\n0,1,2,3\n1,1,2,nan\n",
        "x (g),y (g),z (g)\n1,2,3\n1,2,3\n",
    ],
    ids=["empty", "an axis less", "one frame", "time stands still", "no number", "no times"],
)
def test_a_table_that_something_else_has_put_there_is_not_shown(tmp_path, table):
    evidence.write(measurement((of_gestures(0),)), tmp_path)
    assert read(tmp_path, 0) is not None
    (tmp_path / "clips" / "wing.0.csv").write_text(table)
    assert read(tmp_path, 0) is None
