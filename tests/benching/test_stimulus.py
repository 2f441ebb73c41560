from __future__ import annotations

import numpy as np
import pytest

from lab.benching import stimulus
from lab.errors import UsageError
from lab.model import Model
from tests.building import tiny_model


@pytest.fixture
def model(tmp_path):
    file = tmp_path / "tiny.tflite"
    file.write_bytes(tiny_model.tflite_bytes(tiny_model.classifier((1, 4, 5, 1))))
    return Model.read(file)


def saved(folder, array):
    np.save(folder / "given.npy", array)
    return folder / "given.npy"


def test_the_same_seed_gives_the_same_input_and_another_seed_another(model):
    first, again, other = (stimulus.arrays(model, (), seed)[0] for seed in (1, 1, 2))
    assert first.shape == (1, 4, 5, 1)
    assert first.dtype == np.int8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_file_is_taken_as_it_is(model, tmp_path):
    given = np.arange(20, dtype=np.int8).reshape(1, 4, 5, 1)
    (taken,) = stimulus.arrays(model, [saved(tmp_path, given)], 0)
    assert np.array_equal(taken.ravel(), given.ravel())


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros(20, np.float32), "holds float32[20]; the model takes int8[1, 4, 5, 1]"),
        (np.zeros(3, np.int8), "int8[3]"),
        (np.zeros((1, 1, 4, 5), np.int8), "holds int8[1, 1, 4, 5]; the model takes int8[1, 4, 5, 1]"),
    ],
    ids=["type", "size", "channels first"],
)
def test_a_file_that_does_not_fit_is_refused_with_what_would(model, tmp_path, array, said):
    with pytest.raises(UsageError) as refused:
        stimulus.arrays(model, [saved(tmp_path, array)], 0)
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no array", "it is not a .npy file"),
        (b"", "it is not a .npy file"),
        (None, "No such file or directory"),
    ],
    ids=["text", "empty", "missing"],
)
def test_a_file_that_is_no_array_is_refused(model, tmp_path, content, said):
    if content is not None:
        (tmp_path / "given.npy").write_bytes(content)
    with pytest.raises(UsageError, match=f"given.npy cannot be read as an array: {said}.$"):
        stimulus.arrays(model, [tmp_path / "given.npy"], 0)


def test_an_array_that_was_cut_short_is_refused(model, tmp_path):
    file = saved(tmp_path, np.zeros((1, 4, 5, 1), np.int8))
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(UsageError, match="cannot be read as an array"):
        stimulus.arrays(model, [file], 0)


def test_an_input_too_many_is_refused(model, tmp_path):
    file = saved(tmp_path, np.zeros((1, 4, 5, 1), np.int8))
    with pytest.raises(UsageError, match="has 1 inputs"):
        stimulus.arrays(model, [file, file], 0)
