"""What a workload's scores are for. Every module of this package without a leading underscore defines a task.

A task says when an answer of the device is right, what is known of a run of recordings and of a run of a stream, and so
which metrics such a run has, and which labels make sense for it. A workload names its task in `workload.toml`.
"""

from lab.tasks._by_name import named, names
from lab.tasks._task import Judged, Rules, Task

__all__ = ["Judged", "Rules", "Task", "named", "names"]
