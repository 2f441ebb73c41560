"""A configuration, or a table of one, that is of one of several kinds: its key `kind` says of which.

A kind is a module of a package (lab/modules.py) whose class `Settings` has the keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from lab import files, modules
from lab.configuration import Frozen, place, read_toml
from lab.errors import ConfigurationError, did_you_mean

Kind = TypeVar("Kind", bound=Frozen)


def kinds(package: str, base: type[Kind]) -> dict[str, type[Kind]]:
    """The settings of every kind in the package, by name."""
    classes = [module.Settings for module in modules.every(package) if issubclass(module.Settings, base)]
    return {one.model_fields["kind"].default: one for one in classes}


def checked(value: Any, package: str, base: type[Kind]) -> Kind:
    """A table as the settings of its kind. Raises pydantic's ValidationError for a kind that there is not."""
    if not isinstance(value, dict):
        return base.model_validate(value)
    every = kinds(package, base)
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in every:
        names = ", ".join(sorted(every))
        problem = f"it is missing: one of {names}" if kind is None else f"there is no kind {kind!r}: one of {names}"
        error = InitErrorDetails(
            type=PydanticCustomError("no_such_kind", "{why}", {"why": problem}), loc=("kind",), input=kind
        )
        raise ValidationError.from_exception_data(base.__name__, [error])
    return every[kind].model_validate(value)


class _OfSomeKind(Frozen):
    """A file of which only the kind is looked at."""

    model_config = ConfigDict(extra="ignore")
    kind: str


def check_there(file: Path, says: str) -> None:
    """Raises ConfigurationError for a file of a workload that is not there; `says` is what stands in it."""
    if not file.exists():
        raise ConfigurationError(
            f"There is no {file}, which says {says}.",
            remedy="Copy that of a workload with features of the same kind, and change it; docs/training.md has the "
            "keys.",
            code="file-missing",
        )


def read(path: Path, package: str, base: type[Kind]) -> Kind:
    """A whole TOML file as the settings of its kind. Raises ConfigurationError, for a kind that there is not too."""
    every = kinds(package, base)
    kind = read_toml(path, _OfSomeKind).kind
    if kind not in every:
        meant = did_you_mean(kind, every) or f" There are {', '.join(sorted(every))}."
        raise ConfigurationError(
            f"{place(path, files.text(path), 'kind')}: kind: there is no kind {kind!r}.{meant}",
            remedy="Correct the file; the one that ships shows each key.",
            code="toml-content",
        )
    return read_toml(path, every[kind])
