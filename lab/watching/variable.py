"""A variable that is watched, or a part of one: `lab::listener.step`, `lab_scores[3]`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from lab.engines.machine import Machine
from lab.errors import ConfigurationError, UnknownName
from lab.watching import debug_info
from lab.watching.debug_info import Found
from lab.watching.types import Array, Structure, Type, Value

_STEP = re.compile(r"\.(?P<member>[A-Za-z_]\w*)|\[(?P<index>\d{1,9})\]")
_PATH = re.compile(r"(?P<name>[A-Za-z_~][\w:~<>, ]*)(?P<steps>(?:\.[A-Za-z_]\w*|\[\d{1,9}\])*)")


@dataclass(frozen=True)
class Variable:
    """`text` is how it was named."""

    text: str
    address: int
    kind: Type

    def read(self, machine: Machine) -> Value:
        """What it holds now."""
        return self.kind.value(machine.read(self.address, self.kind.size))


def find(path: Path, text: str) -> Variable:
    """The variable of an image that a text names, by its whole name or by its last part where only one has it.

    Raises UnknownName, and ConfigurationError for what has no such member or element, or cannot be shown.
    """
    parts = _PATH.fullmatch(text.strip())
    found = _named(path, parts["name"] if parts else text)
    variable = Variable(text, found.address, debug_info.type_of(found))
    for step in _STEP.finditer(parts["steps"] if parts else ""):
        variable = _part(variable, step)
    return variable


def _named(path: Path, name: str) -> Found:
    every = debug_info.variables(path, in_functions=False)
    found = _of_name(every, name)
    if not found:
        every = debug_info.variables(path, in_functions=True)
        found = _of_name(every, name)
    if not found:
        raise UnknownName(f"variable of {path.name}", name, sorted({one.name for one in every}))
    if len({one.address for one in found}) > 1:
        names = ", ".join(sorted({one.name for one in found}))
        raise ConfigurationError(
            f"{path.name} has several variables named {name}: {names}.",
            remedy="Name one of them in full.",
            code="variable-ambiguous",
        )
    return found[0]


def _of_name(every: list[Found], name: str) -> list[Found]:
    whole = [one for one in every if one.name == name]
    return whole or [one for one in every if one.name.rpartition("::")[2] == name]


def _part(of: Variable, step: re.Match[str]) -> Variable:
    kind, member, index = of.kind, step["member"], step["index"]
    if member is not None and isinstance(kind, Structure) and member in kind.members:
        offset, inner = kind.members[member]
        return replace(of, address=of.address + offset, kind=inner)
    if index is not None and isinstance(kind, Array) and int(index) < kind.count:
        return replace(of, address=of.address + int(index) * kind.element.size, kind=kind.element)
    has = "has no parts"
    if isinstance(kind, Structure):
        has = f"has the members {', '.join(kind.members) or 'none'}"
    elif isinstance(kind, Array):
        has = f"has {kind.count} elements"
    raise ConfigurationError(
        f"{of.text}: there is no {step[0]}: it {has}.", remedy="Correct --watch.", code="variable-part"
    )
