"""Runs models of single operators on a board in emulation and on the host."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lab import target
from lab.elf import Firmware
from lab.engines import selection
from lab.errors import ModelRefused
from lab.interpreter.interpreter import Interpreter, Process, Runtime
from lab.model import Model

APPLICATION = "random-operators"

Arrays = Sequence[NDArray[np.generic]]
_started: dict[Runtime, Process] = {}


def on_host(model: bytes, inputs: Arrays) -> list[NDArray[np.generic]]:
    """Today's TFLM, or LiteRT for types that TFLM has dropped."""
    try:
        return Interpreter(_read(model), process=_process("tflm")).run(*inputs)
    except ModelRefused:
        return by_litert(model, inputs)


def by_litert(model: bytes, inputs: Arrays) -> list[NDArray[np.generic]]:
    """LiteRT's reference kernels; the test is skipped where it is not installed."""
    pytest.importorskip("ai_edge_litert", reason="today's TFLM does not compute it, or not right")
    return Interpreter(_read(model), "litert", process=_process("litert")).run(*inputs)


def _process(runtime: Runtime) -> Process:
    """One for all models until one ends it: that it starts takes longer than a model of one operator."""
    if runtime not in _started or not _started[runtime].alive:
        _started[runtime] = Process(runtime)
    return _started[runtime]


def _read(model: bytes) -> Model:
    return Model.of(Path("random.tflite"), model)


def on_device(board: str, firmware: Firmware, model: bytes, inputs: Arrays) -> list[NDArray[np.uint8]]:
    """The bytes of each output. The model takes the place of the one that was linked, which was as large."""
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
            np.frombuffer(machine.read(int(place["address"], 16), place["bytes"]), np.uint8)
            for place in _all(events, "output")
        ]


def _all(events: list[dict[str, str]], kind: str) -> list[dict[str, str]]:
    return [event for event in events if event["event"] == kind]
