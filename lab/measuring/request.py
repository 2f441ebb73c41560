"""What is to be measured: one workload on one target with one engine."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from lab.building.kernels import AUTO
from lab.target import Target
from lab.workload import Workload


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Request:
    """None for `model`, `recordings`, `tflm_root` or `kernels_root` means what ships; `kernels` is one of
    `lab.building.kernels.NAMES`; `jobs` is the number of worker processes.

    `clips` are the names of the only recordings to be played, as results show them; empty means all.
    """

    workload: Workload
    target: Target
    engine: str = "auto"
    model: Path | None = None
    recordings: Path | None = None
    clips: tuple[str, ...] = ()
    tflm_root: Path | None = None
    kernels: str = AUTO
    kernels_root: Path | None = None
    jobs: int = field(default_factory=_cores)

    @property
    def options(self) -> tuple[str, ...]:
        """What `lab run` is told besides workload and target to measure the same recordings with the same firmware."""
        named = (
            ("--recordings", self.recordings),
            ("--model", self.model),
            ("--tflm-root", self.tflm_root),
            ("--kernels", None if self.kernels == AUTO else self.kernels),
            ("--kernels-root", self.kernels_root),
        )
        return tuple(word for option, value in named if value is not None for word in (option, str(value)))
