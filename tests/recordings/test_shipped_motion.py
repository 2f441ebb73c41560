"""The recordings of motion that ship: made by a script, small, and of every label."""

from __future__ import annotations

import pytest

from lab import workload
from lab.recordings import reading
from tests.recordings import generators


@pytest.fixture(params=generators.with_motion())
def name(request):
    return request.param


def _shipped(name):
    return generators.MODELS / name / "recordings"


def test_the_script_makes_the_files_that_ship_byte_for_byte(name, tmp_path):
    script = generators.script(name)
    script.write(tmp_path, **script.SHIPPED)
    made = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    there = {file.name: file.read_bytes() for file in _shipped(name).iterdir() if file.name != "README.md"}
    assert made.keys() == there.keys()
    assert [file for file in made if made[file] != there[file]] == []


def test_another_seed_makes_other_recordings(name, tmp_path):
    script = generators.script(name)
    script.write(tmp_path, **(script.SHIPPED | {"seed": 99}))
    archives = list(_shipped(name).glob("*.npz"))
    assert all((tmp_path / file.name).read_bytes() != file.read_bytes() for file in archives)


def test_every_label_is_there_ten_times_and_nothing_is_converted_clipped_or_left_out(name):
    chosen = workload.load(name)
    found = reading.read(_shipped(name), chosen.input, chosen.labels, chosen.recordings.names)
    assert [note for note in found.notes if "counted as unknown" not in note] == []
    assert min(sum(entry.label == label for entry in found) for label in chosen.labels) >= 10
    notes = {note for entry in found for note in reading.load(entry, chosen.input).notes}
    assert notes <= {"padded by holding the last frame"}


def test_they_are_small(name):
    assert sum(file.stat().st_size for file in _shipped(name).iterdir()) < 250_000
