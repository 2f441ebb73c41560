"""Kinds of decisions: ways of a device to turn scores into what it reports, a module each."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from lab import configured
from lab.decisions._decision import Decision

OfAnyKind = Annotated[Decision, BeforeValidator(lambda value: configured.checked(value, __name__, Decision))]
"""The table `[decision]`."""

__all__ = ["Decision", "OfAnyKind"]
