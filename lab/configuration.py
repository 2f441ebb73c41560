"""Reading a TOML file into a checked, frozen value."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from lab import files
from lab.errors import ConfigurationError, did_you_mean
from lab.toml_lines import line_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib
if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


_LONG_INTEGER = re.compile(r"[0-9a-fA-F_]{1000,}")


class Frozen(BaseModel):
    """Base of all configuration values: immutable, an unknown key is an error, and `true` is no number."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _is_no_truth(cls, value: object, info: ValidationInfo) -> object:
        takes = cls.model_fields[str(info.field_name)].annotation
        if isinstance(value, bool) and takes is not bool:
            raise ValueError(f"{str(value).lower()} is not what this key takes")
        return value


Value = TypeVar("Value", bound=Frozen)


def read_toml(path: Path, kind: type[Value], **given: object) -> Value:
    """The file as a `kind`; `given` adds fields that the file does not carry (its name, its folder).

    Raises ConfigurationError that names the file, the line and the key.
    """
    try:
        text = files.text(path)
        content = _table(path, text)
        return kind.model_validate({**content, **given})
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}.",
            remedy="Restore the file, or make it readable.",
            code="file-unreadable",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} is not valid TOML: {error}.",
            remedy="Correct the file at that place; toml.io says how TOML is written.",
            code="toml-syntax",
        ) from error
    except ValidationError as error:
        problems = [
            _problem(path, text, content, kind, problem) for problem in sorted(error.errors(), key=_misspelt_first)
        ]
        raise ConfigurationError(
            problems[0],
            remedy="Correct the file; the one that ships shows each key.",
            details="\n".join(problems) if len(problems) > 1 else "",
            code="toml-content",
        ) from error


def _table(path: Path, text: str) -> dict[str, Any]:
    """What a TOML text holds. Raises TOMLDecodeError, and ConfigurationError for what is valid and of no use."""
    try:
        content: dict[str, Any] = tomllib.loads(text)
    except RecursionError as error:
        raise _of_no_use(f"{path}: it is nested too deeply") from error
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # Python converts no integer of more than 4,300 digits
        line = text.count("\n", 0, found.start()) + 1 if (found := _LONG_INTEGER.search(text)) else 1
        raise _of_no_use(f"{path}:{line}: an integer has more than 64 bits") from error
    for keys, why in (*files.unusable_numbers(content), *_with_a_null(content)):
        raise _of_no_use(f"{place(path, text, *_before_a_number(keys))}: {'.'.join(map(str, keys))}: it {why}")
    return content


def _with_a_null(value: object, keys: files.Keys = ()) -> Iterator[tuple[files.Keys, str]]:
    """Texts that no path, symbol or program can hold."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _with_a_null(one, (*keys, key))
    if isinstance(value, str) and "\0" in value:
        yield keys, "holds a null character"


def _of_no_use(what: str) -> ConfigurationError:
    return ConfigurationError(f"{what}.", remedy="Correct the file at that place.", code="toml-content")


def place(path: Path, text: str, *key: str) -> str:
    """`file:line` of the key in the TOML text of that file, or of the table that it would belong to."""
    lines = (line_of(text, *key[:length]) for length in range(len(key), 0, -1))
    line = next((line for line in lines if line), None)
    return f"{path}:{line}" if line else str(path)


def _problem(path: Path, text: str, content: dict[str, Any], kind: type[Frozen], problem: ErrorDetails) -> str:
    """`workload.toml:17: limits.accuracy.at_least: Input should be a valid number.`"""
    location = problem["loc"]
    names = [str(part) for part in location]
    what = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        what = f"there is no such key.{did_you_mean(names[-1], _keys(kind, content, *location[:-1]))}"
    elif problem["type"] == "missing":
        what = "it is missing"
    said = f"{place(path, text, *_before_a_number(location))}: {'.'.join(names) or 'file'}: {what}"
    return said if said.endswith("?") else f"{said.rstrip('.')}."


def _misspelt_first(problem: ErrorDetails) -> bool:
    """A misspelt key is missing under its right name as well."""
    return problem["type"] != "extra_forbidden"


def _before_a_number(location: tuple[int | str, ...]) -> Iterator[str]:
    """The keys up to an array, whose elements have no line of their own."""
    for part in location:
        if isinstance(part, int):
            return
        yield part


def _keys(kind: Any, content: Any, *location: int | str) -> list[str]:
    """The keys of the table at that location: a field of a value, or an element of a field of several.

    A table that is of one of several kinds, lab/configured.py, has those of the kind that it says itself.
    """
    for part in location:
        fields = getattr(kind, "model_fields", {})
        kind = fields[part].annotation if part in fields else next(iter(get_args(kind)[::-1]), None)
        content = content.get(part) if isinstance(content, dict) else None
        said = content.get("kind") if isinstance(content, dict) else None
        of_kinds = kind.__subclasses__() if "kind" in getattr(kind, "model_fields", {}) else ()
        kind = next((one for one in of_kinds if one.model_fields["kind"].default == said), kind)
    return sorted(getattr(kind, "model_fields", {}))
