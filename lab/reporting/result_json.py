"""`result.json` as text, held to its JSON schema by a library whenever it is written or read."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from pydantic import ValidationError

from lab import files
from lab.errors import UsageError
from lab.verdict import schema
from lab.verdict.result import Result

NAME = "result.json"
VERSION = str(Result.model_fields["schema_"].default)

_BEGINNING = 200  # bytes: the schema is a result's first key
_MOST_BYTES = 256 * files.MEGABYTE  # 100,000 recordings have 80 MB


def dump(result: Result) -> str:
    """The text of `result.json`. A result that does not follow the schema is a fault of the lab: ValidationError."""
    text = result.to_json()
    _validator().validate(json.loads(text))
    return text


def load(place: Path) -> Result:
    """The result of a run's folder, or of a `result.json` itself.

    Raises UsageError that names the file and the first thing wrong with it.
    """
    file = place / NAME if place.is_dir() else place
    content = _content(file)
    found = content.get("schema") if isinstance(content, dict) else None
    if isinstance(found, str) and found != VERSION:
        raise UsageError(
            f"{file} is of another version: it is {found!r}, and this lab reads {VERSION!r}.",
            remedy="Read it with the lab that wrote it (`provenance.lab` names its version), or run again.",
            code="not-a-result",
        )
    for problem in _validator().iter_errors(content):
        where = ".".join(map(str, problem.instance_path)) or "the whole"
        raise _no_result(file, where, _short(problem.message))
    try:
        return Result.model_validate(content)
    except ValidationError as error:  # what fits the schema and contradicts itself
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise _no_result(file, where, first["msg"].removeprefix("Value error, ")) from error


def is_one(file: Path) -> bool:
    """Whether the file is a `result.json`, as its beginning says."""
    try:
        with files.opened(file, _MOST_BYTES) as content:
            return VERSION.encode() in content.read(_BEGINNING)
    except OSError:
        return False


def _no_result(file: Path, where: str, why: str) -> UsageError:
    return UsageError(
        f"{file} is not a result of this lab: {where}: {why}.",
        remedy="Name the folder of a run, or its result.json; one that was edited or cut can only be made anew.",
        code="not-a-result",
    )


def _content(file: Path) -> Any:
    try:
        return files.parsed_json(files.content(file, _MOST_BYTES))
    except FileNotFoundError:
        raise UsageError(
            f"There is no {file}.",
            remedy="Name the folder of a run that has ended, or its result.json; `lab run` leaves one in runs/.",
            code="not-a-result",
        ) from None
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}.", remedy="Name the folder of a run.", code="not-a-result"
        ) from error
    except files.NotJson as error:
        raise UsageError(
            f"{file} is not JSON: {error}.",
            remedy="The lab writes a result whole or not at all, so something else has changed it: run again.",
            code="not-a-result",
        ) from error


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema.FILE.read_text(encoding="utf-8")))


def _short(message: str, most: int = 160) -> str:
    """The library quotes the value that is wrong, however large."""
    return message if len(message) <= most else f"{message[: most // 2]} … {message[-most // 2 :]}"
