"""Every inference stands for itself, and nothing is reported besides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from typing_extensions import override

from lab.decisions._decision import Decision

if TYPE_CHECKING:
    from lab.workload import Workload


class Settings(Decision):
    """It has no settings but its stride."""

    kind: Literal["each"] = "each"

    @override
    def constants(self, workload: Workload) -> Mapping[str, str]:
        return {"kLabels": f"size_t kLabels = {len(workload.labels)}"}
