"""Kinds of features whose numbers have a point: every board computes them as the host does, bit for bit."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lab import workload
from tests.acceptance.bench import Checkout, start
from tests.building import tiny_model

SOUND = """
[input]
sensor = "microphone"
rate_hz = 16_000
window_s = 1.0

[features]
"""
FEATURES = [
    'kind = "mlperf-mfcc"',
    'kind = "edge-impulse-mfe"\nupper_hz = 8_000',
    'kind = "edge-impulse-mfcc"\nupper_hz = 8_000\nscale = 0.03125\nzero_point = 0',
]
WORKLOAD = """
title = "Sound in other features"
task = "classification"
labels = ["yes", "stop"]
model = "tiny.tflite"
arena_bytes = 8_192
targets = ["nano33ble", "esp32c3", "stm32f746g"]
{signal}
[decision]
kind = "each"
stride_ms = 1_000

[recordings]
folder = "recordings"
source = "two words"

[limits]
bit_exact = {{ at_least = 1.0 }}
"""


@pytest.mark.parametrize("features", FEATURES, ids=lambda text: text.split('"')[1])
def test_every_board_gives_the_hosts_bits(features: str, tmp_path: Path, checkout: Checkout, two_words: Path):
    folder = checkout.folder / "models" / "other-features"
    folder.mkdir()
    try:
        (folder / "workload.toml").write_text(WORKLOAD.format(signal=SOUND + features), encoding="utf-8")
        made = workload.load("other-features")
        shape, zero, scale = made.features.shape(made.input), made.features.zero_point, made.features.scale
        model = tiny_model.classifier((1, *shape, 1), labels=2, zero_point=zero, scale=scale)
        (folder / "tiny.tflite").write_bytes(tiny_model.tflite_bytes(model))
        options = ("--target", "all", "--recordings", two_words, "--json", "--out", tmp_path / "run")
        running = start("run", "other-features", *options, folder=tmp_path, project=checkout.folder)
        ran = running.finish(tmp_path / "run")
    finally:
        shutil.rmtree(folder)
    boards = ran.result["runs"]
    assert {board["target"] for board in boards} == {"nano33ble", "esp32c3", "stm32f746g"}
    assert [board["metrics"]["bit_exact"]["value"] for board in boards] == [1] * 3
    crcs = {tuple(clip["features_crc"] for clip in board["clips"]) for board in boards}
    assert len(crcs) == 1
    assert len(set(*crcs)) == 2
