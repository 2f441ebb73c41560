"""The process that holds an interpreter: it does what the lab asks over a socket, and ends when that is closed."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lab.interpreter import wire

_MOST_WORDS = 2**20
"""Bytes that an interpreter may print."""

Array = NDArray[np.generic]


class Runtime(Protocol):
    """An interpreter that holds a model."""

    def invoke(self, given: list[Array]) -> None:
        """Run it once. Raises RuntimeError or ValueError where it cannot."""

    def outputs(self) -> list[Array]:
        """Every output of the model."""

    def tensor(self, index: int) -> Array:
        """Any tensor, in an interpreter that keeps all."""


class _Tflm:
    def __init__(self, model: bytes, asked: dict[str, Any]) -> None:
        from tflite_micro import runtime  # noqa: PLC0415 - which of the two is loaded is for the lab to say

        configuration = runtime.InterpreterConfig
        self._outputs = asked["outputs"]
        self._made = runtime.Interpreter.from_bytes(
            model,
            arena_size=asked["arena_bytes"],
            intrepreter_config=configuration.kPreserveAllTensors
            if asked["keep_tensors"]
            else configuration.kAllocationRecording,
        )

    def invoke(self, given: list[Array]) -> None:
        for index, array in enumerate(given):
            self._made.set_input(array, index)
        self._made.invoke()

    def outputs(self) -> list[Array]:
        return [np.asarray(self._made.get_output(index)) for index in range(self._outputs)]

    def tensor(self, index: int) -> Array:
        return np.asarray(self._made.GetTensor(index, 0)["tensor_data"])


class _LiteRt:
    def __init__(self, model: bytes, asked: dict[str, Any]) -> None:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType  # noqa: PLC0415 - of an extra

        self._made = Interpreter(
            model_content=model,
            experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
            experimental_preserve_all_tensors=asked["keep_tensors"],
        )
        self._made.allocate_tensors()

    def invoke(self, given: list[Array]) -> None:
        for detail, array in zip(self._made.get_input_details(), given, strict=True):
            self._made.set_tensor(detail["index"], array)
        self._made.invoke()

    def outputs(self) -> list[Array]:
        return [self.tensor(detail["index"]) for detail in self._made.get_output_details()]

    def tensor(self, index: int) -> Array:
        return np.asarray(self._made.get_tensor(index))


_RUNTIMES: dict[str, Callable[[bytes, dict[str, Any]], Runtime]] = {"tflm": _Tflm, "litert": _LiteRt}
_PACKAGES = {"tflm": "tflite_micro", "litert": "ai_edge_litert.interpreter"}


def main(channel: socket.socket) -> None:
    """Serve until the lab closes the socket."""
    os.dup2(2, 1)  # what the interpreter prints is kept apart from the lab's output
    for limit, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, _MOST_WORDS)):
        resource.setrlimit(limit, (most, most))
    serving = _Serving()
    while True:
        try:
            asked, arrays = wire.receive(channel, sys.maxsize)
        except (wire.Broken, OSError):
            return
        try:
            wire.send(channel, {}, serving.answer(asked, arrays))
        except ImportError as error:
            wire.send(channel, {"missing": str(error)})
        except MemoryError:
            wire.send(channel, {"no_memory": True})
        except Exception as error:  # whatever it is, it is the interpreter's word on the model
            wire.send(channel, {"refused": " ".join(str(error).split()) or type(error).__name__})


class _Serving:
    _runtime: Runtime

    def answer(self, asked: dict[str, Any], arrays: list[Array]) -> list[Array]:
        """Load the package, load a model into it, or run that model."""
        if "load" in asked:
            __import__(_PACKAGES[asked["load"]])
            return []
        # In processor time, which other programs do not use up. Nothing handles the signal: it ends the process,
        # wherever in its C++ that is.
        signal.setitimer(signal.ITIMER_PROF, asked["limit_s"])
        try:
            if "model" in asked:
                _limit_memory(asked["memory_bytes"])
                self._runtime = _RUNTIMES[asked["model"]](arrays[0].tobytes(), asked)
                return []
            if asked["invoke"]:
                self._runtime.invoke(arrays)
            outputs = self._runtime.outputs() if asked["outputs"] else []
            return outputs + [self._runtime.tensor(index) for index in asked["tensors"]]
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)


def _limit_memory(beyond: int) -> None:
    """So many bytes more than what Python and the interpreter's library have mapped by now."""
    if sys.platform != "linux":
        return
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - pathlib would be loaded for this alone
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = mapped + beyond if hard == resource.RLIM_INFINITY else min(mapped + beyond, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
