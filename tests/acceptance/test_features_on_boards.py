"""Kinds of features whose numbers have a point: boards compute them as the host does, bit for bit.

One with an FPU and one without; the first kind on each board.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from lab import workload
from tests.acceptance.bench import Checkout, start
from tests.building import tiny_model

SOUND = """
[input]
sensor = "microphone"
rate_hz = 16_000
window_s = 1.0
"""
MOTION = """
[input]
sensor = "accelerometer"
axes = ["x", "y", "z"]
unit = "g"
range = 4
bits = 14
rate_hz = 25
window_s = 4.0
"""
BOARDS = ["nano33ble", "esp32c3", "stm32f746g"]
KINDS = {
    "mlperf-mfcc": SOUND + "[features]",
    "mlperf-lfbe": SOUND + "[features]",
    "edge-impulse-mfe": SOUND + "[features]\nupper_hz = 8_000",
    "edge-impulse-mfcc": SOUND + "[features]\nupper_hz = 8_000\nscale = 0.03125\nzero_point = 0",
    "edge-impulse-raw": MOTION + "[features]\nscale = 0.03\nzero_point = 5",
    "edge-impulse-spectral-analysis": MOTION
    + '[features]\npoints = 32\nfilter = "low"\ncutoff_hz = 8\nscale = 0.05\nzero_point = 0',
}
WORKLOAD = """
title = "Other features"
task = "classification"
labels = ["yes", "stop"]
model = "tiny.tflite"
arena_bytes = 8_192
targets = {boards}
{features}
kind = "{kind}"

[decision]
kind = "each"
stride_ms = 960

[recordings]
folder = "recordings"
source = "two words, two movements"

[limits]
bit_exact = {{ at_least = 1.0 }}
"""


@pytest.fixture(scope="module")
def two_movements(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("movements")
    for label, strength in {"yes": 0.1, "stop": 1.5}.items():
        (folder / label).mkdir()
        time = np.arange(100) / 25
        turning = strength * np.sin(2 * np.pi * np.outer(time, [1.7, 2.9, 4.3]))
        rows = np.column_stack([time, np.add(turning, [0, 0, 1])])
        heading = "time (s),x (g),y (g),z (g)"
        np.savetxt(folder / label / "one.csv", rows, fmt="%.4f", delimiter=",", header=heading, comments="")
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_boards_give_the_hosts_bits(
    kind: str, tmp_path: Path, checkout: Checkout, two_words: Path, two_movements: Path
):
    boards = BOARDS if kind == next(iter(KINDS)) else BOARDS[:2]
    text = WORKLOAD.format(features=KINDS[kind], kind=kind, boards=boards)
    folder = checkout.folder / "models" / "other-features"
    folder.mkdir()
    try:
        (folder / "workload.toml").write_text(text, encoding="utf-8")
        made = workload.load("other-features")
        shape, zero, scale = made.features.shape(made.input), made.features.zero_point, made.features.scale
        model = tiny_model.classifier((1, *shape, 1), labels=2, zero_point=zero, scale=scale)
        (folder / "tiny.tflite").write_bytes(tiny_model.tflite_bytes(model))
        recordings = two_words if made.input.is_sound else two_movements
        options = ("--target", "all", "--recordings", recordings, "--json", "--out", tmp_path / "run")
        running = start("run", "other-features", *options, folder=tmp_path, project=checkout.folder)
        ran = running.finish(tmp_path / "run")
    finally:
        shutil.rmtree(folder)
    runs = ran.result["runs"]
    assert [run["target"] for run in runs] == boards
    assert [run["metrics"]["bit_exact"]["value"] for run in runs] == [1] * len(boards)
    crcs = {tuple(clip["features_crc"] for clip in run["clips"]) for run in runs}
    assert len(crcs) == 1
    assert len(set(*crcs)) == 2
