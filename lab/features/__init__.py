"""Kinds of features: ways to turn a signal into a model's input, a module each."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from lab import configured
from lab.features._features import Constant, Features
from lab.features._layout import Layout, Scale

OfAnyKind = Annotated[Features, BeforeValidator(lambda value: configured.checked(value, __name__, Features))]
"""The table `[features]`."""

__all__ = ["Constant", "Features", "Layout", "OfAnyKind", "Scale"]
