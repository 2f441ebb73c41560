from __future__ import annotations

import json
import os
import py_compile
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lab.errors import InfrastructureError, ModelError, ModelRefused, ToolMissing
from lab.interpreter import interpreter, wire
from lab.interpreter.interpreter import Interpreter
from lab.model import Model
from tests.building import tiny_model
from tests.building.tiny_model import Graph, Operator, Tensor
from tests.test_processes import gone

pytest.importorskip("tflite_micro")

FILE = Path("made.tflite")
SUM = (np.full((1, 4), 1, np.int8),)


def additions(output: tuple[int, ...] = (1, 4)) -> Graph:
    """x + x, then that + a constant, which is declared to be of that shape."""
    constant = Tensor((1, 4), data=bytes(4))
    added = {"FusedActivationFunction": 0}
    return Graph(
        tensors=[Tensor((1, 4)), Tensor((1, 4)), constant, Tensor(output)],
        operators=[
            Operator(tiny_model.ADD, (0, 0), (1,), 2, added),
            Operator(tiny_model.ADD, (1, 2), (3,), 2, added),
        ],
        outputs=[3],
    )


def model_of(graph: Graph) -> Model:
    return Model.of(FILE, tiny_model.tflite_bytes(graph))


def crashing() -> Model:
    """A model that the reader took for another: TFLM does not come back from an output of another size."""
    return replace(model_of(additions()), data=tiny_model.tflite_bytes(additions((1, 3))))


def slow() -> Model:
    """Some six hundred million multiply-accumulates in its second operator."""
    weights = bytes(64 * 3 * 3 * 64)
    options = {"StrideH": 1, "StrideW": 1, "DilationHFactor": 1, "DilationWFactor": 1}
    image = (1, 128, 128, 64)
    return model_of(
        Graph(
            tensors=[Tensor(image), Tensor(image), Tensor((64, 3, 3, 64), data=weights), Tensor(image)],
            operators=[
                Operator(tiny_model.ADD, (0, 0), (1,), 2, {"FusedActivationFunction": 0}),
                Operator(tiny_model.CONV_2D, (1, 2), (3,), 3, options),
            ],
            outputs=[3],
        )
    )


@pytest.fixture
def added() -> Iterator[Interpreter]:
    return Interpreter(model_of(additions()), keep_tensors=True)


def test_a_model_runs_over_and_over_in_one_process(added):
    before = added._process._process.pid
    for value in range(20):
        (total,) = added.run(np.full((1, 4), value, np.int8))
        assert total.tolist() == [[2 * value] * 4]
        assert [tensor.tolist() for tensor in added.tensors([0, 1])] == [[[value] * 4], [[2 * value] * 4]]
    assert added._process._process.pid == before


@pytest.mark.produces("interpreter-crashed")
def test_a_model_that_crashes_the_interpreter_is_an_error_that_names_the_operator():
    with pytest.raises(ModelError, match=r"made\.tflite crashes .* \(SIGABRT\) at operator 1 ADD \(int8\[1, 4\], int8"):
        Interpreter(crashing()).run(*SUM)


def test_what_ended_can_be_asked_again_and_says_so():
    ending = Interpreter(model_of(additions()))
    os.kill(ending._process._process.pid, signal.SIGKILL)
    for _ in range(2):
        with pytest.raises(InfrastructureError):
            ending.run(*SUM)


@pytest.mark.produces("interpreter-killed")
def test_a_process_that_somebody_ends_is_not_the_models_fault(added):
    os.kill(added._process._process.pid, signal.SIGKILL)
    with pytest.raises(InfrastructureError, match=r"ended \(SIGKILL\) while it ran made\.tflite"):
        added.run(*SUM)


@pytest.mark.produces("interpreter-limit")
def test_a_model_beyond_its_time_is_ended_and_the_operator_named(monkeypatch):
    monkeypatch.setattr(interpreter, "_limit_s", lambda _model: 0.05)
    monkeypatch.setattr(interpreter, "_WALL_PER_PROCESSOR_S", 1000)  # whatever else this machine does
    model = slow()
    with pytest.raises(ModelError, match=r"more than .* s of processor time at operator 1 CONV_2D"):
        Interpreter(model).run(np.zeros(model.input.shape, np.int8))


def test_a_model_beyond_its_memory_is_an_error(monkeypatch):
    monkeypatch.setattr(interpreter, "_arena", lambda _model: 2**28)
    monkeypatch.setattr(interpreter, "_memory", lambda _model: 2**24)
    with pytest.raises(ModelError, match="more than 16 MiB of memory") as error:
        Interpreter(model_of(additions()))
    assert error.value.code == "interpreter-limit"


def test_a_refusal_has_the_interpreters_own_words():
    graph = tiny_model.classifier()
    graph.tensors[4].scale = 0.5  # softmax has one scale alone
    with pytest.raises(ModelRefused, match="is refused by the host's TFLM interpreter") as error:
        Interpreter(model_of(graph))
    assert "SOFTMAX" in error.value.details


def test_a_machine_without_room_for_another_process_is_told_so(monkeypatch):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len([*Path("/proc/self/fd").iterdir()]), hard))
    try:
        with pytest.raises(ToolMissing, match="Too many open files") as error:
            Interpreter(model_of(additions()))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert "have run out" in error.value.remedy


def test_what_a_damaged_process_sends_is_not_believed():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for kind, shape in (("|O", [1]), ("<f4", [-1]), ("<f4", [2**40]), ("no type", [1])):
            text = json.dumps({"arrays": [[kind, shape]]}).encode()
            theirs.sendall(struct.pack("<I", len(text)) + text)
            with pytest.raises(wire.Broken):
                wire.receive(ours, 2**20)


WAITING = """
import os, pathlib, sys
import numpy as np
from lab.interpreter import interpreter
from tests.interpreter.test_interpreter import slow
interpreter._limit_s = lambda model: 100
model = slow()
made = interpreter.Interpreter(model)
pathlib.Path(sys.argv[1]).write_text(str(made._process._process.pid))
while True:
    made.run(np.zeros(model.input.shape, np.int8))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_the_lab_however_that_ends(tmp_path, how):
    note = tmp_path / "process"
    with subprocess.Popen([sys.executable, "-c", WAITING, str(note)], stderr=subprocess.DEVNULL) as lab:
        while not (note.exists() and note.read_text()):
            assert lab.poll() is None
            time.sleep(0.05)
        process = int(note.read_text())
        assert not gone_already(process)
        lab.send_signal(how)
        lab.wait(30)
    assert gone(process)


def gone_already(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def test_what_it_prints_is_bounded_and_not_in_the_labs_output(capfd):
    with pytest.raises(ModelError):
        Interpreter(crashing()).run(*SUM)
    assert capfd.readouterr() == ("", "")


def test_no_compiled_module_is_written_of_which_a_limited_file_would_hold_a_part(monkeypatch, tmp_path):
    """TFLM's schema has more than a file of the process may have; what CPython could write of it would be read next."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for _ in range(2):
        interpreter.Process("tflm")
    assert list(tmp_path.iterdir()) == []


def test_compiled_modules_are_read_where_python_was_told_to_keep_them(monkeypatch, tmp_path):
    kept = tmp_path / Path(interpreter.__file__).parent.relative_to("/") / f"served.{sys.implementation.cache_tag}.pyc"
    py_compile.compile(str(Path(interpreter.__file__).with_name("served.py")), str(kept))
    kept.write_bytes(kept.read_bytes()[:-100])
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    with pytest.raises(ToolMissing):
        interpreter.Process("tflm")
