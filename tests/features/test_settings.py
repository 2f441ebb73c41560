"""Kinds of features: what each makes of its settings, and that it fits the header of its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import configured, features, places, workload
from lab.building.application import features_header
from lab.features import Features
from lab.features.edge_impulse_mfcc import Settings as EdgeImpulseMfcc
from lab.features.edge_impulse_mfe import Settings as EdgeImpulseMfe
from lab.features.edge_impulse_raw import Settings as Raw
from lab.features.edge_impulse_spectral_analysis import Settings as SpectralAnalysis
from lab.features.mlperf_lfbe import Settings as MlperfLfbe
from lab.features.mlperf_mfcc import Settings as MlperfMfcc
from lab.features.movement import Settings as Movement
from lab.features.spectrum import Settings as Spectrum
from lab.features.tflm_audio_frontend import Settings as AudioFrontend
from lab.features.window import Settings as Window
from lab.signals.input import Input

SOUND = Input(sensor="microphone", rate_hz=16_000, window_s=1.0)
MOTION = Input(sensor="accelerometer", rate_hz=25, window_s=4.0, axes=("x", "y", "z"), unit="g", range=4.0, bits=14)

FRONTEND = AudioFrontend(window_ms=30, step_ms=20, channels=40, steps=49, lower_hz=125, upper_hz=7500)
WINDOW = Window(window=80, shift=4, scale=0.1, zero_point=0)
DETAILED = WINDOW.model_copy(update={"detail_shift": 2})
SPECTRUM = Spectrum(window=64, points=32, hop=16, bands=12, scale=0.1, zero_point=0)
MOVEMENT = Movement(
    on=40, off=20, hang=5, back=3, trim=2, shortest=8, longest=60, points=32, shift=4, scale=0.1, zero_point=0
)
MLPERF_MFCC = MlperfMfcc()
LFBE = MlperfLfbe()
MFE = EdgeImpulseMfe(upper_hz=8_000)
MFCC = EdgeImpulseMfcc(upper_hz=8_000, scale=1 / 32, zero_point=0)
ANALYSIS = SpectralAnalysis(points=32, filter="high", cutoff_hz=4.0, order=4, scale=0.1, zero_point=0)
RAW = Raw(scale=0.1, zero_point=0)
OF_SOUND = [(FRONTEND, SOUND), (MLPERF_MFCC, SOUND), (LFBE, SOUND), (MFE, SOUND), (MFCC, SOUND)]
OF_MOTION = [(one, MOTION) for one in (WINDOW, DETAILED, SPECTRUM, ANALYSIS, RAW, MOVEMENT)]
OF_KINDS = [*OF_SOUND, *OF_MOTION]


def test_every_kind_is_tried_here():
    every = configured.kinds(features.__name__, Features)
    assert {one.kind for one, _ in OF_KINDS} == {name for name, kind in every.items() if kind.computed}


@pytest.mark.parametrize(("settings", "heard"), OF_KINDS, ids=lambda one: getattr(one, "kind", ""))
def test_a_kind_gives_its_header_each_constant_that_it_asks_for_and_no_other(settings, heard):
    header = places.project() / "firmware/runtime/features" / f"{settings.kind.replace('-', '_')}.h"
    asked = set(re.findall(r"\bSettings::(k\w+)", "".join(_with_what_it_includes(header))))
    assert settings.constants(heard).keys() == asked


def _with_what_it_includes(header: Path) -> Iterator[str]:
    text = header.read_text()
    yield text
    for name in re.findall(r'#include "runtime/features/(\w+\.h)"', text):
        yield from _with_what_it_includes(header.with_name(name))


@pytest.mark.parametrize(("settings", "heard"), OF_KINDS, ids=lambda one: getattr(one, "kind", ""))
def test_every_value_has_a_name_of_its_own(settings, heard):
    values = settings.values(heard)
    assert len({settings.place(index, heard) for index in range(values)}) == values
    rows, columns = settings.shape(heard)
    assert values == rows * columns


@pytest.mark.parametrize(
    ("settings", "heard", "index", "name"),
    [
        (FRONTEND, SOUND, 17 * 40 + 3, "step 17, channel 3"),
        (MLPERF_MFCC, SOUND, 17 * 10 + 3, "step 17, coefficient 3"),
        (MFE, SOUND, 17 * 40 + 3, "step 17, band 3"),
        (MFCC, SOUND, 17 * 13 + 3, "step 17, coefficient 3"),
        (WINDOW, MOTION, 40 * 3 + 1, "axis y, sample 40"),
        (DETAILED, MOTION, 40 * 6 + 1, "axis y, sample 40"),
        (DETAILED, MOTION, 40 * 6 + 4, "axis y without its mean, sample 40"),
        (SPECTRUM, MOTION, 12 + 7, "axis y, band 7"),
        (RAW, MOTION, 40 * 3 + 1, "axis y, sample 40"),
        (ANALYSIS, MOTION, 17, "axis y, root mean square"),
        (ANALYSIS, MOTION, 17 + 4, "axis y, kurtosis of powers"),
        (ANALYSIS, MOTION, 17 + 5, "axis y, power at 3.90625 Hz"),
        (MOVEMENT, MOTION, 12 * 3 + 2, "axis z, point 12"),
    ],
)
def test_a_value_is_named_as_people_would(settings, heard, index, name):
    assert settings.place(index, heard) == name


@pytest.mark.parametrize(
    ("settings", "heard", "frames", "step"),
    [
        (FRONTEND, SOUND, 480 + 48 * 320, 320),
        (MLPERF_MFCC, SOUND, 16_000, 320),
        (LFBE, SOUND, 1_024 + 29 * 512, 512),
        (MFE, SOUND.model_copy(update={"window_s": 1.005}), 320 + 98 * 160, 160),
        (MFCC, SOUND, 320 + 49 * 320, 320),
        (WINDOW, MOTION, 80, 1),
        (SPECTRUM, MOTION, 64, 1),
        (RAW, MOTION, 100, 1),
        (ANALYSIS, MOTION, 100, 1),
        (MOVEMENT, MOTION, 60 + 5 + 2, 1),
    ],
)
def test_a_kind_says_how_much_signal_it_takes(settings, heard, frames, step):
    assert (settings.frames(heard), settings.step_frames(heard)) == (frames, step)


@pytest.mark.parametrize(
    ("settings", "heard", "problem"),
    [
        (FRONTEND, SOUND, None),
        (FRONTEND.model_copy(update={"steps": 50}), SOUND, "they are made of 16,160 frames, and input.window_s of 1 s"),
        (FRONTEND, MOTION, "one channel, and input.axes has 3"),
        (MLPERF_MFCC, SOUND, None),
        (MLPERF_MFCC, MOTION, "of one channel, and input.axes has 3"),
        (MLPERF_MFCC.model_copy(update={"coefficients": 41}), SOUND, "40 bands have as many coefficients, not 41"),
        (MLPERF_MFCC, SOUND.model_copy(update={"rate_hz": 11_025}), "window_ms = 30 is no whole number of frames"),
        (MLPERF_MFCC.model_copy(update={"step_ms": 31}), SOUND, "step_ms = 31 is longer than window_ms = 30"),
        (MLPERF_MFCC, SOUND.model_copy(update={"window_s": 0.02}), "window_ms = 30 is longer than input.window_s of"),
        (MLPERF_MFCC, SOUND.model_copy(update={"rate_hz": 4_000}), "lower_hz = 20 and upper_hz = 4000 are not one"),
        (MFE, SOUND, None),
        (MFE.model_copy(update={"bands": 80}), SOUND, "filter 0 has no band of a spectrum of 256 points: take fewer"),
        (MFCC, SOUND, None),
        (MFCC.model_copy(update={"coefficients": 33}), SOUND, "32 bands have as many coefficients, not 33"),
        (MFCC.model_copy(update={"neighbours": 100}), SOUND, "neighbours = 100 is even"),
        (WINDOW, MOTION, None),
        (WINDOW.model_copy(update={"window": 101}), MOTION, "101 frames, and input.window_s of 4 s has 100"),
        (SPECTRUM.model_copy(update={"window": 16}), MOTION, "has 32 points, and the window 16 frames"),
        (SPECTRUM.model_copy(update={"bands": 17}), MOTION, "16 bands, not 17"),
        (ANALYSIS, MOTION, None),
        (ANALYSIS.model_copy(update={"cutoff_hz": 12.5}), MOTION, "cutoff_hz = 12.5 is not below half of 25 Hz"),
        (ANALYSIS.model_copy(update={"cutoff_hz": 1e-7}), MOTION, "of order 4 at 1e-07 Hz is not stable in floats"),
        (ANALYSIS.model_copy(update={"filter": "low", "cutoff_hz": 0.3}), MOTION, "leaves none of the 16 bands"),
        (MOVEMENT.model_copy(update={"off": 41}), MOTION, "off = 41, which is more than on = 40"),
        (MOVEMENT.model_copy(update={"shortest": 61}), MOTION, "shortest = 61 is longer than longest = 60"),
        (MOVEMENT.model_copy(update={"back": 20}), MOTION, "leave nothing of a movement of 8 frames"),
    ],
)
def test_settings_that_do_not_fit_the_signal_are_said_in_words(settings, heard, problem):
    said = settings.problem(heard)
    assert said is None if problem is None else problem in said


def test_what_depends_on_frames_before_its_own_says_so():
    assert [settings.kind for settings, _ in OF_KINDS if settings.remember] == [
        "tflm-audio-frontend",
        "mlperf-lfbe",
        "edge-impulse-mfe",
        "edge-impulse-mfcc",
    ]


def test_the_generated_header_has_the_constants_and_names_the_template():
    assert (
        features_header(FRONTEND, SOUND)
        == """\
