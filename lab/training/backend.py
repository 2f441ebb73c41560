"""TensorFlow, which only training needs, loaded when it is needed and made repeatable."""

from __future__ import annotations

import os
from typing import Any

from lab.errors import ToolMissing


def load(seed: int) -> tuple[Any, Any]:
    """TensorFlow and tf_keras, seeded: the same seed trains the same model. Raises ToolMissing."""
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        import tensorflow  # noqa: PLC0415  (2 GB, and only for training)
        import tf_keras  # noqa: PLC0415
    except ImportError as error:
        raise ToolMissing(
            f"Training needs TensorFlow and tf-keras ({error}).",
            remedy="pip install 'tinyml-device-lab[train]'",
        ) from error
    tensorflow.get_logger().setLevel("ERROR")
    tf_keras.utils.set_random_seed(seed)
    tensorflow.config.experimental.enable_op_determinism()
    return tensorflow, tf_keras
