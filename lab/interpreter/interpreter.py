"""The lab's side of an interpreter in a process of its own: what it may take, and what its end means."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import tflite
from numpy.typing import NDArray

from lab import processes
from lab.errors import InfrastructureError, LabError, ModelError, ModelRefused, ToolMissing
from lab.interpreter import wire
from lab.model import Model
from lab.model.model import Tensor

Arrays = Sequence[NDArray[np.generic]]
Runtime = Literal["tflm", "litert"]
_PACKAGES: dict[Runtime, str] = {"tflm": "tflite-micro", "litert": "ai-edge-litert"}
NAMES: dict[Runtime, str] = {"tflm": "the host's TFLM interpreter", "litert": "LiteRT's interpreter"}

_FOR_ITSELF = 65_536
"""Bytes of arena that TFLM takes whatever the model: with less it does not refuse, it crashes."""
_LARGEST_ARENA = 2**30
_FREE_MEMORY = 256 * 2**20
"""Bytes that an interpreter may take beside the arena and the model."""

_LEAST_S, _MOST_S = 10.0, 120.0
_WORK_PER_SECOND = 5e6
"""Multiply-accumulates and tenths of a tensor's element: reference kernels on a slow machine do ten times as many."""
_WALL_PER_PROCESSOR_S = 8
"""Wall-clock time against processor time, for a machine that others use too."""

_FAULTS = (signal.SIGSEGV, signal.SIGABRT, signal.SIGFPE, signal.SIGBUS, signal.SIGILL)
_START = "import json, socket, sys; sys.path[:] = json.loads(sys.argv[2]); from lab.interpreter import served; "
_START += "served.main(socket.socket(fileno=int(sys.argv[1])))"


class Interpreter:
    """One model that can be run over and over; its process ends with this value, and with the lab's process."""

    def __init__(
        self, model: Model, runtime: Runtime = "tflm", *, keep_tensors: bool = False, process: Process | None = None
    ) -> None:
        """`keep_tensors` lets `tensors` read all of them; inference then takes more memory. `process` is one of that
        runtime to be used instead of a new one; the model that it held before is gone.

        Raises ToolMissing without the Python package, ModelRefused, ModelError where the model ends its interpreter or
        takes it beyond its time or memory, and InfrastructureError where something else ends it.
        """
        self._model = model
        self._runtime = runtime
        self._keep_tensors = keep_tensors
        self._process = process or Process(runtime)
        self._ask(_loading(model, runtime, keep_tensors), [np.frombuffer(model.data, np.uint8)])

    def run(self, *given: NDArray[np.generic]) -> list[NDArray[np.generic]]:
        """Every output for an array per input, all of the model's shapes and types. Raises as the constructor does."""
        found = self._ask(_running(self._model), given)
        return self._as_declared(found, self._model.outputs)

    def tensors(self, indices: Sequence[int]) -> list[NDArray[np.generic]]:
        """These tensors after the last run. Raises as the constructor does."""
        found = self._ask({**_running(self._model), "invoke": False, "outputs": False, "tensors": list(indices)}, ())
        return self._as_declared(found, indices)

    def operator_outputs(self) -> list[NDArray[np.generic]]:
        """What each operator gave first in the last run; nothing for one that gives no value. Raises as `tensors`."""
        operators = self._model.operators
        found = iter(self.tensors([one.outputs[0] for one in operators if self._model.given(one) is not None]))
        return [np.empty(0, np.int8) if self._model.given(one) is None else next(found) for one in operators]

    def _as_declared(self, found: Arrays, indices: Sequence[int]) -> list[NDArray[np.generic]]:
        declared = [self._model.tensors[index] for index in indices]
        if len(found) != len(declared):
            raise self._refused(f"it gave {len(found)} tensors for {len(declared)}")
        for array, tensor in zip(found, declared, strict=True):
            if array.size != tensor.elements or array.dtype != tensor.dtype.lower():
                raise self._refused(f"tensor {tensor.name!r} is {tensor} in the model and came out as {_kind(array)}")
        return [array.reshape(tensor.shape) for array, tensor in zip(found, declared, strict=True)]

    def _ask(self, header: dict[str, Any], arrays: Arrays) -> list[NDArray[np.generic]]:
        given = () if "model" in header else arrays
        try:
            answer, found = self._process.ask(header, arrays)
        except _Ended as ended:
            raise self._after(ended, given) from None
        if "no_memory" in answer:
            raise self._after(_Ended("memory", self._process.words()), given)
        if "refused" in answer:
            raise self._refused(answer["refused"], self._process.words())
        return found

    def _refused(self, reason: str, words: str = "") -> ModelRefused:
        return ModelRefused(
            f"{self._model.path} is refused by {NAMES[self._runtime]}: {reason.rstrip('.')}.",
            remedy="Convert the model again with today's TensorFlow.",
            details=words,
        )

    def _after(self, ended: _Ended, given: Arrays) -> LabError:
        """What the end of the process is for the user."""
        name, why = NAMES[self._runtime], ended.why
        if why in {"time", "memory"}:
            limit = f"{_limit_s(self._model):.0f} s of processor time" if why == "time" else _megabytes(self._model)
            return ModelError(
                f"{self._model.path} takes {name} more than {limit}{self._where(given)}.",
                remedy="No microcontroller has so much; make the operator smaller.",
                details=ended.words,
                code="interpreter-limit",
            )
        if why not in {fault.name for fault in _FAULTS}:
            return InfrastructureError(
                f"The process of {name} ended ({why}) while it ran {self._model.path}.",
                remedy="Was it killed, or out of memory? Start the command again.",
                details=ended.words,
                code="interpreter-killed",
            )
        return ModelError(
            f"{self._model.path} crashes {name} ({why}){self._where(given)}.",
            remedy="Shapes, types or options of that operator do not fit together; correct or convert the model.",
            details=ended.words,
            code="interpreter-crashed",
        )

    def _where(self, given: Arrays) -> str:
        """The first operator up to which the model cannot be run, found in a process that runs ever more of them."""
        process = Process(self._runtime)
        give_up = time.monotonic() + _WALL_PER_PROCESSOR_S * _limit_s(self._model)
        for index, beginning in enumerate(_beginnings(self._model.data)):
            if time.monotonic() > give_up:
                return f", at operator {index} or after it"
            loading = _loading(self._model, self._runtime, self._keep_tensors)
            try:
                answer, _ = process.ask(loading, [np.frombuffer(beginning, np.uint8)])
                if given and not answer:
                    answer, _ = process.ask({**_running(self._model), "outputs": False}, given)
            except _Ended:
                return f" at operator {index} {self._model.described(index)}"
            if answer.get("no_memory"):
                return f" at operator {index} {self._model.described(index)}"
        return ""


