"""What training stands on, loaded when it is needed: TensorFlow, made repeatable."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab import origin
from lab.errors import ToolMissing

_NEWEST = (3, 13)
"""The newest CPython that TensorFlow 2.21 has wheels for."""


def load(seed: int, threads: int | None = None) -> tuple[Any, Any]:
    """TensorFlow and tf_keras, seeded: the same seed trains the same model. Raises ToolMissing.

    With `threads` an operator is computed by as many, unless the environment says otherwise or TensorFlow has begun:
    sums come in another order, and a model comes out another, with other numbers of them.
    """
    if threads is not None:
        os.environ.setdefault("TF_NUM_INTRAOP_THREADS", str(threads))
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with quiet():
            import tensorflow  # noqa: PLC0415  (2 GB, and only for training)
            import tf_keras  # noqa: PLC0415
    except ImportError as error:
        raise missing(error) from error
    tensorflow.get_logger().setLevel("ERROR")
    with quiet():
        tensorflow.config.list_physical_devices()  # looks for a GPU, at length
    tf_keras.backend.clear_session()  # else names in the model would count on from an earlier training
    tf_keras.utils.set_random_seed(seed)
    tensorflow.config.experimental.enable_op_determinism()
    return tensorflow, tf_keras


def model_optimization() -> Any:
    """TensorFlow's Model Optimization Toolkit, once TensorFlow is loaded. Raises ToolMissing."""
    try:
        with quiet():
            import tensorflow_model_optimization  # noqa: PLC0415  (a second, and only for some variants)
    except ImportError as error:
        raise missing(error) from error
    return tensorflow_model_optimization


def keras3() -> Any:
    """Keras 3, which comes with TensorFlow, on TensorFlow. Raises ToolMissing."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    try:
        with quiet():
            import keras  # noqa: PLC0415  (seconds, and only for files that it saved)
    except ImportError as error:
        raise missing(error) from error
    return keras


def missing(error: ImportError) -> ToolMissing:
    """For want of a package of the extra `train`, to be raised."""
    return ToolMissing(
        f"Training needs TensorFlow, tf-keras and tensorflow-model-optimization ({error}).",
        remedy=_remedy(),
        code="train-extra-missing",
    )


def _remedy() -> str:
    if sys.version_info[:2] > _NEWEST:
        return f"TensorFlow has no wheels for this CPython: train with 3.10 to {'.'.join(map(str, _NEWEST))}."
    return f"Type: {origin.with_extra('train')}"


@contextmanager
def quiet() -> Iterator[None]:
    """Without what TensorFlow's C++ writes to standard error whatever the log level. Exceptions pass."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