#pragma once
#include <cstddef>
#include <cstdint>

#include "runtime/features/tflm_audio_frontend.h"

namespace workload {
inline constexpr size_t kChannels = 1;
struct FeatureSettings {
  static constexpr int32_t kRateHz = 16000;
  static constexpr int32_t kWindowMs = 30;
  static constexpr int32_t kStepMs = 20;
  static constexpr int32_t kRowChannels = 40;
  static constexpr int32_t kRows = 49;
  static constexpr float kLowerHz = 125.0f;
  static constexpr float kUpperHz = 7500.0f;
};
using Features = lab::tflm_audio_frontend::Features<FeatureSettings>;
}  // namespace workload
"""
    )


def test_a_table_of_numbers_becomes_an_array():
    header = features_header(SPECTRUM, MOTION)
    cosines = re.search(r"static constexpr int16_t kCosines\[\] = \{(.*)\};", header)
    values = list(map(int, cosines[1].split(", ")))
    assert (len(values), values[0], values[8]) == (16, 32_767, 0)


def test_a_table_of_floats_becomes_an_array_of_them():
    header = features_header(MLPERF_MFCC, SOUND)
    hann = re.search(r"static constexpr float kHann\[\] = \{(.*)\};", header)[1].split(", ")
    assert (len(hann), hann[0], hann[240]) == (480, "0.0f", "1.0f")
    assert "static constexpr int16_t kBandFirst[] = {1, 2, 3, 5, 6," in header


def test_the_shipped_workload_has_the_features_of_its_file():
    words = workload.load("keyword-spotting")
    assert words.features == FRONTEND
    assert words.input == SOUND
