"""The mean score of the last inferences, a threshold, and a time after a report in which there is no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field
from typing_extensions import override

from lab.configuration import place
from lab.decisions._decision import MOST_AVERAGED, Decision
from lab.errors import ConfigurationError

if TYPE_CHECKING:
    from lab.workload import Workload


class Settings(Decision):
    """Scores are probabilities in 0..1, averaged over `average_ms`."""

    kind: Literal["average"] = "average"
    stride_ms: int = Field(gt=0, le=60_000)
    average_ms: int = Field(ge=0, le=60_000)
    threshold: float = Field(ge=0, le=1)
    refractory_ms: int = Field(ge=0, le=60_000)

    @override
    def constants(self, workload: Workload) -> Mapping[str, str]:
        events = ", ".join("false" if label in workload.background else "true" for label in workload.labels)
        return {
            "kLabels": f"size_t kLabels = {len(workload.labels)}",
            "kIsEvent": f"bool kIsEvent[] = {{{events}}}",
        }

    def average_inferences(self, workload: Workload) -> int:
        """Raises ConfigurationError for more than the firmware averages."""
        count = max(1, self.average_ms // self.stride_ms)
        if count > MOST_AVERAGED:
            text = workload.file.read_text(encoding="utf-8")
            raise ConfigurationError(
                f"{place(workload.file, text, 'decision', 'average_ms')}: decision.average_ms is {self.average_ms}, "
                f"{count} inferences; the firmware averages {MOST_AVERAGED} at most.",
                remedy=f"Use at most {MOST_AVERAGED * self.stride_ms}.",
                code="decision-settings",
            )
        return count

    @property
    def threshold_in_firmware(self) -> int:
        """A probability as 0..255, rounded half up."""
        return int(self.threshold * 255 + 0.5)

    @property
    @override
    def threshold_is_share(self) -> bool:
        return True

    @property
    @override
    def refractory_in_ms(self) -> int:
        return self.refractory_ms
