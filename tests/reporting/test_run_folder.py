"""The folder of a run that did not come to its results."""

import pytest

from lab.reporting import run_folder


@pytest.mark.parametrize("files", [[], ["replay.json"]])
def test_a_folder_of_a_run_that_left_nothing_does_not_stay(tmp_path, monkeypatch, files):
    monkeypatch.chdir(tmp_path)
    with run_folder.chosen("replay", None) as folder:
        for name in files:
            (folder / name).touch()
    assert folder.exists() is bool(files)


def test_what_a_writer_that_was_killed_left_goes_when_the_folder_is_used_again(tmp_path):
    with run_folder.claimed(tmp_path / "run") as folder:
        (folder / "replay.json").touch()
    (folder / ".played.flac.0123abcd").touch()
    (folder / ".kept").touch()
    with run_folder.claimed(folder):
        assert {one.name for one in folder.iterdir()} == {"replay.json", ".kept", ".lab-run"}
        run_folder.forget(folder)
        assert not (folder / "replay.json").exists()
