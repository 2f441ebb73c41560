from __future__ import annotations

import os
from pathlib import Path

import pytest

from lab.errors import RecordingError
from lab.recordings import sounds
from lab.recordings.tflm_clips import SPEAKERS, crate_recordings

LABELS = ("silence", "unknown", "yes", "no")


def folder(root: Path, *names: str) -> Path:
    """Files that are never opened: a collection reads names only."""
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return root


def test_folders_become_labels_and_names_speakers(tmp_path):
    folder(
        tmp_path,
        "yes/0c540988_nohash_1.wav",
        "no/0c540988_nohash_0.FLAC",
        "_silence_/1037.flac",
        "_unknown_/backward_0cb74144_nohash_2.flac",
    )
    found = sounds.read(tmp_path, LABELS)
    assert [(entry.name, entry.label, entry.speaker) for entry in found] == [
        ("_silence_/1037.flac", "silence", ""),
        ("_unknown_/backward_0cb74144_nohash_2.flac", "unknown", "0cb74144"),
        ("no/0c540988_nohash_0.FLAC", "no", "0c540988"),
        ("yes/0c540988_nohash_1.wav", "yes", "0c540988"),
    ]
    assert found.notes == ()
    assert all(entry.path == tmp_path / entry.name for entry in found)


def test_the_order_does_not_depend_on_the_disk(tmp_path):
    forwards = folder(tmp_path / "a", *(f"yes/{n}.wav" for n in range(30)), "no/1.wav")
    backwards = folder(tmp_path / "b", "no/1.wav", *(f"yes/{n}.wav" for n in reversed(range(30))))
    names = [entry.name for entry in sounds.read(forwards, LABELS)]
    assert names == sorted(names) == [entry.name for entry in sounds.read(backwards, LABELS)]


def test_other_words_count_as_unknown_and_that_is_said(tmp_path):
    found = sounds.read(folder(tmp_path, "yes/a.wav", "bed/b.wav", "cat/c.wav"), LABELS)
    assert {entry.name: entry.label for entry in found} == {
        "yes/a.wav": "yes",
        "bed/b.wav": "unknown",
        "cat/c.wav": "unknown",
    }
    assert found.notes == ("counted as unknown: 2 other words (bed, cat)",)


def test_without_a_label_for_them_other_words_are_left_out_and_that_is_said(tmp_path):
    found = sounds.read(folder(tmp_path, "yes/a.wav", "bed/b.wav", "_silence_/c.wav"), ("yes", "no"))
    assert [entry.name for entry in found] == ["yes/a.wav"]
    assert found.notes == ("left out: 2 other words (_silence_, bed)",)


def test_background_noise_is_left_out_and_that_is_said(tmp_path):
    found = sounds.read(folder(tmp_path, "yes/a.wav", "_background_noise_/running_tap.wav"), LABELS)
    assert [entry.name for entry in found] == ["yes/a.wav"]
    assert found.notes == ("left out: _background_noise_, which is for mixing in when training",)


def test_what_is_hidden_or_litter_is_not_looked_at(tmp_path):
    names = ["README.md", "LICENSE", "yes/a.wav", "yes/._a.wav", ".git/yes.wav", "yes/.DS_Store", "yes/Thumbs.db"]
    found = sounds.read(folder(tmp_path, *names), LABELS)
    assert [entry.name for entry in found] == ["yes/a.wav"]
    assert found.notes == ()


def test_every_sound_file_is_found_whatever_its_form_or_depth(tmp_path):
    names = ["yes/1.m4a", "yes/2.mp3", "yes/3.ogg", "yes/4.AIFF", "yes/5.wave", "yes/6.opus", "yes/session/7.wav"]
    assert [entry.name for entry in sounds.read(folder(tmp_path, *names), LABELS)] == names


def test_files_that_are_left_out_are_named(tmp_path):
    names = ["yes/a.wav", "yes/notes.txt", "no/session/list.csv", "a.wav"]
    assert sounds.read(folder(tmp_path, *names), LABELS).notes == (
        "left out: 1 recording in no label's folder (a.wav)",
        "left out: 2 files of another kind (no/session/list.csv, yes/notes.txt)",
    )


def test_links_that_lead_in_a_circle_end(tmp_path):
    folder(tmp_path, "yes/a.wav")
    (tmp_path / "no").symlink_to("no")
    (tmp_path / "yes" / "again").symlink_to(tmp_path / "yes", target_is_directory=True)
    found = sounds.read(tmp_path, LABELS)
    assert [entry.name for entry in found] == ["yes/a.wav"]
    assert found.notes == ("left out: 1 file of another kind (yes/again)",)


