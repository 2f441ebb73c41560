"""One thing that the lab needs: what for, whether it is there, and what to do if it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lab.errors import LabError

Use = Literal["build", "emulate", "compare", "riscv", "upstream", "train", "renode"]
Status = Literal["ok", "missing", "too old", "unusable"]

USES: dict[Use, str] = {
    "build": "build firmware",
    "emulate": "run it on the built-in engine",
    "compare": "compare the device with the host",
    "riscv": "build firmware for RISC-V boards (optional)",
    "upstream": "build with today's TFLM (optional)",
    "train": "train models (optional)",
    "renode": "run it on Renode (optional)",
}
OPTIONAL: frozenset[Use] = frozenset({"riscv", "upstream", "train", "renode"})

LIBRARY = "a library of the lab"
"""The purpose of those packages that people need not tell apart."""

_STATUSES: dict[str, Status] = {
    "tool-missing": "missing",
    "library-missing": "missing",
    "package-missing": "missing",
    "tflm-missing": "missing",
    "tool-too-old": "too old",
}


@dataclass(frozen=True)
class Component:
    """One thing that `use` needs for its `purpose`; `remedy` is empty where nothing has to be done."""

    name: str
    use: Use
    purpose: str
    status: Status
    version: str = ""
    path: str = ""
    remedy: str = ""


def looked_for(name: str, use: Use, purpose: str, look: Callable[[], tuple[str, Path]]) -> Component:
    """The component that `look` finds, by version and path, or what the error that it raises says of it."""
    try:
        version, path = look()
    except LabError as error:
        status = _STATUSES.get(error.code, "unusable")
        # That it is missing says the status; anything else needs the error's own words.
        remedy = error.remedy if status == "missing" and error.remedy else f"{error.message} {error.remedy}".strip()
        return Component(name, use, purpose, status, remedy=remedy)
    return Component(name, use, purpose, "ok", version, str(path))
