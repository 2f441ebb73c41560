"""Recordings asked for by name, before anything is built."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab import target, workload
from lab.errors import RecordingError, UnknownName
from lab.measuring import Request, built, measure
from lab.measuring.chosen import recordings


@pytest.fixture
def request_(tmp_path) -> Request:
    for name in ("yes/1.wav", "yes/2.wav", "no/1.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return Request(workload.load("keyword-spotting"), target.load("nano33ble"), recordings=tmp_path, jobs=1)


def chosen(request: Request, *clips: str):
    return recordings(replace(request, clips=clips), lambda _stage: None)


def test_only_the_recordings_asked_for_are_played_and_the_run_says_so(request_):
    found = chosen(request_, "yes/2.wav", "no/1.wav")
    assert [entry.name for entry in found] == ["no/1.wav", "yes/2.wav"]
    assert found.notes == ("Only 2 of 3 recordings were played",)


def test_without_names_all_are_played(request_):
    assert len(chosen(request_)) == 3
    assert chosen(request_).notes == ()


def test_a_shipped_recording_is_found_by_the_name_that_results_show(request_):
    shipped = replace(request_, recordings=None)
    name = next(iter(chosen(shipped))).name
    assert [entry.path.is_file() for entry in chosen(shipped, name)] == [True]


def test_a_recording_that_is_not_there_is_named_with_the_nearest(request_, monkeypatch):
    monkeypatch.setattr(built, "subject", lambda *_arguments, **_options: pytest.fail("built"))
    with pytest.raises(UnknownName, match=r"no recording named 'yes/3.wav'. Did you mean 'yes/\d.wav'\?") as refused:
        measure(replace(request_, clips=("yes/1.wav", "yes/3.wav")))
    assert refused.value.remedy == "3 are known: clips.csv of a run names them, such as no/1.wav."


@pytest.fixture
def of_people(request_, tmp_path):
    """Recordings of a speaker whom the split keeps for the test, and of one who trains."""
    for name in ("yes/a7545b9f_nohash_0.wav", "no/4c6167ca_nohash_0.wav"):
        (tmp_path / "people" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "people" / name).touch()
    return replace(request_, recordings=tmp_path / "people")


@pytest.mark.parametrize(
    ("part", "played"), [("test", "yes/a7545b9f_nohash_0.wav"), ("train", "no/4c6167ca_nohash_0.wav")]
)
def test_of_a_part_of_the_split_only_its_recordings_are_played_and_the_run_says_so(of_people, part, played):
    found = chosen(replace(of_people, part=part))
    assert [entry.name for entry in found] == [played]
    assert found.notes == (f"Only the 1 of 2 recordings in the part {part} of the split were taken",)


@pytest.mark.produces("part-empty")
def test_a_part_without_recordings_is_said_with_the_file_that_splits(of_people, tmp_path):
    (tmp_path / "people" / "made.json").touch()
    with pytest.raises(
        RecordingError, match=r"None of the 2 recordings is in the part test of .*split\.toml"
    ) as refused:
        chosen(replace(of_people, part="test"))
    assert refused.value.code == "part-empty"
