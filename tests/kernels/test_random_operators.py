"""Each set of kernels in emulation against today's TFLM on the host, bit for bit.

`LAB_RANDOM_MODELS=40 pytest tests/kernels` takes 40 models of 56 operators each instead of one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lab import building, places, target, workload
from lab.engines import selection
from lab.model import Model, interpreter
from tests.building.tiny_model import tflite_bytes
from tests.kernels.random_operators import Case, RandomOperators, model_of

APPLICATION = "random-operators"
ARENA = 160_000
OPERATORS = 56


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


@pytest.mark.parametrize("kernels", ["reference", "cmsis-nn", "esp-nn"])
@pytest.mark.parametrize("seed", range(int(os.environ.get("LAB_RANDOM_MODELS", "1"))))
def test_the_device_computes_random_operators_as_the_host_does(seed, kernels, tmp_path):
    drawn = RandomOperators(seed)
    cases = drawn.draw(OPERATORS)
    values = [drawn.values(case) for case in cases]
    path = tmp_path / "model.tflite"
    path.write_bytes(tflite_bytes(model_of(cases)))
    inputs = [one for each in values for one in each]
    expected = on_host(path, inputs)
    found = on_device(path, inputs, kernels)
    differing = [
        f"{case}: {np.count_nonzero(one != other)} of {one.size} differ, {one.ravel()[:8]} for {other.ravel()[:8]}"
        for case, one, other in zip(cases, found, expected, strict=True)
        if not np.array_equal(one, other)
    ]
    assert not differing, "\n".join(differing)
    assert_they_say_something(cases, expected)


def assert_they_say_something(cases: list[Case], outputs: list[NDArray[np.int8]]) -> None:
    """Most outputs hold more than what they are cut off at."""
    telling = [len(np.unique(output)) > 2 for case, output in zip(cases, outputs, strict=True) if output.size > 9]
    assert np.mean(telling) > 0.6


def on_host(model: Path, inputs: list[NDArray[np.int8]]) -> list[NDArray[np.int8]]:
    host = interpreter.runtime().Interpreter.from_bytes(model.read_bytes(), arena_size=10_000_000)
    for i, values in enumerate(inputs):
        host.set_input(values, i)
    host.invoke()
    return [np.array(host.get_output(i)) for i in range(OPERATORS)]


def on_device(model: Path, inputs: list[NDArray[np.int8]], kernels: str) -> list[NDArray[np.int8]]:
    """The outputs, flattened to the host's shapes by their sizes."""
    board = target.load("nano33ble")
    application = workload.load("keyword-spotting").model_copy(update={"name": APPLICATION})
    read = Model.read(model)
    firmware = building.build(application, board, read, kernels_name=kernels, arena_bytes=ARENA).firmware
    with selection.select("builtin").machine(board) as machine:
        machine.load(firmware)
        machine.run(until=lambda line: "ready" in line or "error" in line, limit=10)
        events = [json.loads(line) for line in machine.lines()]
        assert events[-1]["event"] == "ready", events[-1]
        for place, values in zip(_all(events, "input"), inputs, strict=True):
            machine.write(int(place["address"], 16), values.tobytes())
        machine.write(firmware.symbol("test_inputs_are_set").address, b"\1\0\0\0")
        machine.run(until=lambda line: "done" in line or "error" in line, limit=100)
        assert json.loads(machine.lines()[-1])["event"] == "done", machine.lines()[-1]
        return [
            np.frombuffer(machine.read(int(place["address"], 16), place["bytes"]), np.int8).reshape(
                read.tensors[number].shape
            )
            for place, number in zip(_all(events, "output"), read.outputs, strict=True)
        ]


def _all(events: list[dict[str, str]], kind: str) -> list[dict[str, str]]:
    return [event for event in events if event["event"] == kind]
