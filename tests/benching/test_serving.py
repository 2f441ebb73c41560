from __future__ import annotations

import pytest

from lab import target
from lab.benching.serving import expected
from lab.building import kernels
from lab.model import Model
from tests.building import tiny_model


@pytest.fixture
def model(tmp_path):
    """FULLY_CONNECTED, which CMSIS-NN of the package has, and SOFTMAX, which it lacks there."""
    (tmp_path / "tiny.tflite").write_bytes(tiny_model.tflite_bytes(tiny_model.classifier()))
    return Model.read(tmp_path / "tiny.tflite")


@pytest.mark.parametrize(
    ("wanted", "built", "computed", "others"),
    [
        ("cmsis-nn", "cmsis-nn", ("cmsis-nn", "reference"), ()),
        ("cmsis-nn", "cmsis-nn", ("reference", "reference"), (0,)),
        ("esp-nn", "cmsis-nn", ("cmsis-nn", "reference"), (0, 1)),
        ("reference", "cmsis-nn", ("cmsis-nn", "reference"), (0,)),
        ("reference", "reference", ("reference", "reference"), ()),
    ],
)
def test_what_a_library_has_a_kernel_for_has_to_be_computed_by_it(model, wanted, built, computed, others):
    found = expected(wanted, kernels.choose(target.load("nano33ble"), built), model, computed)
    assert found.others == others
    assert found.holds is (not others)


def test_a_model_of_which_a_library_computes_nothing_is_not_what_was_expected(tmp_path):
    (tmp_path / "reshape.tflite").write_bytes(tiny_model.tflite_bytes(tiny_model.reshape_by_its_own_sizes()))
    reshape = Model.read(tmp_path / "reshape.tflite")
    built = kernels.choose(target.load("nano33ble"), "cmsis-nn")
    assert expected("cmsis-nn", built, reshape, ("reference",) * 4).others == (0, 1, 2, 3)
