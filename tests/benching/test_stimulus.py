from __future__ import annotations

import numpy as np
import pytest
import tflite

from lab.benching.stimulus import stimulus
from lab.errors import UsageError
from lab.model import Model
from tests.building import tiny_model
from tests.building.tiny_model import Operator, Tensor


@pytest.fixture
def model(tmp_path):
    file = tmp_path / "tiny.tflite"
    file.write_bytes(tiny_model.tflite_bytes(tiny_model.classifier((1, 4, 5, 1))))
    return Model.read(file)


SOFTMAX_OF_IT = Operator(tiny_model.SOFTMAX, (0,), (1,), 2, {"Beta": 1.0})


def adding():
    """Two inputs, `a` and `b`."""
    tensors = [Tensor((1, 4), name="a"), Tensor((1, 4), name="b"), Tensor((1, 4))]
    return tiny_model.Graph(tensors, [Operator(tiny_model.ADD, (0, 1), (2,), 1)], inputs=[0, 1], outputs=[2])


def read(folder, graph):
    (folder / "model.tflite").write_bytes(tiny_model.tflite_bytes(graph))
    return Model.read(folder / "model.tflite")


def written(folder, text):
    (folder / "labels.txt").write_text(text, encoding="utf-8")
    return folder / "labels.txt"


def packed(folder, **arrays):
    np.savez(folder / "given.npz", **arrays)
    return folder / "given.npz"


def saved(folder, array):
    np.save(folder / "given.npy", array)
    return folder / "given.npy"


def test_the_same_seed_gives_the_same_input_and_another_seed_another(model):
    first, again, other = (stimulus(model, seed=seed).steps[0][0] for seed in (1, 1, 2))
    assert first.shape == (1, 4, 5, 1)
    assert first.dtype == np.int8
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_file_is_taken_as_it_is(model, tmp_path):
    given = np.arange(20, dtype=np.int8).reshape(1, 4, 5, 1)
    ((taken,),) = stimulus(model, [saved(tmp_path, given)]).steps
    assert np.array_equal(taken.ravel(), given.ravel())


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros(20, np.float32), "holds float32[20]; the model takes int8[1, 4, 5, 1]"),
        (np.zeros(3, np.int8), "int8[3]"),
        (np.zeros((1, 1, 4, 5), np.int8), "holds int8[1, 1, 4, 5]; the model takes int8[1, 4, 5, 1]"),
        (np.zeros((0, 4, 5, 1), np.int8), "holds int8[0, 4, 5, 1]"),
        (np.zeros((3, 1, 1, 4, 5), np.int8), "holds int8[3, 1, 1, 4, 5]"),
    ],
    ids=["type", "size", "channels first", "no item", "items with channels first"],
)
def test_a_file_that_does_not_fit_is_refused_with_what_would(model, tmp_path, array, said):
    with pytest.raises(UsageError) as refused:
        stimulus(model, [saved(tmp_path, array)])
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
        stimulus(model, [tmp_path / "given.npy"])


def test_an_array_that_was_cut_short_is_refused(model, tmp_path):
    file = saved(tmp_path, np.zeros((1, 4, 5, 1), np.int8))
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(UsageError, match="cannot be read as an array"):
        stimulus(model, [file])


def test_an_input_too_many_is_refused(model, tmp_path):
    file = saved(tmp_path, np.zeros((1, 4, 5, 1), np.int8))
    with pytest.raises(UsageError, match=r"has as inputs int8\[1, 4, 5, 1\]; given: 2\."):
        stimulus(model, [file, file])


@pytest.mark.parametrize("shape", [(3, 4, 5, 1), (3, 1, 4, 5, 1)], ids=["along the first axis", "along one more"])
def test_a_batch_is_given_item_by_item(model, tmp_path, shape):
    given = np.arange(60, dtype=np.int8).reshape(shape)
    steps = stimulus(model, [saved(tmp_path, given)]).steps
    assert [array.shape for (array,) in steps] == [(1, 4, 5, 1)] * 3
    assert np.array_equal(np.concatenate([array.ravel() for (array,) in steps]), given.ravel())


def test_a_tensor_whose_first_axis_is_not_one_takes_items_along_one_more_alone(tmp_path):
    pair = read(tmp_path, tiny_model.Graph([Tensor((2, 4)), Tensor((2, 4))], [SOFTMAX_OF_IT], outputs=[1]))
    assert len(stimulus(pair, [saved(tmp_path, np.zeros((3, 2, 4), np.int8))]).steps) == 3
    with pytest.raises(UsageError, match=r"holds int8\[3, 4\]"):
        stimulus(pair, [saved(tmp_path, np.zeros((3, 4), np.int8))])


