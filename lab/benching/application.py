"""The application `bench` of firmware/apps, compiled for one model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lab.building.application import quoted
from lab.model import Model
from lab.target import Target


@dataclass(frozen=True)
class Bench:
    """It runs the model once on the bytes at `lab_input`, and leaves its outputs at `lab_output`."""

    model: Model
    name: str = "bench"
    folder: str = "bench"
    sensor: str = ""
    records: bool = False

    def headers(self, target: Target) -> Mapping[str, str]:
        """Room for all inputs and all outputs, each one after the other."""
        return {
            "workload_config.h": f"""\
#pragma once
#include <cstddef>
#include <cstdint>

namespace workload {{
inline constexpr char kTarget[] = {quoted(target.name)};
inline constexpr char kApplication[] = {quoted(self.name)};
inline constexpr size_t kInputBytes = {self._bytes(self.model.inputs)};
inline constexpr size_t kOutputBytes = {self._bytes(self.model.outputs)};
// It hears nothing: the parameters of those that do.
inline constexpr size_t kClipFrames = 0;
inline constexpr uint32_t kStrideSteps = 1;
inline constexpr uint32_t kAverageInferences = 1;
inline constexpr uint32_t kThreshold = 0;
inline constexpr uint32_t kRefractoryMs = 0;
}}  // namespace workload
"""
        }

    def _bytes(self, tensors: Iterable[int]) -> int:
        return sum(self.model.tensors[index].bytes for index in tensors)
