"""Models that nobody would make, by a seed: real ones with bytes and fields changed, and single operators at extremes.

`python -m tests.fuzz.models 5000` reads and runs so many of each, and prints what came of them; a second number names
the first seed. `tests/fuzz/test_models.py` does the same with few.
"""

from __future__ import annotations

import inspect
import random
import re
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import tflite

from lab import places
from lab.benching.stimulus import stimulus
from lab.errors import LabError
from lab.interpreter.interpreter import Interpreter, Process
from lab.model import Model, rules
from tests.building import tiny_model
from tests.building.tiny_model import Graph, Operator, Tensor

FILE = Path("fuzzed.tflite")
LIMIT_S = 300
"""Longest that one model may take: the longest time of the interpreter's processor, on a machine that is used."""
MEMORY = 4 * 2**30
"""Address space of the lab's own process."""
NAMED = ("interpreter-crashed", "interpreter-limit")

# What only the interpreter sees, and what has no rule, must be tried as well.
OPERATORS = [*rules.NAMES, "EMBEDDING_LOOKUP", "UNIDIRECTIONAL_SEQUENCE_LSTM", "GELU", "HARD_SWISH"]
EXTENTS = (1, 1, 1, 2, 3, 4, 5, 8, 16, 100)
TYPES = [
    vars(tflite.TensorType)[name] for name in ("INT8", "INT8", "INT8", "FLOAT32", "INT16", "INT32", "UINT8", "BOOL")
]
_LARGEST_CONSTANT = 2**27
WORDS = (0, 1, 2, 3, 4, 5, 8, 16, 127, 128, 255, 256, 2**15, 2**16 - 1, 2**16, 2**24, 2**31 - 1, 2**31, 2**32 - 1)
_GIVES = re.compile(r": it gives \[([\d, ]*)\]")


@dataclass
class Counts:
    """What became of models, by code for those that were refused; `faults` are those that ended otherwise."""

    came: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    slowest_s: float = 0.0


def tried(kind: str, seeds: range, show: Callable[[str], object] = str) -> Counts:
    """Read and run the model of each seed."""
    counts = Counts()
    process = Process("tflm")
    for seed in seeds:
        began = time.monotonic()
        try:
            process = process if process.alive else Process("tflm")
            outcome = _tried(KINDS[kind](random.Random(f"{kind} {seed}")), process)  # noqa: S311
        except LabError as error:
            outcome = error.code
            if error.exit_code != 2 or not error.remedy or (error.code in NAMED and " operator " not in error.message):
                counts.faults[f"{kind} {seed}"] = f"{error.exit_code} {error.code}: {error.message}"
        except Exception as error:
            outcome = "traceback"
            counts.faults[f"{kind} {seed}"] = "".join(traceback.format_exception(error))
        took = time.monotonic() - began
        if took > LIMIT_S:
            counts.faults[f"{kind} {seed}"] = f"took {took:.0f} s"
        counts.slowest_s = max(counts.slowest_s, took)
        counts.came[outcome] += 1
        show(f"{kind} {seed}: {outcome} after {took:.1f} s")
    return counts


def _tried(data: bytes, process: Process) -> str:
    """Raises what reading and running the model raises."""
    model = Model.of(FILE, data)
    given = stimulus(model).steps[0]
    made = Interpreter(model, keep_tensors=True, process=process)
    first = made.run(*given)
    made.tensors([operator.outputs[0] for operator in model.operators if operator.outputs])
    same = all(a.tobytes() == b.tobytes() for a, b in zip(first, made.run(*given), strict=True))
    return "ran" if same else "differs from run to run"


