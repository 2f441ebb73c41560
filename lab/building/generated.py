"""The files that the firmware takes from the lab: see "What the lab generates" in firmware/README.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import tflite

from lab.building import operators
from lab.building.kernels import Kernels
from lab.building.registered import Registered
from lab.building.tflm import Source
from lab.model import Model, Operator

_LAST_OF_CRATE = tflite.BuiltinOperator.BATCH_MATMUL
"""The last operator of the crate's schema."""


def write(
    folder: Path, headers: Mapping[str, str], model: Model, arena_bytes: int, source: Source, kernels: Kernels
) -> None:
    """Bring the files in `folder` up to date; one that would not change keeps its time, so nothing is rebuilt.

    `headers` are those of the application, by name. Raises ModelError for an operator that this TFLM lacks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in headers.items():
        _write(folder / name, text.encode())
    _write(folder / "arena_config.h", _constant("kArenaBytes", arena_bytes).encode())
    _write(folder / "kernels_config.h", _kernels(model, kernels).encode())
    _write(folder / "model_operators.h", _operators(model, source, kernels).encode())
    _write(folder / "model.tflite", model.data)


def _write(file: Path, content: bytes) -> None:
    if not file.is_file() or file.read_bytes() != content:
        file.write_bytes(content)


def _kernels(model: Model, kernels: Kernels) -> str:
    """How many output channels there are of all operators whose weights a library of kernels multiplies."""
    weighing = [one for one in model.operators if one.macs and kernels.serves(one.name) and _has_int8_data(one, model)]
    channels = sum(model.tensors[operator.outputs[0]].shape[-1] for operator in weighing)
    return _constant("kWeightedChannels", channels)


def _constant(name: str, value: int) -> str:
    """A header with nothing else in it, so that nothing else compiles what includes it anew."""
    return f"""\
#pragma once
#include <cstddef>

namespace workload {{
inline constexpr size_t {name} = {value};
}}  // namespace workload
"""


def _operators(model: Model, source: Source, kernels: Kernels) -> str:
    lines = [_line(one, version, model, source, kernels) for one, version in operators.used(model, source)]
    later = any(line.startswith("LATER") for line in lines)
    return "".join((*(["#define LAB_LATER_OPERATORS\n"] if later else []), *lines))


def _has_int8_data(operator: Operator, model: Model) -> bool:
    """Whether it is one that a library could compute: all of them are for int8, and read the data first."""
    return bool(operator.inputs) and operator.inputs[0] >= 0 and model.tensors[operator.inputs[0]].dtype == "INT8"


def _line(operator: Registered, version: int, model: Model, source: Source, kernels: Kernels) -> str:
    code = getattr(tflite.BuiltinOperator, operator.name)
    if source.is_crate and code > _LAST_OF_CRATE:
        return f"LATER({operator.name}, {code}, {operator.function}, {version})\n"
    alike = (one for one in (*model.operators, *model.filling) if one.name == operator.name)
    if kernels.serves(operator.kernel) and any(_has_int8_data(one, model) for one in alike):
        return f"OURS({operator.name}, {operator.method}, {operator.kernel.lower()}, {version})\n"
    return f"TFLMS({operator.name}, {operator.method}, {operator.function}, {version})\n"
