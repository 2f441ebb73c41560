"""What is built around a model: an application of `firmware/apps`, with the constants that it is compiled with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Protocol

from lab.errors import ConfigurationError
from lab.target import Target
from lab.workload import Workload

_MOST_AVERAGED = 8


class Application(Protocol):
    """A folder of `firmware/apps`."""

    @property
    def name(self) -> str:
        """The folder's name."""

    def configuration(self, target: Target, arena_bytes: int) -> str:
        """The text of `workload_config.h`: see "What the lab generates" in firmware/README.md."""


@dataclass(frozen=True)
class Listening:
    """The application of a workload, which listens to a microphone."""

    workload: Workload

    @property
    def name(self) -> str:
        """The workload's name is its application's."""
        return self.workload.name

    def configuration(self, target: Target, arena_bytes: int) -> str:
        """Labels, features and streaming. Raises ConfigurationError for a stride that the features cannot keep."""
        workload = self.workload
        features = workload.features
        labels = ", ".join(map(quoted, workload.labels))
        stride = _stride_steps(workload)
        return f"""\
#pragma once
#include <cstddef>
#include <cstdint>

namespace workload {{
inline constexpr char kTarget[] = {quoted(target.name)};
inline constexpr char kApplication[] = {quoted(workload.name)};
inline constexpr const char* kLabels[] = {{{labels}}};
inline constexpr size_t kArenaBytes = {arena_bytes};
inline constexpr size_t kClipSamples = {workload.input.samples};
inline constexpr int32_t kRateHz = {workload.input.rate_hz};
inline constexpr int32_t kWindowMs = {features.window_ms};
inline constexpr int32_t kStepMs = {features.step_ms};
inline constexpr int32_t kChannels = {features.channels};
inline constexpr size_t kSteps = {features.steps};
inline constexpr float kLowerHz = {float(features.lower_hz)}f;
inline constexpr float kUpperHz = {float(features.upper_hz)}f;
inline constexpr uint32_t kStrideSteps = {stride};
inline constexpr uint32_t kAverageInferences = {_averaged(workload)};
inline constexpr uint32_t kThreshold = {_threshold(workload)};
inline constexpr uint32_t kRefractoryMs = {workload.streaming.refractory_ms};
}}  // namespace workload
"""


def quoted(value: str) -> str:
    """A C++ string literal; JSON's escapes are C++'s too."""
    return json.dumps(value)


def _stride_steps(workload: Workload) -> int:
    stride, step = workload.streaming.stride_ms, workload.features.step_ms
    if stride < step or stride % step:
        raise ConfigurationError(
            f"{workload.file}: streaming.stride_ms is {stride}; features come every {step} ms.",
            remedy=f"Use a multiple of {step}.",
            code="streaming-settings",
        )
    return stride // step


def _averaged(workload: Workload) -> int:
    streaming = workload.streaming
    count = max(1, streaming.average_ms // streaming.stride_ms)
    if count > _MOST_AVERAGED:
        raise ConfigurationError(
            f"{workload.file}: streaming.average_ms is {streaming.average_ms}, {count} inferences; "
            f"the firmware averages {_MOST_AVERAGED} at most.",
            remedy=f"Use at most {_MOST_AVERAGED * streaming.stride_ms}.",
            code="streaming-settings",
        )
    return count


def _threshold(workload: Workload) -> int:
    """A probability as 0..255, rounded half up."""
    return int(workload.streaming.threshold * 255 + 0.5)
