from __future__ import annotations

from pathlib import Path

import pytest

from lab import workload
from lab.errors import ConfigurationError, RecordingError
from lab.recordings import sounds, splits
from lab.recordings.collection import Collection, Entry, Place
from lab.recordings.splits import person, time
from lab.recordings.splits.person import Named

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


def test_the_test_part_are_the_recordings_of_test_speakers(tmp_path, keyword_spotting):
    read = sounds.read(_folder(tmp_path, ["a7545b9f", "4c6167ca"]), keyword_spotting.labels)
    kept = list(splits.of(keyword_spotting).select([read], "test"))
    assert [entry.name for entry in kept] == ["yes/a7545b9f_nohash_0.flac", "yes/a7545b9f_nohash_1.flac"]


def _entries(count, label="walking", speaker="", first=0):
    return [
        Entry(Path("one.npz"), f"one/{label}/{number}", label, speaker, Place(f"{label}/{number}"))
        for number in range(first, first + count)
    ]


def _by_person(**named):
    settings = {"synthetic": "made.json", "test": 0.25, "validation": 0.15, "salt": "x", "named": Named(**named)}
    return person.Settings(**settings)


def _by_time(**given):
    return time.Settings(**({"synthetic": "made.json", "test": 0.25, "validation": 0.15} | given))


def _of(entries, folder=Path("nowhere")):
    return Collection(folder, tuple(entries))


def test_people_that_are_named_go_where_the_file_says_and_the_first_part_that_names_them_wins():
    rule = _by_person(test=("ann", "one/walking/[01]"), train=("ben", "*"))
    everybody = _of([*_entries(3, speaker="ben"), *_entries(1, speaker="ann", first=7), *_entries(1, first=8)])
    assert rule.parts(everybody) == ["test", "test", "train", "test", "train"]


def test_in_time_the_end_judges_and_a_gap_is_left_before_it():
    rule = _by_time(gap=2)
    parts = rule.parts(_of(_entries(40)))
    assert parts == ["train"] * 24 + [None] * 2 + ["validation"] * 4 + [None] * 2 + ["test"] * 8


def test_each_label_of_each_person_is_split_in_time_by_itself():
    rule = _by_time()
    mixed = [entry for pair in zip(_entries(20), _entries(20, "sitting"), strict=True) for entry in pair]
    parts = rule.parts(_of(mixed))
    assert parts[:2] == ["train", "train"]
    assert parts[-2:] == ["test", "test"]
    assert parts.count("test") == 10


def test_a_label_that_only_judges_is_all_test():
    parts = _by_time(judge_only=("anomaly",)).parts(_of([*_entries(10, "normal"), *_entries(10, "anomaly")]))
    assert parts[10:] == ["test"] * 10
    assert parts[:6] == ["train"] * 6


@pytest.mark.parametrize("speaker", ["ann", ""])
@pytest.mark.produces("one-person")
def test_one_person_or_nobody_that_is_named_cannot_be_split_by_person(speaker):
    with pytest.raises(RecordingError, match="cannot be split by person") as refused:
        _by_person().check([_of(_entries(5, speaker=speaker))])
    assert refused.value.code == "one-person"
    assert 'kind = "time"' in refused.value.remedy


def test_recordings_that_are_named_need_nobody_that_is_known():
    _by_person(test=("one/*",)).check_known([_of(_entries(5, speaker=""))])
    with pytest.raises(RecordingError, match="Nothing says who is recorded") as refused:
        _by_person().check_known([_of(_entries(5, speaker=""))])
    assert 'person = "(?P<person>' in refused.value.remedy


def test_two_people_can_be_split_by_person_and_synthetic_recordings_count_as_nobody(tmp_path):
    (tmp_path / "made.json").touch()
    _by_person().check([_of([*_entries(5, speaker="ann"), *_entries(5, speaker="ben")])])
    with pytest.raises(RecordingError):
        _by_person().check([_of(_entries(5, speaker="ann")), _of(_entries(5, speaker="rob"), tmp_path)])


@pytest.mark.produces("too-few-to-split")
def test_a_series_that_is_too_short_to_be_split_in_time_is_named():
    with pytest.raises(RecordingError, match="too few recordings of walking") as refused:
        _by_time(gap=2).check([_of(_entries(6))])
    assert refused.value.code == "too-few-to-split"


@pytest.mark.parametrize("name", ["gesture-recognition", "machine-vibration", "activity-recognition"])
def test_the_splits_that_ship_are_read(name):
    assert splits.of(workload.load(name)).synthetic == "made.toml"


def test_a_kind_of_split_that_there_is_not_is_named_with_its_line(tmp_path, keyword_spotting):
    text = (keyword_spotting.folder / splits.FILE).read_text()
    (tmp_path / splits.FILE).write_text(text.replace('kind = "person"', 'kind = "persn"'))
    said = r"split\.toml:8: kind: there is no kind 'persn'. Did you mean 'person'"
    with pytest.raises(ConfigurationError, match=said):
        splits.of(keyword_spotting.model_copy(update={"folder": tmp_path}))