@pytest.mark.produces("label-misspelt")
@pytest.mark.parametrize("name", ["Yes", "YES", "yes ", "\uff59es"])
def test_a_folder_that_only_looks_like_a_label_is_refused(tmp_path, name):
    with pytest.raises(RecordingError, match=f"{name} is not named exactly as the label 'yes'"):
        sounds.read(folder(tmp_path, f"{name}/a.wav", "no/b.wav"), LABELS)


@pytest.mark.produces("label-inside-label")
def test_a_label_inside_the_folder_of_another_is_refused(tmp_path):
    with pytest.raises(RecordingError, match=r"yes/no is inside the folder of another label, .*yes\."):
        sounds.read(folder(tmp_path, "yes/a.wav", "yes/no/b.wav"), LABELS)


def test_a_name_that_is_not_utf_8_has_one_that_can_be_shown(tmp_path):
    folder(tmp_path, "yes/a.wav")
    (tmp_path / "yes" / os.fsdecode(b"z\xff.wav")).touch()
    (tmp_path / os.fsdecode(b"w\xff")).mkdir()
    (tmp_path / os.fsdecode(b"w\xff") / "b.wav").touch()
    found = sounds.read(tmp_path, LABELS)
    assert [entry.name for entry in found] == ["w\\xff/b.wav", "yes/a.wav", "yes/z\\xff.wav"]
    assert found.notes == ("counted as unknown: 1 other words (w\\xff)",)


def test_a_missing_folder_gets_a_suggestion(tmp_path):
    folder(tmp_path / "speech-commands", "yes/a.wav")
    with pytest.raises(RecordingError, match=r"There is no folder .*comands\. Did you mean .*speech-commands\?"):
        sounds.read(tmp_path / "speech-comands", LABELS)


@pytest.mark.parametrize(
    ("names", "asked", "said"),
    [
        ([], ".", "holds no recordings in folders"),
        (["yes/notes.txt"], ".", "holds no recordings in folders"),
        (["yess/a.wav", "nope/a.wav"], ".", r"folders named nope \(no\?\), yess \(yes\?\)"),
        (["set/yes/a.wav"], ".", r"Did you mean .*/set\?"),
        (["yes/a.wav"], "yes", "folder of one label: did you mean"),
        (["yes.wav"], "yes.wav", "is a file"),
    ],
)
def test_a_folder_without_a_label_is_refused_with_what_may_have_been_meant(tmp_path, names, asked, said):
    folder(tmp_path, *names)
    with pytest.raises(RecordingError, match=said) as refused:
        sounds.read(tmp_path / asked, LABELS)
    assert refused.value.exit_code == 2
    assert "a folder for each label" in refused.value.remedy


def crate(root: Path) -> Path:
    folder(root, "examples/models/yes_1000ms_sample.data", "examples/models/no_1000ms_sample.data")
    (root / "submodules/tensorflow").mkdir(parents=True)
    return root / "submodules/tensorflow"


def upstream(root: Path) -> Path:
    testdata = "tensorflow/lite/micro/examples/micro_speech/testdata"
    return folder(root, *(f"{testdata}/{name}_1000ms.wav" for name in ("yes", "no", "noise", "silence")))


def of_2020(root: Path) -> Path:
    example = "tensorflow/lite/micro/examples/micro_speech"
    return folder(
        root, *(f"{example}/{word}_1000ms_sample_data.{end}" for word in ("yes", "no") for end in ("cc", "h"))
    )


@pytest.mark.parametrize(("tree", "form"), [(crate, ".data"), (upstream, ".wav"), (of_2020, ".cc")])
def test_the_two_human_clips_are_found_in_whatever_form_tflm_has_them(tmp_path, tree, form):
    found = crate_recordings(tree(tmp_path), LABELS)
    assert [(entry.label, entry.speaker, entry.path.suffix) for entry in found] == [
        ("no", SPEAKERS["no"], form),
        ("yes", SPEAKERS["yes"], form),
    ]


def test_clips_that_a_tree_lacks_or_no_label_wants_are_not_played(tmp_path):
    assert crate_recordings(tmp_path, LABELS) == []
    assert [entry.label for entry in crate_recordings(crate(tmp_path), ("yes", "up"))] == ["yes"]
