r"""Regular expressions of users' files, looked for by RE2, whose time grows with the line alone, whatever the pattern.

Python's own engine tries every way in which a pattern such as `(a+)+$` can fail, which ends after years. RE2 has its
syntax but for lookaround and references to groups, and its `\w` and `\d` mean ASCII.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any


class Unusable(ValueError):
    """What is wrong with a pattern."""


def groups(pattern: str) -> tuple[str, ...]:
    """The names of its groups. Raises Unusable."""
    return tuple(_compiled(pattern).groupindex)


def found(pattern: str, line: str) -> bool:
    """Whether it is found anywhere in the line."""
    return _compiled(pattern).search(line) is not None


def parts(pattern: str, line: str) -> Mapping[str, str | None]:
    """What its groups hold where it is found first; nothing if it is not."""
    match = _compiled(pattern).search(line)
    return match.groupdict() if match else {}


@cache
def _compiled(pattern: str) -> Any:
    import re2  # noqa: PLC0415 - for few runs

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        (why,) = error.args
        raise Unusable(why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why)) from None
