"""The models that ship keep to what a device and TFLM of 2020 allow."""

from __future__ import annotations

import pytest

from lab import workload
from lab.model import Model
from lab.recordings import splits
from lab.training import recipes

NEWEST_VERSIONS = {
    "CONV_2D": 3,
    "DEPTHWISE_CONV_2D": 3,
    "AVERAGE_POOL_2D": 2,
    "MAX_POOL_2D": 2,
    "RESHAPE": 1,
    "FULLY_CONNECTED": 4,
    "SOFTMAX": 2,
    "CONCATENATION": 2,
}


@pytest.fixture(params=workload.names())
def chosen(request):
    return workload.load(request.param)


@pytest.fixture
def model(chosen):
    return Model.read(chosen.model_path)


def test_it_fits_the_workload_in_streams_too(chosen, model):
    model.check(chosen)
    model.check(chosen, streamed=True)


def test_it_is_small_enough(model):
    assert model.macs <= 4_000_000
    assert model.size <= 80_000


def test_tflm_of_2020_has_its_operators(model):
    assert {operator.name for operator in model.operators} <= NEWEST_VERSIONS.keys()
    assert all(operator.version <= NEWEST_VERSIONS[operator.name] for operator in model.operators)


def test_its_input_is_the_feature_itself(chosen, model):
    assert model.input.scale == (chosen.features.scale,)
    assert model.input.zero_point == (chosen.features.zero_point,)


def test_its_card_names_the_file_that_ships(chosen, model):
    card = (chosen.folder / "MODEL_CARD.md").read_text()
    assert f"`{model.crc}`" in card
    assert f"{model.size:,} bytes, {model.macs:,} multiply-accumulates" in card


def test_its_recipe_and_its_split_are_beside_it(chosen):
    assert recipes.of(chosen).seed > 0
    assert 0 < splits.of(chosen).test < 1