def check_installed() -> None:
    """Raises ToolMissing where the Python package of TFLM's interpreter cannot be loaded."""
    Process("tflm")


def _kind(array: NDArray[np.generic]) -> str:
    return str(Tensor("", array.shape, array.dtype.name, array.nbytes, constant=False))


def _loading(model: Model, runtime: Runtime, keep_tensors: bool) -> dict[str, Any]:
    return {
        "model": runtime,
        "keep_tensors": keep_tensors,
        "outputs": len(model.outputs),
        "arena_bytes": _arena(model),
        "memory_bytes": _memory(model),
        "limit_s": _limit_s(model),
    }


def _running(model: Model) -> dict[str, Any]:
    return {"invoke": True, "outputs": True, "tensors": [], "limit_s": _limit_s(model)}


def _arena(model: Model) -> int:
    return min(_LARGEST_ARENA, _FOR_ITSELF + 10 * len(model.data) + 2 * model.activation_bytes)


def _memory(model: Model) -> int:
    return 2 * _arena(model) + 4 * len(model.data) + _FREE_MEMORY


def _megabytes(model: Model) -> str:
    return f"{_memory(model) / 2**20:,.0f} MiB of memory"


def _limit_s(model: Model) -> float:
    """Processor time for one inference, by the work that its shapes show."""
    work = model.macs + 10 * sum(tensor.elements for tensor in model.tensors)
    return min(_MOST_S, _LEAST_S + work / _WORK_PER_SECOND)


def _beginnings(data: bytes) -> Iterator[bytes]:
    """The model with its first operator only, with the first two, and so on to the whole."""
    graph = tflite.Model.GetRootAsModel(data, 0).Subgraphs(0)
    count = graph.OperatorsLength()
    length_at = graph._tab.Vector(graph._tab.Offset(10)) - 4 if count else 0  # operators are field 3 of the table
    for kept in range(1, count + 1):
        yield data[:length_at] + kept.to_bytes(4, "little") + data[length_at + 4 :]


