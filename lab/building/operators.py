"""Which operators a TFLM has, read from its own sources, and whether they suffice for a model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab import files
from lab.building import crate_limits, operator_types
from lab.building.tflm import Source
from lab.errors import ConfigurationError, ModelError
from lab.model import Model, Operator

_CRATE_LIST = Path("tensorflow/lite/micro/kernels/all_ops_resolver.cc")
_TREE_LIST = Path("tensorflow/lite/micro/micro_mutable_op_resolver.h")
_CRATE_ENTRY = re.compile(
    r"AddBuiltin\(\s*BuiltinOperator_(?P<name>\w+),\s*(?P<function>Register_\w+)\(\)(?:,\s*\d+,\s*(?P<highest>\d+))?"
)
_TREE_ENTRY = re.compile(
    r"TfLiteStatus (?P<method>Add\w+)\([^{}]*\{\s*return AddBuiltin\(\s*BuiltinOperator_(?P<name>\w+)"
)

# The crate lists both up to version 1, and version 2 only adds types, of which operator_types.py knows: MEAN computes
# floats alone all the same, STRIDED_SLICE int32 too, with its kernel mended (firmware/third_party/tflm/kernels).
_MORE_THAN_LISTED = {"MEAN": 2, "STRIDED_SLICE": 2}
_ADDED_TO_CRATE = ("SHAPE",)
"""Operators with a kernel in firmware/third_party/tflm/kernels alone."""


@dataclass(frozen=True)
class Registered:
    """An operator of a TFLM: `method` of today's MicroMutableOpResolver, `function` that gives the registration.

    `highest` is the last version that it takes, None where this TFLM does not ask.
    """

    name: str
    method: str
    function: str
    highest: int | None


def of(source: Source) -> dict[str, Registered]:
    """Every operator of that TFLM by its schema name. Raises ConfigurationError if its list is not to be found."""
    crate_list = source.root / _CRATE_LIST
    if crate_list.is_file():
        found = [_of_crate(entry) for entry in _CRATE_ENTRY.finditer(crate_list.read_text(encoding="utf-8"))]
        found += [Registered(name, _adding(name), f"Register_{name}", 1) for name in _ADDED_TO_CRATE]
    else:
        found = [_of_tree(entry) for entry in _TREE_ENTRY.finditer(_tree_list(source))]
    return {operator.name: operator for operator in found}


def used(model: Model, source: Source) -> list[tuple[Registered, int]]:
    """The model's operators in the order of first use, each with the highest version that the model uses.

    Raises ModelError that names every operator this TFLM lacks, has in too old a version, or has for other types and
    shapes than the model's.
    """
    known = of(source)
    versions: dict[str, int] = {}
    for operator in model.operators:
        versions[operator.name] = max(versions.get(operator.name, 0), operator.version)
    problems = [problem for name, version in versions.items() if (problem := _problem(name, version, known))]
    if source.is_crate:
        problems += dict.fromkeys(filter(None, (_other_types(operator, model) for operator in model.operators)))
        problems += dict.fromkeys(crate_limits.problems(model))
    if problems:
        raise ModelError(
            f"{model.path} uses what TFLM ({source.version}) lacks: {', '.join(problems)}.",
            remedy=" ".join([*_hints(problems), _elsewhere(source)]),
            code="operator-missing",
        )
    return [(known[name], version) for name, version in versions.items()]


def _elsewhere(source: Source) -> str:
    if source.is_crate:
        return "Change the model, or build with today's TFLM: `lab setup tflm`, and then --tflm upstream."
    return "Change the model, or give a TFLM that has it with --tflm-root."


def _problem(name: str, version: int, known: dict[str, Registered]) -> str:
    if name not in known:
        return name
    highest = known[name].highest
    if highest is not None and version > highest:
        return f"{name} version {version} (it has {highest})"
    return ""


def _hints(problems: list[str]) -> Iterator[str]:
    """How the commonest come out of a conversion, and what avoids them."""
    if any(problem.startswith(("MEAN of int8", "MEAN of uint8")) for problem in problems):
        yield "In Keras AveragePooling2D over the whole image takes the place of GlobalAveragePooling2D."
    if any(problem.startswith("QUANTIZE of") and "uint8" in problem.partition(" (")[0] for problem in problems):
        yield "Convert with inference_input_type and inference_output_type of tf.int8, not tf.uint8."
    if any("of int16" in problem.partition(" (")[0] for problem in problems):
        yield "Quantise activations to int8, not int16 (OpsSet.TFLITE_BUILTINS_INT8)."


def _other_types(operator: Operator, model: Model) -> str:
    """`MEAN of int8 (it has float32)`, where the kernel would refuse these types on the device."""
    types = operator_types.of(operator, model)
    computed = operator_types.COMPUTED.get(operator.name)
    if types is None or computed is None or types in computed:
        return ""
    has = ", ".join(sorted(map(operator_types.in_words, computed)))
    return f"{operator.name} of {operator_types.in_words(types)} (it has {has})"


def _of_crate(entry: re.Match[str]) -> Registered:
    name = entry["name"]
    highest = max(int(entry["highest"] or 1), _MORE_THAN_LISTED.get(name, 1))
    return Registered(name, _adding(name), entry["function"], highest)


def _adding(name: str) -> str:
    return "Add" + name.title().replace("_", "")


def _of_tree(entry: re.Match[str]) -> Registered:
    return Registered(entry["name"], entry["method"], f"Register_{entry['name']}", None)


def _tree_list(source: Source) -> str:
    try:
        return files.text(source.root / _TREE_LIST)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigurationError(
            f"{source.root / _TREE_LIST}, which lists TFLM's operators, cannot be read: {reason}.",
            remedy="Name a whole tree, as create_tflm_tree.py writes it.",
            code="tflm-tree",
        ) from error
