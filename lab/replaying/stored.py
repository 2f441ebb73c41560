"""The result of an earlier replay, as its folder has it."""

from __future__ import annotations

import re
from math import isfinite
from pathlib import Path

from pydantic import ValidationError

from lab import files
from lab.errors import UsageError
from lab.replaying.result import ReplayResult

_MOST_BYTES = 256 * files.MEGABYTE
_ARRIVED = re.compile(r"(?:[0-9a-f]{2})*")
_MIPS = range(1, 10_001)
"""Instructions a microsecond that a core may execute."""


def load(file: Path) -> ReplayResult:
    """The result in a `replay.json`. Raises UsageError for a file that is none."""
    try:
        result = ReplayResult.model_validate_json(files.content(file, _MOST_BYTES))
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror or error}.",
            remedy="Name the folder of an earlier replay.",
            code="file-unreadable",
        ) from error
    except ValidationError as error:
        problem = error.errors()[0]
        raise _none(file, f"{'.'.join(map(str, problem['loc'])) or 'it'}: {problem['msg']}") from error
    if result.pace is not None and result.pace.mips not in _MIPS:
        raise _none(file, f"pace.mips is {result.pace.mips}")
    if not all(_ARRIVED.fullmatch(one.hex) and isfinite(one.time_s) for one in result.arrived):
        raise _none(file, "arrived has what are no bytes at a time")
    return result


def _none(file: Path, why: str) -> UsageError:
    return UsageError(
        f"{file} is no result of a replay: {why}.", remedy="Name the folder of an earlier replay.", code="replay-json"
    )
