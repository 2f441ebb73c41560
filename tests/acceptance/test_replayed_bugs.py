"""A bug that somebody made in the firmware is found by `lab replay --against`, and its first difference named.

Each is planted into a copy of the sources, which is built as a user's project is.
"""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab import workload
from lab.cli import main
from lab.model import Model
from lab.recordings import sounds
from tests.acceptance.bench import REAL, Checkout
from tests.acceptance.test_planted_bugs import ADD_OPERATOR, LISTENER, OPERATORS, REGISTRATION, WRONG_KERNEL

FEATURES = "firmware/runtime/features/tflm_audio_frontend.h"
ACCELEROMETER = "firmware/drivers/fifo_accelerometer.cc"
AXIS = "2 * axis;"
RATE = 16_000
SPOTTING = workload.load("keyword-spotting")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, words: Path) -> Path:
    """Two words in two seconds: two inferences."""
    pieces = [sounds.load(min((words / word).iterdir()), RATE, RATE).samples for word in ("yes", "stop")]
    file = tmp_path_factory.mktemp("trace") / "spoken.wav"
    soundfile.write(file, np.concatenate(pieces), RATE)
    return file


@pytest.fixture(scope="module")
def good(spoken: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the firmware made of it before anybody touched it."""
    folder = tmp_path_factory.mktemp("good") / "replay"
    assert lab_replay(spoken, folder, "--until", "inference 1") == 0
    return folder


def lab_replay(trace: Path, folder: Path, *options: str, of: str = "keyword-spotting") -> int:
    return main(["replay", str(trace), "--workload", of, "--engine", "builtin", "--out", str(folder), *options])


def told(folder: Path, what: str) -> tuple[dict[str, object], re.Match[str]]:
    """The difference, and the parts of its place."""
    result = json.loads((folder / "replay.json").read_text())
    assert result["verdict"] == "failed"
    difference = result["comparison"]["difference"]
    place = re.fullmatch(what, difference["place"])
    assert place, difference
    assert str(difference["place"]) in (folder / "timeline.html").read_text(encoding="utf-8")
    return difference, place


def test_an_off_by_one_in_the_feature_window_is_named_at_its_first_feature(
    checkout: Checkout, spoken: Path, good: Path, tmp_path: Path, capsys
):
    """The host computes features of the same sources: it is the version before that shows what has changed."""
    right = "std::memcpy(values, rows_, sizeof(rows_));"
    late = "std::memcpy(values, rows_ + kRowValues, sizeof(rows_) - kRowValues);"
    with checkout.edited(FEATURES, (right, late)):
        assert lab_replay(spoken, tmp_path, "--until", "inference 1", "--against", str(good)) == 1
    difference, place = told(tmp_path, r"first at step (\d+), channel (\d+): here (-?\d+), other (-?\d+)")
    assert (difference["number"], difference["stage"]) == (0, "features")
    assert str(difference["place"]) in capsys.readouterr().out.replace("\n", " ")
    assert place[3] != place[4]


def test_a_sample_that_is_lost_under_load_is_named(checkout: Checkout, spoken: Path, tmp_path: Path):
    """While the core infers, each buffer of the microphone loses its last sample, and nobody counts that."""
    counted = "  buffers_heard = buffers_heard + 1;\n"
    with checkout.edited(LISTENER, (counted, f"{counted}  count -= ring.available() > 2'000;\n")):
        assert lab_replay(spoken, tmp_path, "--until", "inference 1", "--against", "host") == 1
    difference, place = told(tmp_path, r"first at sample (\d+): here (-?\d+), other (-?\d+)")
    assert (difference["number"], difference["stage"]) == (1, "samples")
    samples, _ = soundfile.read(spoken, dtype="int16")
    stride = SPOTTING.decision.stride_steps(SPOTTING) * SPOTTING.features.step_frames(SPOTTING.input)
    at = stride + int(place[1])
    assert at > RATE - 1_000  # where the first inference began
    assert [int(place[2]), int(place[3])] == [samples[at + 1], samples[at]]
    inferences = json.loads((tmp_path / "replay.json").read_text())["inferences"]
    assert [one["lost_samples"] for one in inferences] == [0, 0]


def test_an_axis_that_was_swapped_is_named(checkout: Checkout, tmp_path: Path):
    trace = REAL / "models/activity-recognition/recordings/person_0.npz"
    options = ("--signal", "jogging", "--to", "5", "--against", "host")
    with checkout.edited(ACCELEROMETER, (AXIS, "2 * (axis < 2 ? 1 - axis : axis);")):
        assert lab_replay(trace, tmp_path, *options, of="activity-recognition") == 1
    difference, place = told(tmp_path, r"first at axis x, sample 0: here (-?\d+), other (-?\d+)")
    assert (difference["number"], difference["stage"]) == (0, "samples")
    frames = np.load(trace)["jogging"]
    y, x = (round(float(frames[0, axis]) / 1000 * 2**13 / 4) for axis in (1, 0))
    assert [int(place[1]), int(place[2])] == [y, x]


def test_a_wrong_kernel_is_named_at_its_operator_and_its_tensors_show_it(
    checkout: Checkout, spoken: Path, good: Path, tmp_path: Path
):
    options = ("--until", "inference 1", "--against", str(good), "--dump-tensors", str(tmp_path / "tensors"))
    with checkout.edited(
        OPERATORS,
        (ADD_OPERATOR, WRONG_KERNEL + ADD_OPERATOR),
        (REGISTRATION, "AddBuiltin(code, spoilt(code, &registration), "),
    ):
        assert lab_replay(spoken, tmp_path / "out", *options) == 1
    spoilt = [one.name for one in Model.read(SPOTTING.model_path).operators].index("DEPTHWISE_CONV_2D")
    named = rf"first at operator {spoilt} DEPTHWISE_CONV_2D, element 5: here (-?\d+), other (-?\d+)"
    difference, place = told(tmp_path / "out", named)
    assert (difference["number"], difference["stage"]) == (0, "scores")
    assert abs(int(place[1]) - int(place[2])) == 128

    index = json.loads((tmp_path / "tensors" / "tensors.json").read_text())
    assert (index["inference"], index["notes"]) == (1, [])
    rows = index["operators"]
    assert [row["equal"] for row in rows[: spoilt + 1]] == [True] * spoilt + [False]
    device, host = (np.load(tmp_path / "tensors" / rows[spoilt]["files"][side]) for side in ("device", "host"))
    assert np.array_equal(device.ravel()[5:] ^ np.int8(-128), host.ravel()[5:])
    first = {"element": 5, "device": int(device.ravel()[5]), "host": int(host.ravel()[5])}
    assert (rows[spoilt]["first"], rows[spoilt]["shape"]) == (first, list(host.shape))
    given = np.load(tmp_path / "tensors" / "input.npy").tobytes()
    inference = json.loads((tmp_path / "out" / "replay.json").read_text())["inferences"][1]
    assert f"{zlib.crc32(given):08x}" == inference["features_crc"]
