"""Each set of kernels in emulation against today's TFLM on the host, bit for bit.

`LAB_RANDOM_MODELS=40 pytest tests/kernels` takes 40 models of 56 operators each instead of two. They have the same
operators, so that one image per board and kernels takes them all: each is written over the one that was linked.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lab import building, places, target, workload
from lab.elf import Firmware
from lab.engines import selection
from lab.interpreter.interpreter import Interpreter
from lab.model import Model
from tests.building.tiny_model import tflite_bytes
from tests.kernels.random_operators import Case, RandomOperators, model_of

APPLICATION = "random-operators"
ARENA = 160_000
OPERATORS = 56
SEEDS = range(int(os.environ.get("LAB_RANDOM_MODELS", "2")))
ROOM = 0x1_0000
"""Bytes of each model, padded: the image has so much room for one."""

Build = Callable[[str, str], Firmware]


@pytest.fixture(scope="module", autouse=True)
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project with an application that runs a model once."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("firmware", "models", "renode_platforms", "robot_tests"):
        shutil.copytree(places.project() / name, folder / name, ignore=shutil.ignore_patterns("recordings"))
    shutil.copytree(Path(__file__).parent / "application", folder / "firmware" / "apps" / APPLICATION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAB_PROJECT", str(folder))
        yield folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
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
    found = on_device(board, built(board, kernels), model, inputs)
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


def on_host(model: bytes, inputs: list[NDArray[np.int8]]) -> list[NDArray[np.int8]]:
    return Interpreter(Model.of(Path("random.tflite"), model)).run(*inputs)


def on_device(board: str, firmware: Firmware, model: bytes, inputs: list[NDArray[np.int8]]) -> list[NDArray[np.int8]]:
    """The outputs, flat."""
    with selection.select("builtin").machine(target.load(board)) as machine:
        machine.load(firmware)
        machine.write(firmware.symbol("lab_model").address, model)
        machine.run(until=lambda line: "ready" in line or "error" in line, limit=10)
        assert '"ready"' in machine.lines()[-1], machine.lines()
        events = [json.loads(line) for line in machine.lines()]
        for place, values in zip(_all(events, "input"), inputs, strict=True):
            machine.write(int(place["address"], 16), values.tobytes())
        machine.write(firmware.symbol("test_inputs_are_set").address, b"\1\0\0\0")
        machine.run(until=lambda line: "done" in line or "error" in line, limit=100)
        assert json.loads(machine.lines()[-1])["event"] == "done", machine.lines()[-1]
        return [
            np.frombuffer(machine.read(int(place["address"], 16), place["bytes"]), np.int8)
            for place in _all(events, "output")
        ]


def _all(events: list[dict[str, str]], kind: str) -> list[dict[str, str]]:
    return [event for event in events if event["event"] == kind]
