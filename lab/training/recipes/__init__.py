"""Recipes: how a model is trained, as data. `models/<name>/training.toml` is one of several kinds, a module each."""

from __future__ import annotations

from lab import configured
from lab.training.recipes._recipe import MOST_SEED, NetworkRecipe, Recipe
from lab.workload import Workload

FILE = "training.toml"


def of(workload: Workload) -> Recipe:
    """The recipe beside the workload. Raises ConfigurationError."""
    configured.check_there(workload.folder / FILE, "how its model is trained")
    return configured.read(workload.folder / FILE, __name__, Recipe)  # type: ignore[type-abstract]


__all__ = ["FILE", "MOST_SEED", "NetworkRecipe", "Recipe", "of"]
