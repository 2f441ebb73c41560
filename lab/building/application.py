"""What is built around a model: an application of `firmware/apps`, with the constants that it is compiled with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lab import places
from lab.building.recorder import Recorder
from lab.features import Constant, Features
from lab.signals.input import Input
from lab.target import Target
from lab.workload import Workload

_SENSING = "sensing"
_PRELUDE = "#pragma once\n#include <cstddef>\n#include <cstdint>\n"


class Application(Protocol):
    """A folder of `firmware/apps`."""

    @property
    def name(self) -> str:
        """What the image is called."""

    @property
    def folder(self) -> str:
        """The folder's name."""

    @property
    def sensor(self) -> str:
        """The sensor whose driver is linked; "" for none."""

    @property
    def records(self) -> bool:
        """Whether it has a flight recorder."""

    def headers(self, target: Target) -> Mapping[str, str]:
        """Text by file name: see "What the lab generates" in firmware/README.md."""


@dataclass(frozen=True)
class Sensing:
    """The application of a workload: one of its own name, or the one that serves them all; with a flight recorder, or
    without."""

    workload: Workload
    recorder: Recorder | None = None

    @property
    def name(self) -> str:
        """The workload's."""
        return self.workload.name

    @property
    def folder(self) -> str:
        """That of the workload's name, if there is one."""
        own = places.project() / "firmware" / "apps" / self.workload.name
        return self.workload.name if own.is_dir() else _SENSING

    @property
    def sensor(self) -> str:
        """The workload's."""
        return self.workload.input.sensor

    @property
    def records(self) -> bool:
        """If it was asked for."""
        return self.recorder is not None

    def headers(self, target: Target) -> Mapping[str, str]:
        """Signal and labels, features, decision. Raises ConfigurationError for a decision that cannot be kept, and
        UsageError for a recorder.
        """
        workload, heard = self.workload, self.workload.input
        decision = workload.decision
        labels = ", ".join(map(quoted, workload.labels))
        return {
            "workload_config.h": _namespace(
                f"inline constexpr char kTarget[] = {quoted(target.name)}",
                f"inline constexpr char kApplication[] = {quoted(workload.name)}",
                f"inline constexpr const char* kLabels[] = {{{labels}}}",
                f"inline constexpr size_t kClipFrames = {heard.frames}",
                f"inline constexpr uint32_t kRateHz = {heard.rate_hz}",
                f"inline constexpr uint32_t kRange = {round(heard.range)}",
                f"inline constexpr uint32_t kBits = {heard.bits}",
                f"inline constexpr uint32_t kStrideSteps = {decision.stride_steps(workload)}",
                f"inline constexpr uint32_t kAverageInferences = {decision.average_inferences(workload)}",
                f"inline constexpr uint32_t kThreshold = {decision.threshold_in_firmware}",
                f"inline constexpr uint32_t kRefractoryMs = {decision.refractory_in_ms}",
            ),
            "features_config.h": features_header(workload.features, heard),
            "decision_config.h": _of_kind(
                "decisions",
                decision.kind,
                (),
                "DecisionSettings",
                decision.constants(workload).values(),
                "Decision",
            ),
            **({} if self.recorder is None else {"recorder_config.h": _recorder(self.recorder, workload, target)}),
        }


def features_header(features: Features, heard: Input) -> str:
    """The text of `features_config.h`, for the device and for the host.

    Raises ConfigurationError for features that only firmware of others computes.
    """
    features.check_computed()
    channels = f"inline constexpr size_t kChannels = {heard.channels}"
    constants = [_declared(name, value) for name, value in features.constants(heard).items()]
    return _of_kind("features", features.kind, (channels,), "FeatureSettings", constants, "Features")


def _recorder(recorder: Recorder, workload: Workload, target: Target) -> str:
    heard = workload.input
    return _namespace(
        f"inline constexpr char kSensor[] = {quoted(heard.sensor)}",
        f"inline constexpr char kAxes[] = {quoted(','.join(heard.axes))}",
        f"inline constexpr char kUnit[] = {quoted(heard.unit)}",
        f"inline constexpr char kFirmware[] = {quoted(f'{workload.name} {target.name}')}",
        f"inline constexpr size_t kBytes = {recorder.bytes(target)}",
        f"inline constexpr int kLowestConfidence = {recorder.lowest(workload)}",
        name="recorder",
    )


def quoted(value: str) -> str:
    """A C++ string literal; JSON's escapes are C++'s too."""
    return json.dumps(value)


def _of_kind(
    folder: str, kind: str, before: Iterable[str], settings: str, constants: Iterable[str], template: str
) -> str:
    name = kind.replace("-", "_")
    members = "".join(f"  static constexpr {constant};\n" for constant in constants)
    body = _namespace(
        *before,
        f"struct {settings} {{\n{members}}}",
        f"using {template} = lab::{name}::{template}<{settings}>",
    ).removeprefix(_PRELUDE)
    return f'{_PRELUDE}\n#include "runtime/{folder}/{name}.h"\n{body}'


def _namespace(*declarations: str, name: str = "workload") -> str:
    lines = "".join(f"{declaration};\n" for declaration in declarations)
    return f"{_PRELUDE}\nnamespace {name} {{\n{lines}}}  // namespace {name}\n"


def _declared(name: str, value: Constant) -> str:
    if isinstance(value, tuple):
        type_ = "float" if any(isinstance(one, float) for one in value) else "int16_t"
        return f"{type_} {name}[] = {{{', '.join(map(_literal, value))}}}"
    return f"{'float' if isinstance(value, float) else 'int32_t'} {name} = {_literal(value)}"


def _literal(value: float) -> str:
    """Of a float the shortest digits that tell it from other floats of 32 bits."""
    return f"{np.float32(value)!s}f" if isinstance(value, float) else str(value)
