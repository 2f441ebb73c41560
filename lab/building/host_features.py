"""Features on this machine: the device's own sources, compiled for the host and called in-process."""

from __future__ import annotations

import ctypes
import platform
import shutil
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from typing_extensions import Self

from lab import places, store
from lab.building import cmake, tflm, tools
from lab.building.application import features_header
from lab.errors import ConfigurationError
from lab.features import Features
from lab.signals.input import Input
from lab.store import OnStage, silently

_LIBRARY = "liblab_features.so"


def of(samples: NDArray[np.int16], features: Features, heard: Input) -> NDArray[np.int8]:
    """The model's input at the end of a signal, int8 [rows, values], from a fresh start.

    `samples` are int16 [frames], or [frames, channels]. The first call compiles a library into the user cache: raises
    what `tflm.source` and `cmake.build` raise; and ConfigurationError for settings that the features refuse.
    """
    found: NDArray[np.int8] = of_each(samples[np.newaxis], features, heard)[0]
    return found


def of_each(samples: NDArray[np.int16], features: Features, heard: Input) -> NDArray[np.int8]:
    """The same of several signals of one length, [signals, frames] or [signals, frames, channels]."""
    given = np.ascontiguousarray(samples, dtype=np.int16)
    found = np.zeros((len(given), *features.shape(heard)), np.int8)
    library = _loaded(features, heard)
    if not library.lab_features(given.ctypes.data, given.shape[1], len(given), found.ctypes.data):
        raise _refused(features, heard)
    return found


def in_turn(samples: NDArray[np.int16], features: Features, heard: Input, stride_steps: int = 1) -> NDArray[np.int8]:
    """The model's inputs as a signal goes on, [inputs, rows, values]: one every so many steps, from the first whole on.

    Raises as `of` does.
    """
    with Course(features, heard, stride_steps) as course:
        return course.add(samples)


class Course:
    """The same of a signal that comes in blocks. A context. Raises as `of` does."""

    def __init__(self, features: Features, heard: Input, stride_steps: int = 1) -> None:
        self._shape = features.shape(heard)
        self._step_frames = features.step_frames(heard)
        self._stride_steps = stride_steps
        self._library = _loaded(features, heard)
        self._left = np.empty((0, heard.channels), np.int16)
        self._course = self._library.lab_features_begin(stride_steps)
        if not self._course:
            raise _refused(features, heard)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_ended: object) -> None:
        self._library.lab_features_end(self._course)

    def add(self, samples: NDArray[np.int16]) -> NDArray[np.int8]:
        """The inputs that are whole by the end of these frames, [inputs, rows, values]."""
        given = np.concatenate([self._left, samples.reshape(-1, self._left.shape[1])], dtype=np.int16)
        most = len(given) // self._step_frames // self._stride_steps + 1
        found, taken = np.zeros((most, *self._shape), np.int8), ctypes.c_size_t()
        made = self._library.lab_features_add(
            self._course, given.ctypes.data, len(given), found.ctypes.data, ctypes.byref(taken)
        )
        self._left = given[taken.value :]
        return found[:made]


def library(features: Features, heard: Input, on_stage: OnStage = silently) -> Path:
    """The shared library in the user cache, compiled where it is not there yet."""
    header = features_header(features, heard)
    compiler = tools.require(tools.HOST_COMPILER)
    source = tflm.source(on_stage=on_stage)
    firmware = places.project() / "firmware"

    def name() -> str:
        ours = [firmware / "host", firmware / "third_party" / "tflm", firmware / "runtime" / "features"]
        files = [file for folder in ours for file in folder.rglob("*") if file.is_file()]
        return store.key(source.key, compiler.version, platform.machine(), store.content_of(firmware, files), header)

    def make(folder: Path) -> None:
        on_stage("compiling the features for this machine, once")
        work, generated = folder / "work", folder / "generated"
        generated.mkdir()
        (generated / "features_config.h").write_text(header, encoding="utf-8")
        settings: dict[str, str | Path] = {
            "CMAKE_BUILD_TYPE": "Release",
            "LAB_TFLM_ROOT": source.frontend,
            "LAB_GENERATED": generated,
        }
        cmake.build(firmware / "host", work, settings)
        (work / _LIBRARY).rename(folder / _LIBRARY)
        shutil.rmtree(work)

    return store.entry("features", name, make) / _LIBRARY


def _refused(features: Features, heard: Input) -> ConfigurationError:
    return ConfigurationError(
        f"The features of kind {features.kind} refuse these settings at {heard.rate_hz:,} Hz: "
        f"{features.model_dump_json()}.",
        remedy="Correct [features] in workload.toml.",
        code="features-refused",
    )


@cache
def _loaded(features: Features, heard: Input) -> ctypes.CDLL:
    loaded = ctypes.CDLL(str(library(features, heard)))
    size, pointer = ctypes.c_size_t, ctypes.c_void_p
    loaded.lab_features.argtypes = (pointer, size, size, pointer)
    loaded.lab_features.restype = ctypes.c_bool
    loaded.lab_features_begin.argtypes = (size,)
    loaded.lab_features_begin.restype = pointer
    loaded.lab_features_add.argtypes = (pointer, pointer, size, pointer, ctypes.POINTER(size))
    loaded.lab_features_add.restype = size
    loaded.lab_features_end.argtypes = (pointer,)
    loaded.lab_features_end.restype = None
    return loaded
