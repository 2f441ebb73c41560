"""`lab run` from outside, as people and CI call it: what it says, what it leaves, and that it says the same again."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import soundfile

from tests.acceptance.bench import SCHEMA, Checkout, Process, Ran, start

SUITE = "robot_tests/keyword_spotting.robot"
OUTCOME = ("samples_crc", "features_crc", "scores", "decided", "instructions", "cycles", "time_ns", "cpu_load")
BIT_EXACT = "bit_exact = { at_least = 1.0 }\nmissed_deadlines = { at_most = 0 }\n"


@pytest.fixture(scope="module")
def project(checkout: Checkout) -> Iterator[Path]:
    """The project with limits that do not depend on how much its model has learnt."""
    with checkout.limited(BIT_EXACT):
        yield checkout.folder


def listening(folder: Path, project: Path, recordings: Path, name: str, *options: str) -> Process:
    arguments = ("run", "keyword-spotting", "--json", "--recordings", recordings, "--out", folder / name, *options)
    return start(*arguments, folder=folder, project=project)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, project: Path, words: Path) -> Ran:
    folder = tmp_path_factory.mktemp("first")
    return listening(folder, project, words, "run", "--jobs", "2").finish(folder / "run")


def test_with_json_standard_output_is_the_result_alone(first: Ran):
    jsonschema.validate(json.loads(first.out), SCHEMA)
    assert first.out == (first.folder / "result.json").read_text(encoding="utf-8")
    assert (first.code, first.result["verdict"], len(first.clips)) == (0, "passed", 12)
    assert "of 12, " in first.err
    assert {file.name for file in first.folder.iterdir()} >= {
        *("result.json", "log.html", "report.html", "output.xml", "device.log"),
        *("keyword-spotting.elf", "keyword-spotting.map"),
    }


def test_two_runs_at_once_with_another_number_of_workers_find_the_same(
    first: Ran, tmp_path: Path, project: Path, words: Path
):
    options = ("run", "keyword-spotting", "--recordings", words, "--jobs")
    both = [start(*options, jobs, folder=tmp_path, project=project) for jobs in (1, 2)]
    for process in both:
        ended = process.finish(tmp_path)
        assert ended.code == 0, ended.out
        assert process.alive() == []
    folders = [folder for folder in (tmp_path / "runs").iterdir() if not folder.is_symlink()]
    assert len(folders) == 2
    for folder in folders:
        again = replace(ended, folder=folder)
        assert again.clips == first.clips
        assert again.result["fingerprint"] == first.result["fingerprint"]


def test_plain_robot_finds_the_same(first: Ran, tmp_path: Path, project: Path, words: Path):
    options = ["--outputdir", str(tmp_path / "robot"), "--variable", f"RECORDINGS:{words}"]
    program = [sys.executable, "-m", "robot", *options, str(project / SUITE)]
    ran = Process(program, tmp_path, project).finish(tmp_path / "robot")
    assert ran.code == 0
    assert ran.result["fingerprint"] == first.result["fingerprint"]
    assert ran.run["checks"] == first.run["checks"]
    assert ran.run["metrics"] == first.run["metrics"]


def test_one_sample_of_one_recording_changes_the_fingerprint(first: Ran, tmp_path: Path, project: Path, words: Path):
    changed = shutil.copytree(words, tmp_path / "changed")
    clip = min((changed / "yes").iterdir())
    samples, rate_hz = soundfile.read(clip, dtype="int16")
    samples[9_000] ^= 1
    soundfile.write(clip, samples, rate_hz)
    ran = listening(tmp_path, project, changed, "run").finish(tmp_path / "run")
    assert ran.code == 0
    assert ran.result["fingerprint"] != first.result["fingerprint"]
    name = clip.relative_to(changed).as_posix()
    assert [new["clip"] for old, new in zip(first.clips, ran.clips, strict=True) if old != new] == [name]


def test_a_hundred_repeats_of_one_recording_are_identical(tmp_path: Path, project: Path, words: Path):
    clip = min((words / "yes").iterdir())
    (tmp_path / "repeats" / "yes").mkdir(parents=True)
    for number in range(100):
        shutil.copy(clip, tmp_path / "repeats" / "yes" / f"{number:03}.flac")
    ran = listening(tmp_path, project, tmp_path / "repeats", "run", "--jobs", "2").finish(tmp_path / "run")
    assert (ran.code, len(ran.clips)) == (0, 100)
    assert len({json.dumps([clip[name] for name in OUTCOME]) for clip in ran.clips}) == 1
