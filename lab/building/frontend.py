"""The audio frontend on this machine: the device's own feature sources, compiled for the host and called in-process."""

from __future__ import annotations

import ctypes
import platform
import shutil
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lab import places, store
from lab.building import cmake, tflm, tools
from lab.errors import ConfigurationError
from lab.store import OnStage, silently
from lab.workload import Features

_LIBRARY = "liblab_frontend.so"


class _Config(ctypes.Structure):
    """`lab::FeatureConfig` of firmware/runtime/audio_features.h."""

    _fields_ = (
        ("rate_hz", ctypes.c_int32),
        ("window_ms", ctypes.c_int32),
        ("step_ms", ctypes.c_int32),
        ("channels", ctypes.c_int32),
        ("lower_hz", ctypes.c_float),
        ("upper_hz", ctypes.c_float),
    )


def features(samples: NDArray[np.int16], settings: Features, rate_hz: int) -> NDArray[np.int8]:
    """int8 features [steps, channels] of a recording, from a fresh frontend, for every whole window in `samples`.

    `samples` are int16 [n] at `rate_hz`. The first call compiles the library into the user cache: raises what
    `tflm.source` and `cmake.build` raise; and ConfigurationError for settings that the frontend refuses.
    """
    heard = np.ascontiguousarray(samples, dtype=np.int16)
    window, step = (rate_hz * duration // 1000 for duration in (settings.window_ms, settings.step_ms))
    steps = 0 if heard.size < window else (heard.size - window) // step + 1
    found = np.zeros((steps, settings.channels), np.int8)
    config = _Config(
        rate_hz, settings.window_ms, settings.step_ms, settings.channels, settings.lower_hz, settings.upper_hz
    )
    written = _loaded().lab_features(ctypes.byref(config), heard.ctypes.data, heard.size, found.ctypes.data, steps)
    if written < 0:
        raise ConfigurationError(
            f"The TFLM audio frontend refuses {settings!r} at {rate_hz} Hz.",
            remedy="Correct [features] in workload.toml.",
            code="features-refused",
        )
    return found[:written]


def library(on_stage: OnStage = silently) -> Path:
    """The shared library in the user cache, compiled where it is not there yet."""
    compiler = tools.require(tools.HOST_COMPILER)
    source = tflm.source(on_stage=on_stage)
    firmware = places.project() / "firmware"

    def name() -> str:
        ours = [firmware / "host", firmware / "third_party" / "tflm"]
        files = [file for folder in ours for file in folder.rglob("*") if file.is_file()]
        files += (firmware / "runtime").glob("audio_features.*")
        return store.key(source.key, compiler.version, platform.machine(), store.content_of(firmware, files))

    def make(folder: Path) -> None:
        on_stage("compiling the audio frontend for this machine, once")
        work = folder / "work"
        cmake.build(firmware / "host", work, {"CMAKE_BUILD_TYPE": "Release", "LAB_TFLM_ROOT": source.frontend})
        (work / _LIBRARY).rename(folder / _LIBRARY)
        shutil.rmtree(work)

    return store.entry("frontend", name, make) / _LIBRARY


@cache
def _loaded() -> ctypes.CDLL:
    loaded = ctypes.CDLL(str(library()))
    loaded.lab_features.argtypes = (
        ctypes.POINTER(_Config),
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_void_p,
        ctypes.c_size_t,
    )
    loaded.lab_features.restype = ctypes.c_int
    return loaded
