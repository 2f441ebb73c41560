"""What happens to one recording is that recording's, and what was heard before is kept."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from lab import executing, interrupts, workload
from lab.errors import DeviceFault, LabError
from lab.outcomes.recording import SkippedClip
from lab.recordings import sounds
from lab.verdict import judge
from lab.verdict.result import Result
from tests.fake_measuring import clip, measurement

LABELS = ("yes", "no")


@dataclass(frozen=True)
class Counting:
    """Hears numbers, and fails at one of them."""

    fails_at: int
    error: Exception

    def listener(self) -> Counting:
        return self

    def hear(self, number: int) -> int:
        if number == self.fails_at:
            raise self.error
        return number

    def close(self) -> None: ...


@dataclass(frozen=True)
class Swallowing(Counting):
    """As a library whose C code calls Python does: it takes the interrupt for an error of what it was building."""

    def hear(self, number: int) -> int:
        if number == self.fails_at:
            try:
                signal.raise_signal(signal.SIGINT)
            except KeyboardInterrupt:
                raise self.error from None
        return number


def play(setup: Counting, jobs: int) -> executing.Gathered[int]:
    with executing.processes(jobs) as executor:
        return executing.play(executor, setup, range(5), lambda *_: None)


def test_an_interrupt_that_a_library_makes_an_error_of_is_still_an_interrupt():
    with interrupts.raised():
        played = play(Swallowing(3, ValueError("cannot be built")), 1)
    assert played == executing.Gathered((0, 1, 2), None, interrupted=True)


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DeviceFault("jumped to 0x0"), "device-fault"),
        (ValueError("what nobody foresaw"), "internal"),
        pytest.param(MemoryError(), "out-of-memory", marks=pytest.mark.produces("out-of-memory")),
        (UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"), "internal"),
    ],
)
def test_what_was_heard_before_an_error_is_kept(jobs, error, code, tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path))
    played = play(Counting(3, error), jobs)
    assert played.outcomes == (0, 1, 2)
    assert isinstance(played.error, LabError)
    assert (played.error.code, played.interrupted) == (code, False)


def folder_with(tmp_path: Path, name: bytes) -> Path:
    """A folder of one word with an empty recording, and one of that name that is no sound."""
    folder = tmp_path / "recordings"
    (folder / "yes").mkdir(parents=True)
    (folder / "yes" / "empty.wav").touch()
    with open(os.path.join(os.fsencode(folder / "yes"), name), "wb") as file:  # noqa: PTH118, PTH123 - bytes
        file.write(b"no sound")
    return folder


@pytest.mark.parametrize("name", [b"caf\xe9.wav", b"\xff\xfe.flac", "ü.wav".encode(), b"new\nline.wav"])
def test_a_recording_of_any_name_that_cannot_be_read_is_skipped_in_the_result(tmp_path, name):
    folder = folder_with(tmp_path, name)
    words = workload.load("keyword-spotting")
    skipped = []
    for entry in sounds.read(folder, LABELS):
        with pytest.raises(LabError) as raised:
            sounds.load(entry.path, 16_000, 16_000)
        skipped.append(SkippedClip(entry.name, raised.value.message))
    result = judge.judge(words, measurement((clip(0),), skipped=tuple(skipped)))
    again = Result.model_validate_json(result.to_json())
    assert [one.reason for one in again.runs[0].skipped_recordings] == [one.reason for one in skipped]
    (check,) = (check for check in again.runs[0].checks if check.name == "skipped_recordings")
    assert (check.value, check.passed) == (2, False)


def test_a_library_that_fails_at_a_recording_is_that_recording_s_error(tmp_path, monkeypatch):
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("soxr: invalid state")

    monkeypatch.setattr(soxr, "resample", fail)
    folder = tmp_path / "yes"
    folder.mkdir()
    soundfile.write(folder / "tone.wav", np.zeros(44_100), 44_100)
    with pytest.raises(LabError, match=r"tone.wav cannot be read \(RuntimeError: soxr: invalid state\)"):
        sounds.load(folder / "tone.wav", 16_000, 16_000)
