from __future__ import annotations

import numpy as np
import pytest

from lab import target, workload
from lab.building import host_features
from lab.cli import main
from lab.measuring import Request, chosen
from lab.recordings import reading
from lab.training import features_file


@pytest.fixture
def keyword_spotting():
    return workload.load("keyword-spotting")


def test_features_of_recordings_are_the_devices(keyword_spotting, tmp_path):
    assert main(["features", "keyword-spotting", "--out", str(tmp_path / "x.npz")]) == 0
    found = chosen.recordings(Request(keyword_spotting, target.load("nano33ble")), lambda _text: None)
    with np.load(tmp_path / "x.npz") as file:
        assert file["features"].shape == (len(found), 49, 40)
        assert file["features"].dtype == np.int8
        assert list(file["name"]) == [entry.name for entry in found]
        assert [file["label_names"][index] for index in file["label"]] == [entry.label for entry in found]
        assert (float(file["scale"]), int(file["zero_point"])) == (1 / 64, -64)
        entry = found.entries[7]
        samples = reading.load(entry, keyword_spotting.input).samples
        expected = host_features.of(samples, keyword_spotting.features, keyword_spotting.input)
        assert np.array_equal(file["features"][7], expected)


def test_values_at_the_ends_of_int8_are_told_where_they_are_more_than_few():
    values = np.zeros((10, 10, 10), np.int8)
    assert features_file.at_ends(values) == ""
    values[0, 0, 0] = 127
    values[1, :2] = -128
    assert features_file.at_ends(values).startswith("Of the values 2.0 % are -128 and 0.1 % are 127, where int8 ends")


def test_the_same_recordings_give_the_same_bytes(tmp_path):
    for name in ("a.npz", "b.npz"):
        assert main(["features", "gesture-recognition", "--out", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_a_folder_that_is_not_there_is_refused_and_nothing_written(tmp_path, capsys):
    words = ["features", "keyword-spotting", "--recordings", str(tmp_path / "no"), "--out", str(tmp_path / "x.npz")]
    assert main(words) == 2
    assert "There is no folder" in capsys.readouterr().err
    assert not (tmp_path / "x.npz").exists()
