"""The three files that the firmware takes from the lab: see "What the lab generates" in firmware/README.md."""

from __future__ import annotations

import json
from pathlib import Path

from lab.building import operators
from lab.building.kernels import Kernels
from lab.building.tflm import Source
from lab.errors import ConfigurationError
from lab.model import Model
from lab.target import Target
from lab.workload import Workload

_MOST_AVERAGED = 8


def write(
    folder: Path, workload: Workload, target: Target, model: Model, source: Source, kernels: Kernels, arena_bytes: int
) -> None:
    """Bring the three files in `folder` up to date; one that would not change keeps its time, so nothing is rebuilt.

    Raises ConfigurationError for streaming settings that the feature step cannot keep, ModelError for an operator
    that this TFLM lacks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    channels = _weighted_channels(model, kernels)
    _write(folder / "workload_config.h", _configuration(workload, target, arena_bytes, channels).encode())
    _write(folder / "model_operators.h", _operators(model, source, kernels).encode())
    _write(folder / "model.tflite", model.data)


def _write(file: Path, content: bytes) -> None:
    if not file.is_file() or file.read_bytes() != content:
        file.write_bytes(content)


def _weighted_channels(model: Model, kernels: Kernels) -> int:
    """Output channels of all operators whose weights a library of kernels multiplies."""
    weighing = [operator for operator in model.operators if operator.macs and kernels.serves(operator.name)]
    return sum(model.tensors[operator.outputs[0]].shape[-1] for operator in weighing)


def _configuration(workload: Workload, target: Target, arena_bytes: int, channels: int) -> str:
    features = workload.features
    labels = ", ".join(map(_text, workload.labels))
    stride = _stride_steps(workload)
    return f"""\
#pragma once
#include <cstddef>
#include <cstdint>

namespace workload {{
inline constexpr char kTarget[] = {_text(target.name)};
inline constexpr char kApplication[] = {_text(workload.name)};
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
inline constexpr size_t kWeightedChannels = {channels};
}}  // namespace workload
"""


def _operators(model: Model, source: Source, kernels: Kernels) -> str:
    return "".join(
        f"OURS({operator.name}, {operator.method}, {operator.name.lower()}, {version})\n"
        if kernels.serves(operator.name)
        else f"TFLMS({operator.name}, {operator.method}, {operator.function}, {version})\n"
        for operator, version in operators.used(model, source)
    )


def _text(value: str) -> str:
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
