"""Finding the tasks that are defined."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from lab.tasks._task import Task

_HERE = Path(__file__).parent


def names() -> list[str]:
    """Of every task."""
    return sorted(_all())


def named(name: object) -> Task:
    """The task of that name. Raises ValueError for any other."""
    if not isinstance(name, str) or name not in _all():
        raise ValueError(f"there is no task {name!r}; there are {', '.join(names())}")
    return _all()[name]


@cache
def _all() -> Mapping[str, Task]:
    modules = (import_module(f"lab.tasks.{file.stem}") for file in _HERE.glob("[!_]*.py"))
    tasks = (value for module in modules for value in vars(module).values() if isinstance(value, Task))
    return {task.name: task for task in tasks}
