"""The folder of `lab replay --dump-tensors`: each operator's output on the device and on the host, and an index."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab import disk
from lab.errors import UsageError
from lab.replaying.result import ReplayResult
from lab.replaying.tensors import OperatorTensor, Tensors

INDEX, INPUT = "tensors.json", "input.npy"
SCHEMA = "tinyml-device-lab/tensors/1"
_ELSEWHERE = "name another folder with --dump-tensors"


def check(folder: Path) -> None:
    """Raises UsageError for a folder that holds something else than an earlier dump; it is not touched."""
    with disk.writing(folder, elsewhere=_ELSEWHERE):
        if folder.exists() and not (folder / INDEX).is_file() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(
                f"{folder} holds something else already.",
                remedy="Name an empty or new folder with --dump-tensors.",
                code="folder-in-use",
            )


def check_beside(folder: Path, results: Path) -> None:
    """Raises UsageError for a folder that is the one of the results, or around it: it is replaced as a whole."""
    if results.resolve().is_relative_to(folder.resolve()):
        raise UsageError(
            f"{folder} holds the results of the replay, and --dump-tensors writes a folder of its own.",
            remedy=f"Name another folder with --dump-tensors, such as {results / 'tensors'}.",
            code="folder-in-use",
        )


def write(tensors: Tensors, result: ReplayResult, folder: Path) -> None:
    """Write it whole or not at all, in the place of an earlier dump. Raises UsageError as `check`, and StorageError."""
    check(folder)
    with disk.folder_replacing(folder, elsewhere=_ELSEWHERE) as draft:
        (draft / INPUT).write_bytes(_npy(tensors.features))
        rows = []
        for one in tensors.operators:
            files = {}
            for side, values in (("device", one.device), ("host", one.host)):
                if values is not None:
                    files[side] = f"{side}/{_name(one)}.npy"
                    (draft / side).mkdir(exist_ok=True)
                    (draft / files[side]).write_bytes(_npy(values))
            rows.append(_row(one, files))
        (draft / INDEX).write_text(json.dumps(_index(tensors, result, rows), indent=1) + "\n", encoding="utf-8")


def told(tensors: Tensors) -> str:
    """What came of the comparison, as the end of a sentence about the folder."""
    inference = f"inference {tensors.inference.number}, at {tensors.inference.begin_s:.3f} s"
    if tensors.first is not None:
        return f"{inference}: the first that differs is {tensors.first}"
    compared = all(one.host is not None for one in tensors.operators)
    return f"{inference}: {len(tensors.operators)} operators" + (", equal on device and host" if compared else "")


def _index(tensors: Tensors, result: ReplayResult, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "workload": result.workload,
        "target": result.target,
        "variant": result.variant,
        "trace": result.trace,
        "inference": tensors.inference.number,
        "begin_s": tensors.inference.begin_s,
        "label": tensors.inference.label,
        "scores": tensors.inference.scores,
        "model": tensors.model.path.name,
        "model_crc": tensors.model.crc,
        "input": INPUT,
        "operators": rows,
        "notes": tensors.notes,
    }


def _row(one: OperatorTensor, files: dict[str, str]) -> dict[str, Any]:
    return {
        "index": one.index,
        "operator": one.operator,
        "tensor": one.tensor.name,
        "shape": one.tensor.shape,
        "type": one.tensor.dtype.lower(),
        "scale": one.tensor.scale,
        "zero_point": one.tensor.zero_point,
        "files": files,
        "equal": None if one.apart is None else not one.differs,
        "differing": None if one.apart is None else one.apart.differing,
        "first": dict(_first(one)) or None,
    }


def _first(one: OperatorTensor) -> Iterator[tuple[str, Any]]:
    if one.apart is None or one.apart.first is None or one.host is None:
        return
    yield "element", one.apart.first
    for side, values in (("device", one.device), ("host", one.host)):
        value = values.ravel()[one.apart.first].item()
        yield side, value if not isinstance(value, float) or math.isfinite(value) else str(value)


def _name(one: OperatorTensor) -> str:
    return f"{one.index:03d}-{re.sub(r'[^A-Za-z0-9_]', '_', one.operator)}"


def _npy(values: NDArray[np.generic]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=False)
    return stream.getvalue()