def test_repeating_goes_through_the_items_in_turn(model, tmp_path):
    given = np.arange(40, dtype=np.int8).reshape(2, 4, 5, 1)
    made = stimulus(model, [saved(tmp_path, given)], repeat=2, labels=written(tmp_path, "3\n0\n"))
    assert [array.ravel()[0] for (array,) in made.steps] == [0, 20, 0, 20]
    assert made.labels == (3, 0, 3, 0)


def test_an_archive_names_its_arrays_after_the_tensors_or_by_number(tmp_path):
    both = read(tmp_path, adding())
    first, second = np.ones((3, 4), np.int8), np.full((3, 4), 2, np.int8)
    for names in (("input0", "input1"), ("", "input1")):
        tensors = [both.tensors[index] for index in both.inputs]
        named = {
            name or tensors[n].name: array for n, (name, array) in enumerate(zip(names, (first, second), strict=True))
        }
        made = stimulus(both, [packed(tmp_path, **named, labels=np.array([1, 0, 3]))])
        assert [(int(one[0, 0]), int(two[0, 0])) for one, two in made.steps] == [(1, 2)] * 3
        assert made.labels == (1, 0, 3)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"input0": np.zeros((3, 4), np.int8)}, "holds 'input0'; .* takes input0 or 'a' .*, input1 or 'b' "),
        ({name: np.zeros((3, 4), np.int8) for name in ("a", "b", "label")}, "holds 'a', 'b', 'label'; "),
        ({"a": np.zeros((3, 4), np.int8), "b": np.zeros((2, 4), np.int8)}, "numbers of items: 3 of .*, 2 of "),
        ({"a": np.zeros((3, 4), np.int8), "b": np.zeros((3, 4), np.int16)}, r"holds 'b' as int16\[3, 4\]"),
        ({"a": np.zeros(4, np.int8), "b": np.zeros(4, np.int8), "labels": np.zeros(1)}, "labels are integers"),
    ],
    ids=["one missing", "one unknown", "of other lengths", "of another type", "labels of floats"],
)
def test_an_archive_that_does_not_fit_is_refused(tmp_path, arrays, said):
    with pytest.raises(UsageError, match=said):
        stimulus(read(tmp_path, adding()), [packed(tmp_path, **arrays)])


def test_a_file_that_is_no_archive_is_refused(model, tmp_path):
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(UsageError, match=r"a\.npz cannot be read as arrays: "):
        stimulus(model, [tmp_path / "a.npz"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\n2\n", "There are 2 labels for 1 items"),
        ("12\n", "Labels go from 12 to 12; .* classes 0 to 11"),
        ("-1\n", "Labels go from -1"),
        ("\ufeff1\n2\n", "There are 2 labels for 1 items"),
        ("1\nyes\n", r"labels.txt cannot be read as labels: line 2 is 'yes', which is no class\.$"),
        ("9" * 5000, "labels.txt cannot be read as labels: line 1 is '9999"),
    ],
)
def test_labels_that_do_not_fit_are_refused(model, tmp_path, text, said):
    with pytest.raises(UsageError, match=said):
        stimulus(model, labels=written(tmp_path, text))


def test_labels_come_from_an_array_too(model, tmp_path):
    np.save(tmp_path / "labels.npy", np.array([11], np.uint8))
    assert stimulus(model, labels=tmp_path / "labels.npy").labels == (11,)


@pytest.mark.parametrize("shape", [(1, 1), (4, 3)], ids=["one value", "several rows"])
def test_what_is_no_row_of_scores_takes_no_labels(tmp_path, shape):
    graph = tiny_model.Graph(
        [Tensor(shape), Tensor(shape, scale=1 / 256, zero_point=-128)], [SOFTMAX_OF_IT], outputs=[1]
    )
    with pytest.raises(UsageError, match="labels are for one row of two or more values"):
        stimulus(read(tmp_path, graph), labels=written(tmp_path, "0\n"))


def test_more_inferences_than_anybody_waits_for_are_refused(model):
    with pytest.raises(UsageError, match="1 items 1,000,001 times are more than 1,000,000"):
        stimulus(model, repeat=1_000_001)


def test_a_random_index_names_a_row_that_the_table_has(tmp_path):
    """GATHER's kernel reads wherever an index leads."""
    tensors = [Tensor((1, 200), tiny_model.INT32), Tensor((40, 3), data=bytes(120)), Tensor((1, 200, 3))]
    gather = Operator(tflite.BuiltinOperator.GATHER, (1, 0), (2,), 2, {"Axis": 0, "BatchDims": 0})
    ((indices,),) = stimulus(read(tmp_path, tiny_model.Graph(tensors, [gather], inputs=[0], outputs=[2]))).steps
    assert indices.dtype == np.int32
    assert 0 <= indices.min() < indices.max() < 3
