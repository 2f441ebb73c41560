"""What a workload's scores are for. Every module of this package without a leading underscore defines a task.

A task says when an answer of the device is right, what is known of a run of recordings and of a run of a stream, and so
which metrics such a run has, and which labels make sense for it. A workload names its task in `workload.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from lab import modules
from lab.tasks._task import Judged, Rules, Task


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
    return {task.name: task for task in modules.defined(__name__, Task)}  # type: ignore[type-abstract]


__all__ = ["Judged", "Rules", "Task", "named", "names"]
