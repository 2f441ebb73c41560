"""Recipes: how a model is trained, as data. `models/<name>/training.toml` is one of several kinds, a module each."""

from __future__ import annotations

from lab import configured
from lab.training.recipes._recipe import Recipe
from lab.workload import Workload

FILE = "training.toml"


def of(workload: Workload) -> Recipe:
    """The recipe beside the workload. Raises ConfigurationError."""
    return configured.read(workload.folder / FILE, __name__, Recipe)  # type: ignore[type-abstract]


__all__ = ["FILE", "Recipe", "of"]