@dataclass
class _Ended(Exception):
    """The process is gone, or was ended: by which signal, for "time" or "memory"; and what it printed last."""

    why: str
    words: str


class Process:
    """A process that has loaded a runtime and waits for a model; it ends with this value, and with the lab's."""

    def __init__(self, runtime: Runtime) -> None:
        """Raises ToolMissing where no process can be started, or the runtime's package cannot be loaded."""
        try:
            self._process, self._channel, self._words = _started()
        except OSError as error:
            enough = "Processes, open files or memory have run out: end something else, and start the command again."
            raise _missing(runtime, str(error.strerror), enough) from error
        self._read = 0
        self._end = weakref.finalize(self, _end, self._process, self._channel, self._words)
        try:
            answer, _ = self.ask({"load": runtime, "limit_s": _LEAST_S}, ())
        except _Ended as ended:
            raise _missing(runtime, f"it ended with {ended.why}") from None
        if answer:
            raise _missing(runtime, answer.get("missing") or answer.get("refused") or "no memory")

    def ask(self, header: dict[str, Any], arrays: Arrays) -> tuple[dict[str, Any], list[NDArray[np.generic]]]:
        """The answer. Raises _Ended; whatever is raised, the process is gone."""
        if not self.alive:
            raise _Ended("was ended before", "")
        self._channel.settimeout(_WALL_PER_PROCESSOR_S * header["limit_s"])
        try:
            wire.send(self._channel, header, arrays)
            return wire.receive(self._channel, 2 * _LARGEST_ARENA)
        except TimeoutError:
            raise self._ended("time") from None
        except (wire.Broken, OSError):
            raise self._ended() from None
        except BaseException:
            self._end()
            raise

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._end.alive

    def words(self) -> str:
        """What it printed since this was last asked."""
        said = os.pread(self._words, 2**20, self._read)
        self._read += len(said)
        return said.decode("utf-8", "replace").strip()

    def _ended(self, why: str = "") -> _Ended:
        words = self.words()
        if not why:
            try:
                why = _name(self._process.wait(_LEAST_S))
            except subprocess.TimeoutExpired:
                why = "no answer"
        self._end()
        return _Ended("memory" if "bad_alloc" in words else why, words)


def _started() -> tuple[subprocess.Popen[bytes], socket.socket, int]:
    """The process, the socket to it, and the file that it prints to. Raises OSError."""
    with ExitStack() as undone:
        words = _anonymous_file()
        undone.callback(os.close, words)
        ours, theirs = socket.socketpair()
        undone.enter_context(ours)
        processes.leave_none_behind()
        arguments = [str(theirs.fileno()), json.dumps(sys.path)]
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", *_bytecode(), "-c", _START, *arguments],
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # its threads would map memory that is limited
                stdin=subprocess.DEVNULL,
                stderr=words,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for the lab
            )
        undone.pop_all()
    return process, ours, words


def _bytecode() -> list[str]:
    """Where compiled modules are, as options: isolated, it does not look at Python's variables.

    It writes none: its files are limited, and CPython keeps the part of a module that it could write as the whole.
    """
    return ["-B", *(["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else [])]


def _missing(runtime: Runtime, why: str, remedy: str = "") -> ToolMissing:
    package = _PACKAGES[runtime]
    return ToolMissing(
        f"{NAMES[runtime][0].upper()}{NAMES[runtime][1:]}, the Python package {package}, cannot be loaded ({why}).",
        remedy=remedy or f"Type: pip install {package}; it is there for Linux x86-64 and CPython 3.10 to 3.14.",
        code="interpreter-missing",
    )


def _end(process: subprocess.Popen[bytes], channel: socket.socket, words: int) -> None:
    channel.close()
    process.kill()
    process.wait()
    os.close(words)


def _name(status: int) -> str:
    if status == -signal.SIGPROF:
        return "time"
    return signal.Signals(-status).name if status < 0 else f"status {status}"


def _anonymous_file() -> int:
    if sys.platform == "linux":
        return os.memfd_create("interpreter")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
