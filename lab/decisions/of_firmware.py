"""What a firmware of others decides by is its own business; of scores that it prints without a label the highest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field
from typing_extensions import override

from lab.decisions._decision import Decision

if TYPE_CHECKING:
    from lab.workload import Workload


class Settings(Decision):
    """For workloads whose features are of the same kind: it has no settings, and firmware infers when it likes."""

    kind: Literal["of-firmware"] = "of-firmware"
    stride_ms: int = Field(default=1_000, gt=0, le=600_000)

    @override
    def constants(self, workload: Workload) -> Mapping[str, str]:
        return {}

    @override
    def stride_steps(self, workload: Workload) -> int:
        return 1
