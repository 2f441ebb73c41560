"""Kinds of features: ways to turn a signal into a model's input, a module each."""

from __future__ import annotations

import sys
from typing import Annotated

from pydantic import BeforeValidator

from lab import configured
from lab.features.features import Constant, Features
from lab.features.layout import Layout, Scale

OfAnyKind = Annotated[
    Features, BeforeValidator(lambda value: configured.checked(value, sys.modules[__name__], Features))
]
"""The table `[features]`."""

__all__ = ["Constant", "Features", "Layout", "OfAnyKind", "Scale"]
