"""What a Keras file names that is Python code of its own: found before Keras reads the file, and imports or runs it.

Keras looks up classes and functions by the module that the file names, and tf-keras calls whatever it finds there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_CODE = {
    *("Lambda", "__lambda__", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"),
    *("ClassMethod", "InstanceMethod"),
}
"""Classes of Keras that carry code, or load it."""

_LIBRARIES = {"keras", "tf_keras"}
_ACTIVATIONS = {
    *("elu", "exponential", "gelu", "hard_sigmoid", "leaky_relu", "linear", "log_softmax", "mish", "relu", "relu6"),
    *("selu", "sigmoid", "silu", "softmax", "softplus", "softsign", "swish", "tanh"),
}
"""Functions that a network computes with, which Keras writes by their name alone."""

_OPERATORS = {"TFOpLambda", "SlicingOpLambda"}
"""Layers of tf-keras that stand for a function of TensorFlow, named in their settings."""

_COMPUTING = re.compile(
    r"(compat\.v1\.)?((math|nn|linalg|__operators__)\.\w+|cast|clip_by_value|concat|expand_dims|gather|identity|ones_like"
    r"|pad|reshape|reverse|slice|split|squeeze|stack|strided_slice|tile|transpose|unstack|where|zeros_like)"
)
"""Functions of TensorFlow that compute from tensors alone; others read and write files, or load libraries."""


def named(config: Any) -> str | None:
    """The first thing in the configuration of a model that is code, in words; None where all is Keras' own.

    How the whole model was compiled for training is not looked at: nobody reads it.
    """
    if isinstance(config, dict):
        config = {key: value for key, value in config.items() if key != "compile_config"}
    return next((found for one in _tables(config) if (found := _code(one))), None)


def _tables(config: Any) -> Iterator[dict[str, Any]]:
    waiting = [config]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _code(table: dict[str, Any]) -> str | None:
    module, written = table.get("module"), table.get("class_name")
    if not isinstance(written, str):
        return None
    name = re.split(r"[.>]", written)[-1]
    settings = table.get("config")
    if name in _CODE:
        return f"a {name} layer"
    if name == "function":
        is_known = module in ("builtins", None) and isinstance(settings, str) and settings in _ACTIVATIONS
        return None if is_known else f"the function {settings} of {module}"
    if name in _OPERATORS:
        function = settings.get("function") if isinstance(settings, dict) else None
        return None if _COMPUTING.fullmatch(str(function)) else f"TensorFlow's function {function}"
    if module is None or name.startswith("__"):
        return None  # looked up among what Keras itself has
    is_of_keras = str(module).partition(".")[0] in _LIBRARIES
    return None if is_of_keras and name[:1].isupper() else f"{name} of {module}"
