"""The model that ships keeps to what a device and TFLM of 2020 allow."""

from __future__ import annotations

import pytest

from lab import workload
from lab.model import Model

NEWEST_VERSIONS = {
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 3,
    "AVERAGE_POOL_2D": 2,
    "RESHAPE": 1,
    "FULLY_CONNECTED": 4,
    "SOFTMAX": 2,
}


@pytest.fixture(scope="module")
def model():
    return Model.read(workload.load("keyword-spotting").model_path)


def test_it_fits_the_workload(model):
    model.check(workload.load("keyword-spotting"))


def test_it_is_small_enough(model):
    assert model.macs <= 4_000_000
    assert model.size <= 64_000


def test_tflm_of_2020_has_its_operators(model):
    assert {operator.name for operator in model.operators} <= NEWEST_VERSIONS.keys()
    assert all(operator.version <= NEWEST_VERSIONS[operator.name] for operator in model.operators)


def test_its_input_is_the_feature_itself(model):
    features = workload.load("keyword-spotting").features
    assert model.input.scale == (features.scale,)
    assert model.input.zero_point == (features.zero_point,)
