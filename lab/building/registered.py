"""The operators that a TFLM has, read from its sources and from the kernels that the lab adds to the crate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab import files, places
from lab.building import operator_types
from lab.building.operator_types import Types
from lab.building.tflm import Source
from lab.errors import ConfigurationError
from lab.model import Model, Operator

_CRATE_LIST = Path("tensorflow/lite/micro/kernels/all_ops_resolver.cc")
_TREE_LIST = Path("tensorflow/lite/micro/micro_mutable_op_resolver.h")
_CRATE_ENTRY = re.compile(
    r"AddBuiltin\(\s*BuiltinOperator_(?P<name>\w+),\s*(?P<function>Register_\w+)\(\)(?:,\s*\d+,\s*(?P<highest>\d+))?"
)
_TREE_ENTRY = re.compile(
    r"TfLiteStatus (?P<method>Add\w+)\([^{}]*\{\s*return AddBuiltin\(\s*BuiltinOperator_(?P<name>\w+)"
)
_OUR_ENTRY = re.compile(
    r"^LAB_OPERATOR\((?P<function>\w+),\s*(?P<name>\w+),\s*(?P<highest>\d+),(?P<types>(?:\s*\"[^\"]*\")+)\)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Registered:
    """An operator of a TFLM: `method` of today's MicroMutableOpResolver, `function` that gives the registration.

    `highest` is the last version that it takes, `types` are those that it computes, of the input at position `data` and
    the first output. Both are None where this TFLM does not say.
    """

    name: str
    method: str
    function: str
    highest: int | None
    types: frozenset[Types] | None = None
    data: int = 0
    is_ours: bool = False
    """From `firmware/third_party/tflm/kernels`."""

    @property
    def kernel(self) -> str:
        """What a library of kernels that can stand before it calls its own."""
        return self.function.removeprefix("Register_")

    def takes(self, operator: Operator, model: Model) -> bool:
        """Whether it computes this operator of its name."""
        return self.takes_version(operator.version) and self.takes_types(operator, model)

    def takes_version(self, version: int) -> bool:
        """Whether that version is not later than what it takes."""
        return self.highest is None or version <= self.highest

    def takes_types(self, operator: Operator, model: Model) -> bool:
        """Whether it computes the operator's types."""
        if self.types is None:
            return True
        found = self.types_of(operator, model)
        return found is None or found in self.types

    def types_of(self, operator: Operator, model: Model) -> Types | None:
        """What this operator of its name is asked for, None where it lacks its data or output."""
        if len(operator.inputs) <= self.data or operator.inputs[self.data] < 0 or not operator.outputs:
            return None
        return model.tensors[operator.inputs[self.data]].dtype, model.tensors[operator.outputs[0]].dtype


def of(source: Source) -> dict[str, tuple[Registered, ...]]:
    """Every operator of that TFLM by its schema name; of several registrations the plainest is the first.

    Raises ConfigurationError if its list is not to be found.
    """
    crate_list = source.root / _CRATE_LIST
    if not crate_list.is_file():
        return {found.name: (found,) for found in map(_of_tree, _TREE_ENTRY.finditer(_tree_list(source)))}
    ours = list(_ours())
    replaced = {one.function for one in ours}
    crates = map(_of_crate, _CRATE_ENTRY.finditer(crate_list.read_text(encoding="utf-8")))
    known: dict[str, tuple[Registered, ...]] = {}
    for one in (*(one for one in crates if one.function not in replaced), *ours):
        known[one.name] = (*known.get(one.name, ()), one)
    return known


def _of_crate(entry: re.Match[str]) -> Registered:
    name, data = entry["name"], operator_types.DATA_OF_CRATE.get(entry["name"], 0)
    highest = int(entry["highest"] or 1)
    return Registered(name, _adding(name), entry["function"], highest, operator_types.OF_CRATE.get(name), data)


def _ours() -> Iterator[Registered]:
    """The kernels of `firmware/third_party/tflm/kernels`, each with the line that says what it computes."""
    for file in sorted((places.project() / "firmware" / "third_party" / "tflm" / "kernels").glob("*.cc")):
        for entry in _OUR_ENTRY.finditer(file.read_text(encoding="utf-8")):
            types, data = operator_types.parsed("".join(re.findall(r'"([^"]*)"', entry["types"])))
            yield Registered(
                entry["name"], _adding(entry["name"]), entry["function"], int(entry["highest"]), types, data, True
            )


def _of_tree(entry: re.Match[str]) -> Registered:
    return Registered(entry["name"], entry["method"], f"Register_{entry['name']}", None)


def _adding(name: str) -> str:
    return "Add" + name.title().replace("_", "")


def _tree_list(source: Source) -> str:
    try:
        return files.text(source.root / _TREE_LIST)
    except (OSError, UnicodeDecodeError) as error:
        reason = files.why_unread(error)
        raise ConfigurationError(
            f"{source.root / _TREE_LIST}, which lists TFLM's operators, cannot be read: {reason}.",
            remedy="Name a whole tree, as create_tflm_tree.py writes it.",
            code="tflm-tree",
        ) from error
