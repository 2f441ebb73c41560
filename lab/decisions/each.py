"""Every inference stands for itself, and nothing is reported besides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lab.decisions import _strides
from lab.decisions._decision import Decision

if TYPE_CHECKING:
    from lab.workload import Workload


class Settings(Decision):
    """An inference every `stride_ms`."""

    kind: Literal["each"] = "each"
    stride_ms: int = Field(gt=0, le=600_000)

    def constants(self, workload: Workload) -> Mapping[str, str]:
        """How many labels."""
        return {"kLabels": f"size_t kLabels = {len(workload.labels)}"}

    def stride_steps(self, workload: Workload) -> int:
        """Raises ConfigurationError for a stride that the features cannot keep."""
        return _strides.steps(workload, self.stride_ms)
