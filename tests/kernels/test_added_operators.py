"""The operators that the lab adds to the crate, in emulation against today's TFLM on the host, for all their types.

`LAB_RANDOM_MODELS=40 pytest tests/kernels` takes 40 seeds for each board instead of one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lab import building, target, workload
from lab.benching import agreement
from lab.building import registered, tflm
from lab.elf import Firmware
from lab.model import Model
from tests.building.tiny_model import Graph, tflite_bytes
from tests.kernels import drawn, one_operator
from tests.kernels.emulated import APPLICATION, by_litert, on_device, on_host

ARENA = 100_000
ROOM = 0x2_0000
"""Bytes of each model, padded: the image has so much room for one."""
SEEDS = range(int(os.environ.get("LAB_RANDOM_MODELS", "1")))
BOARDS = ("nano33ble", "esp32c3")
CASES = 8
"""In a model, of one operator and pair of types."""
WRONG_IN_TFLM = ("SPACE_TO_BATCH_ND",)
"""Today's TFLM pads int8 with 0, whatever its zero point; LiteRT and the lab's kernel with the zero point."""

ADDED = {name: found[-1] for name, found in registered.of(tflm.source()).items() if name in drawn.DRAWERS}
"""What takes most of each operator."""

Build = Callable[[str], Firmware]


def each_with_its_types() -> list[tuple[str, tuple[str, str]]]:
    return [(name, types) for name in sorted(ADDED) for types in sorted(ADDED[name].types or ())]


def for_each_type(name: str) -> list[Graph]:
    """A model for each pair of types that the operator computes."""
    return [drawn.model(name, *types, drawn.Draw(0), ADDED[name].highest) for types in ADDED[name].types]


def padded(graphs: list[Graph]) -> bytes:
    """All of them side by side in a model that is as large as each other one."""
    model = tflite_bytes(one_operator.side_by_side(graphs))
    assert len(model) <= ROOM
    return model.ljust(ROOM, b"\0")


@pytest.fixture(scope="module")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The application for a board, with all of the operators."""
    path = tmp_path_factory.mktemp("model") / "model.tflite"
    path.write_bytes(padded([one for name in ADDED for one in for_each_type(name)]))

    @cache
    def firmware(board: str) -> Firmware:
        application = workload.load("keyword-spotting").model_copy(update={"name": APPLICATION})
        made = building.build(
            application, target.load(board), Model.read(path), kernels_name="reference", arena_bytes=ARENA
        )
        return made.firmware

    return firmware


def test_every_operator_that_is_added_is_drawn():
    ours = {one.name for found in registered.of(tflm.source()).values() for one in found if one.is_ours}
    assert ours == drawn.DRAWERS.keys()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "types"), each_with_its_types(), ids=[" ".join((name, *types)) for name, types in each_with_its_types()]
)
@pytest.mark.parametrize("board", BOARDS)
def test_the_device_computes_it_as_the_host_does(board, name, types, seed, built):
    draw = drawn.Draw(BOARDS.index(board) + len(BOARDS) * seed)
    graphs = [drawn.model(name, *types, draw, ADDED[name].highest) for _ in range(CASES)]
    whole = one_operator.side_by_side(graphs)
    inputs = [draw.values_of(whole.tensors[index]) for index in whole.inputs]
    expected = (by_litert if name in WRONG_IN_TFLM else on_host)(padded(graphs), inputs)
    found = on_device(board, built(board), padded(graphs), inputs)
    of_each_output = [graph for graph in graphs for _ in graph.outputs]
    differing = [
        f"{graph}: {one.view(other.dtype)[:8]} for {other.ravel()[:8]}"
        for graph, one, other in zip(of_each_output, found, expected, strict=True)
        if not is_equal(one.view(other.dtype), other.ravel())
    ]
    assert not differing, "\n".join(differing)


def is_equal(device: np.ndarray, host: np.ndarray) -> bool:
    """Bit for bit, floats within what another libm explains."""
    if host.dtype != np.float32:
        return np.array_equal(device, host)
    largest = np.nanmax(np.abs(host), initial=0)
    return np.allclose(device, host, rtol=0, atol=agreement.TOLERANCE * largest, equal_nan=True)
