"""Forms of recordings that are no tables of axes and times: a module each, whose FORM says which input it is for."""

from __future__ import annotations

from functools import cache

from lab import modules
from lab.recordings import motion
from lab.recordings.forms._form import Form
from lab.signals.input import Input

_TABLES = Form(lambda _: True, motion.read, motion.load, motion.stretch)

__all__ = ["Form", "of"]


def of(played: Input) -> Form:
    """The form of an input's recordings."""
    return next((form for form in _every() if form.takes(played)), _TABLES)


@cache
def _every() -> list[Form]:
    return modules.defined(__name__, Form)
