"""Each set of kernels in emulation against today's TFLM on the host, bit for bit.

`LAB_RANDOM_MODELS=40 pytest tests/kernels` takes 40 models of 56 operators each instead of two. They have the same
operators, so that one image per board and kernels takes them all: each is written over the one that was linked.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lab import building, target, workload
from lab.elf import Firmware
from lab.model import Model
from tests.building.tiny_model import tflite_bytes
from tests.kernels.emulated import APPLICATION, on_device, on_host
from tests.kernels.random_operators import Case, RandomOperators, model_of

ARENA = 160_000
OPERATORS = 56
SEEDS = range(int(os.environ.get("LAB_RANDOM_MODELS", "2")))
ROOM = 0x1_0000
"""Bytes of each model, padded: the image has so much room for one."""

Build = Callable[[str, str], Firmware]


@pytest.fixture(scope="module")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The application for a board with those kernels, and room for the channels of each model."""
    path = tmp_path_factory.mktemp("model") / "model.tflite"
    path.write_bytes(model_bytes(max((RandomOperators(seed).draw(OPERATORS) for seed in SEEDS), key=weighted_channels)))

    @cache
    def firmware(board: str, kernels: str) -> Firmware:
        application = workload.load("keyword-spotting").model_copy(update={"name": APPLICATION})
        made = building.build(
            application, target.load(board), Model.read(path), kernels_name=kernels, arena_bytes=ARENA
        )
        return made.firmware

    return firmware


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("board", "kernels"),
    [("nano33ble", "reference"), ("nano33ble", "cmsis-nn"), ("stm32f746g", "cmsis-nn"), ("esp32c3", "esp-nn")],
)
def test_the_device_computes_random_operators_as_the_host_does(board, kernels, seed, built):
    drawn = RandomOperators(seed)
    cases = drawn.draw(OPERATORS)
    values = [drawn.values(case) for case in cases]
    model = model_bytes(cases)
    inputs = [one for each in values for one in each]
    expected = on_host(model, inputs)
    found = [one.view(np.int8) for one in on_device(board, built(board, kernels), model, inputs)]
    differing = [
        f"{case}: {np.count_nonzero(one != other.ravel())} of {one.size} differ, {one[:8]} for {other.ravel()[:8]}"
        for case, one, other in zip(cases, found, expected, strict=True)
        if not np.array_equal(one, other.ravel())
    ]
    assert not differing, "\n".join(differing)
    assert_they_say_something(cases, expected)


def weighted_channels(cases: list[Case]) -> int:
    """What the image keeps a multiplier and a shift for."""
    return sum(case.output.shape[-1] for case in cases if case.constants)


def model_bytes(cases: list[Case]) -> bytes:
    """A model of the cases, as large as each other one."""
    model = tflite_bytes(model_of(cases))
    assert len(model) <= ROOM
    return model.ljust(ROOM, b"\0")


def assert_they_say_something(cases: list[Case], outputs: list[NDArray[np.int8]]) -> None:
    """Most outputs hold more than what they are cut off at."""
    telling = [len(np.unique(output)) > 2 for case, output in zip(cases, outputs, strict=True) if output.size > 9]
    assert np.mean(telling) > 0.6