def mutant(draw: random.Random) -> bytes:
    """A real model of which one to eight places are changed: fields that mean something, or any bytes."""
    original = draw.choice(_originals())
    changed = bytearray(original)
    kinds = _fields(original)
    for _ in range(draw.choice((1, 1, 2, 3, 8))):
        chance = draw.random()
        if chance < 0.7:
            at, size = draw.choice(draw.choice(kinds))
            before = int.from_bytes(changed[at : at + size], "little")
            small = draw.choice((0, 1, 2, 3, 5, 9, 17, before + 1, before - 1, before * 2, before // 2, *WORDS))
            changed[at : at + size] = (small % (1 << 8 * size)).to_bytes(size, "little")
        elif chance < 0.85:
            at = draw.randrange(len(changed) // 4) * 4
            changed[at : at + 4] = draw.choice(WORDS).to_bytes(4, "little")
        else:
            changed[draw.randrange(len(changed))] = draw.choice((0, 1, 255, draw.randrange(256)))
    return bytes(changed)


@cache
def _originals() -> list[bytes]:
    from tests.building.test_model import examples
    from tests.model import test_rules

    found = [file.read_bytes() for file in sorted((places.project() / "models").glob("*/*.tflite"))]
    found += [file.read_bytes() for file in sorted(examples().glob("*.tflite")) if file.stat().st_size < 100_000]
    found += [test_rules.file_of(*case[:3], **case[3]) for case in test_rules.RIGHT]
    return [*found, tiny_model.tflite_bytes(tiny_model.reshape_by_its_own_sizes())]


@cache
def _fields(data: bytes) -> list[list[tuple[int, int]]]:
    """Place and size of what a model says: codes, tensors' shapes, types and quantisation, operators' tensors and
    options, and constants of few values.
    """
    model = tflite.Model.GetRootAsModel(data, 0)
    graph = model.Subgraphs(0)
    codes = [model.OperatorCodes(index)._tab for index in range(model.OperatorCodesLength())]
    tensors = [graph.Tensors(index) for index in range(graph.TensorsLength())]
    operators = [graph.Operators(index) for index in range(graph.OperatorsLength())]
    scales = [tensor.Quantization()._tab for tensor in tensors if tensor.Quantization()]
    options = [operator.BuiltinOptions() for operator in operators if operator.BuiltinOptions()]
    buffers = [model.Buffers(tensor.Buffer()) for tensor in tensors]
    few = [buffer._tab for buffer in buffers if buffer.DataLength() in range(4, 68, 4)]
    found = [
        [*_scalars(codes, 4, 1), *_scalars(codes, 8, 4), *_scalars(codes, 10, 4)],
        _vectors([tensor._tab for tensor in tensors], 4, 4),
        [*_scalars([tensor._tab for tensor in tensors], 6, 1), *_scalars([tensor._tab for tensor in tensors], 8, 4)],
        [*_vectors(scales, 8, 4), *_vectors(scales, 10, 8)],
        [place for at in (6, 8) for place in _vectors([operator._tab for operator in operators], at, 4)],
        [place for at in range(4, 20, 2) for place in _scalars(options, at, 1)],
        [
            (table.Vector(table.Offset(4)) + 4 * n, 4)
            for table in few
            for n in range(table.VectorLen(table.Offset(4)) // 4)
        ],
    ]
    return [places_of for places_of in found if places_of]


def _scalars(tables: Iterable[Any], field: int, size: int) -> list[tuple[int, int]]:
    return [(table.Pos + table.Offset(field), size) for table in tables if table.Offset(field)]


def _vectors(tables: Iterable[Any], field: int, size: int) -> list[tuple[int, int]]:
    found = []
    for table in tables:
        at = table.Offset(field)
        if at:
            first, count = table.Vector(at), table.VectorLen(at)
            found += [(first + size * index, size) for index in range(count)]
    return found


def one_operator(draw: random.Random) -> bytes:
    """One operator with shapes, types, axes and options at random, of which most have the right number of inputs.

    Half of them get the output shape that the reader asks for, so that the interpreter sees them too.
    """
    name = draw.choice(OPERATORS)
    graph = _graph(draw, name)
    repaired = draw.random() < 0.7
    for _ in range(3 if repaired else 0):
        try:
            Model.of(FILE, tiny_model.tflite_bytes(graph))
        except LabError as error:
            wanted = _GIVES.search(error.message)
            if wanted is None:
                break
            shape = tuple(int(extent) for extent in wanted[1].split(", ") if extent)
            for index in graph.operators[0].outputs:
                graph.tensors[index].shape = shape
    return tiny_model.tflite_bytes(graph)


def _graph(draw: random.Random, name: str) -> Graph:
    least, most, made = rules.counts(name) if name in rules.NAMES else (draw.randint(1, 3), 24, 1)
    taken = draw.randint(least, min(most, least + 3)) if draw.random() < 0.9 else draw.randrange(6)
    given = (draw.randint(1, 4) if made is None else made) if draw.random() < 0.9 else draw.randrange(4)
    shape, kind = _shape(draw), draw.choice(TYPES)
    inputs = [_input(draw, place, shape, kind) for place in range(taken)]
    outputs = [
        Tensor(
            shape if draw.random() < 0.7 else _shape(draw),
            _like(draw, name, kind),
            zero_point=-128 * (name == "SOFTMAX"),
        )
        for _ in range(given)
    ]
    beside = Tensor((1,))
    tensors = [*inputs, *outputs, beside]
    if name in ("SOFTMAX", "LOGISTIC"):
        for output in outputs:
            output.scale, output.zero_point = 1 / 256, -128
    operator = Operator(
        vars(tflite.BuiltinOperator)[name],
        [place if draw.random() < 0.98 else -1 for place in range(taken)],
        range(taken, taken + given),
        draw.choice((1, 2, 3)),
        _options(draw, name),
    )
    free = [place for place in range(taken) if not tensors[place].data]
    return Graph(tensors, [operator], [*free, taken + given], [*range(taken, taken + given), taken + given])


def _like(draw: random.Random, name: str, kind: int) -> int:
    if draw.random() < 0.1:
        return draw.choice(TYPES)
    if name in ("ARG_MAX", "ARG_MIN", "SHAPE"):
        return tflite.TensorType.INT32
    if any(part in name for part in ("EQUAL", "GREATER", "LESS", "LOGICAL")):
        return tflite.TensorType.BOOL
    return kind


def _shape(draw: random.Random) -> tuple[int, ...]:
    return tuple(draw.choice(EXTENTS) for _ in range(draw.choice((0, 1, 1, 2, 2, 3, 4, 4, 4, 5, 6))))


def _input(draw: random.Random, place: int, shape: tuple[int, ...], kind: int) -> Tensor:
    """The first is data; of the others half are like it, and half small integers, as axes and sizes are."""
    if place == 0 and draw.random() < 0.8:
        return Tensor(shape, kind)
    if draw.random() < 0.5:
        other = shape if draw.random() < 0.7 else _shape(draw)
        return Tensor(other, kind, data=_bytes(draw, other, kind) if draw.random() < 0.3 else b"")
    rank = len(shape)
    extents = draw.choice(((), (1,), (2,), (rank or 1,), (rank or 1, 2), (draw.choice((1, 2, 3)),)))
    count = int(np.prod(extents, dtype=int))
    low, high = draw.choice(
        ((-1, 1), (0, max(rank - 1, 0)), (-rank - 1, rank + 1), (1, 4), (0, 8), (-(2**31), 2**31 - 1))
    )
    values = [draw.randint(low, high) for _ in range(count)]
    return Tensor(extents, tflite.TensorType.INT32, np.array(values, np.int32).tobytes(), scale=None)


def _bytes(draw: random.Random, shape: tuple[int, ...], kind: int) -> bytes:
    sizes = {tflite.TensorType.FLOAT32: 4, tflite.TensorType.INT16: 2, tflite.TensorType.INT32: 4}
    count = sizes.get(kind, 1) * int(np.prod(shape, dtype=int))
    return draw.randbytes(count) if count < _LARGEST_CONSTANT else b""


def _options(draw: random.Random, name: str) -> dict[str, float]:
    table = tiny_model.OPTIONS.get(vars(tflite.BuiltinOperator)[name])
    if table is None or draw.random() < 0.03:
        return {}
    fields = [one.removeprefix(f"{table}Add") for one in vars(tflite) if one.startswith(f"{table}Add")]
    numbers = [one for one in fields if one not in ("Container", "SharedName")]
    return {one: draw.choice((0, 1) if _is_truth(table, one) else (0, 0, 1, 1, 1, 2, 2, 3, 4)) for one in numbers}


@cache
def _is_truth(table: str, field_name: str) -> bool:
    """Whether the schema's builder takes a boolean there."""
    return "PrependBoolSlot" in inspect.getsource(vars(tflite)[f"{table}Add{field_name}"])


KINDS = {"mutant": mutant, "one-operator": one_operator}


def _lines(name: str, counts: Counts) -> Iterator[str]:
    total = sum(counts.came.values())
    yield f"{total:,} of {name}: {len(counts.faults)} faults, the slowest took {counts.slowest_s:.1f} s"
    yield from (f"  {number:6,} {outcome}" for outcome, number in counts.came.most_common())
    yield from (f"  FAULT {seed}: {said}" for seed, said in counts.faults.items())


def main() -> None:
    """Try as many of each kind as the first argument says, from the seed of the second on."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    every = {
        kind: tried(kind, range(first, first + count), lambda line: print(line, file=sys.stderr)) for kind in KINDS
    }
    print("\n".join(line for name, counts in every.items() for line in _lines(name, counts)))
    sys.exit(any(counts.faults for counts in every.values()))


if __name__ == "__main__":
    main()
