"""Models that others published as ONNX, computed by onnxruntime on one thread: the same answer every time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab import origin
from lab.errors import ToolMissing


def session(file: Path) -> Any:
    """The model in memory; several threads may ask it. Raises ToolMissing without onnxruntime."""
    try:
        import onnxruntime  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise ToolMissing(
            f"{file.name} needs onnxruntime ({error}).",
            remedy=f"Type: {origin.with_extra('train')}",
            code="train-extra-missing",
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def answer(asked: Any, *inputs: NDArray[Any]) -> NDArray[np.float32]:
    """The only output of a session, for its inputs in their order."""
    names = (each.name for each in asked.get_inputs())
    (found,) = asked.run(None, dict(zip(names, inputs, strict=True)))
    return np.asarray(found, np.float32)
