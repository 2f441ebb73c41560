from __future__ import annotations

import pytest

from lab import workload
from lab.recordings import sounds, splits

HUMANS = [f"{number * 2654435761 % 2**32:08x}" for number in range(2000)]


@pytest.fixture
def keyword_spotting():
    return workload.load("keyword-spotting")


def _folder(root, speakers, word="yes"):
    (root / word).mkdir(parents=True)
    for speaker in speakers:
        for repetition in range(2):
            (root / word / f"{speaker}_nohash_{repetition}.flac").touch()
    return root


def test_no_speaker_is_both_trained_on_and_judged_with(tmp_path, keyword_spotting):
    rule = splits.of(keyword_spotting)
    folders = [_folder(tmp_path / "first", HUMANS[:60]), _folder(tmp_path / "second", HUMANS[30:90], "unheard")]
    read = [
        sounds.read(folders[0], keyword_spotting.labels),
        sounds.read(_with_a_label(folders[1]), keyword_spotting.labels),
    ]
    speakers = {part: {entry.speaker for entry in rule.select(read, part)} for part in ("train", "validation", "test")}
    assert all(speakers.values())
    assert not speakers["train"] & speakers["test"]
    assert not speakers["train"] & speakers["validation"]
    assert not speakers["validation"] & speakers["test"]
    assert set.union(*speakers.values()) == set(HUMANS[:90])


def _with_a_label(folder):
    (folder / "no").mkdir()
    (folder / "no" / f"{HUMANS[30]}_nohash_0.flac").touch()
    return folder


def test_the_shares_are_those_of_the_file(keyword_spotting):
    rule = splits.of(keyword_spotting)
    parts = [rule.part(speaker) for speaker in HUMANS]
    assert parts.count("test") / len(parts) == pytest.approx(rule.test, abs=0.03)
    assert parts.count("validation") / len(parts) == pytest.approx(rule.validation, abs=0.03)


def test_the_shipped_split_has_not_moved_since_the_shipped_model_was_trained(keyword_spotting):
    rule = splits.of(keyword_spotting)
    known = {"a7545b9f": "test", "a8cb6dda": "test", "4c6167ca": "train", "893705bb": "train", "e49428d9": "test"}
    assert {speaker: rule.part(speaker) for speaker in known} == known


def test_a_piece_of_silence_which_nobody_speaks_goes_by_its_name(tmp_path, keyword_spotting):
    (tmp_path / "_silence_").mkdir()
    for number in range(200):
        (tmp_path / "_silence_" / f"{number}.flac").touch()
    read = sounds.read(tmp_path, keyword_spotting.labels)
    rule = splits.of(keyword_spotting)
    parts = [list(rule.select([read], part)) for part in ("train", "validation", "test")]
    assert all(parts)
    assert sum(map(len, parts)) == 200


def test_synthetic_voices_are_never_counted_as_speakers(tmp_path, keyword_spotting):
    folder = _folder(tmp_path, HUMANS[:50])
    (folder / "made.json").write_text("{}")
    read = sounds.read(folder, keyword_spotting.labels)
    rule = splits.of(keyword_spotting)
    assert not list(rule.select([read], "train", "validation", "test"))
    assert len(list(rule.made([read]))) == 100


def test_held_out_are_the_recordings_of_test_speakers(tmp_path, keyword_spotting):
    read = sounds.read(_folder(tmp_path, ["a7545b9f", "4c6167ca"]), keyword_spotting.labels)
    kept = splits.held_out(keyword_spotting, read)
    assert [entry.name for entry in kept] == ["yes/a7545b9f_nohash_0.flac", "yes/a7545b9f_nohash_1.flac"]
