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
