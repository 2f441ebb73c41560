"""A firmware of somebody else's with a camera, from pictures to a verdict, and what there is not for pictures."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace

import pytest

from lab import pattern, target
from lab.composing.compose import compose
from lab.configuration import read_toml
from lab.errors import ConfigurationError, UsageError
from lab.measuring import Request, measure
from lab.measuring.foreign import adapter
from lab.measuring.request import Brought
from lab.recordings import reading
from lab.replaying import choosing
from lab.reporting import evidence
from lab.reporting.html import clip_cards
from lab.traces.trace import Trace
from lab.verdict import judge
from lab.workload import Workload
from tests.docs.documents import ROOT, blocks
from tests.engine.qemu import compiled
from tests.jpeg import jpeg

WORKLOAD = """\
title = "Tens against ones"
task = "classification"
labels = ["tens", "ones"]
background = ["ones"]
targets = ["nano33ble"]
[input]
sensor = "camera"
axes = ["jpeg"]
[features]
kind = "of-firmware"
[decision]
kind = "of-firmware"
[recordings]
folder = "recordings"
source = "bytes"
[limits]
accuracy = { at_least = 0.5 }
"""
ADAPTER = """\
[output]
result = '^(?P<scores>\\d \\d)'
result_within_s = 0.1
"""


@pytest.fixture
def seeing(tmp_path):
    file = tmp_path / "workload.toml"
    file.write_text(WORKLOAD)
    for name, last in {"tens/a.jpg": 83, "tens/b.jpg": 19, "ones/c.jpg": 27}.items():
        picture = tmp_path / "recordings" / name
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(jpeg(bytes([last])))
    (tmp_path / "recordings" / "ones" / "d.png").write_bytes(b"\x89PNG")
    return read_toml(file, Workload, name="seeing", folder=tmp_path)


@pytest.fixture
def request_of(seeing, tmp_path):
    (tmp_path / "seeing.toml").write_text(ADAPTER)
    brought = Brought(compiled("camera.c", tmp_path), adapter.load(tmp_path / "seeing.toml", seeing))
    return Request(seeing, target.load("nano33ble"), engine="builtin", jobs=1, brought=brought)


def test_each_picture_is_seen_and_scores_decide_without_a_host(request_of, tmp_path):
    measured = measure(request_of)
    assert [(clip.clip, clip.decided, clip.scores) for clip in measured.clips] == [
        ("ones/c.jpg", "ones", (2, 7)),
        ("tens/a.jpg", "tens", (8, 3)),
        ("tens/b.jpg", "ones", (1, 9)),
    ]
    assert [(skipped.clip, "is no JPEG file" in skipped.reason) for skipped in measured.skipped] == [
        ("ones/d.png", True)
    ]
    assert measured.metrics["accuracy"].value == pytest.approx(2 / 3)
    assert measured.metrics["bit_exact"].value is None
    evidence.write(measured, tmp_path)
    assert [file.name for file in (tmp_path / "clips").iterdir()] == ["2.jpg"]
    assert (tmp_path / "clips" / "2.jpg").read_bytes() == jpeg(bytes([19]))
    (run,) = judge.judge(request_of.workload, measured).runs
    (card,) = clip_cards.cards(run, tmp_path)
    assert b64decode(card.seen.photo.removeprefix("data:image/jpeg;base64,")) == jpeg(bytes([19]))
    assert (card.seen.plot, card.seen.sound, card.bundle) == (None, None, "")


def test_workload_and_adapter_of_the_page_go_together(tmp_path):
    told = [block.text for block in blocks(ROOT / "docs" / "own-firmware.md") if block.language == "toml"]
    (whole,) = (text for text in told if text.startswith("title"))
    (reads,) = (text for text in told if "Arducam" in text)
    (tmp_path / "workload.toml").write_text(whole)
    (tmp_path / "read.toml").write_text(reads)
    detection = read_toml(tmp_path / "workload.toml", Workload, name="person-detection", folder=tmp_path)
    loaded = adapter.load(tmp_path / "read.toml", detection)
    found = pattern.parts(loaded.output.result, "Person score: 116 No person score: -116")
    assert found["scores"] == "116 No person score: -116"


@pytest.mark.produces("features-of-firmware")
def test_without_such_a_firmware_nothing_is_built(seeing):
    with pytest.raises(ConfigurationError, match="no firmware of the lab's"):
        measure(Request(seeing, target.load("nano33ble"), engine="builtin"))


def test_what_wants_a_model_says_that_there_is_none(seeing):
    with pytest.raises(ConfigurationError, match="has no model"):
        _ = seeing.model_path


def test_a_model_that_is_named_in_vain_is_refused(request_of, tmp_path):
    with pytest.raises(ConfigurationError, match="has no model"):
        measure(replace(request_of, model=tmp_path / "a.tflite"))


def test_they_go_to_a_camera_and_to_no_array(seeing, tmp_path):
    (tmp_path / "seeing.toml").write_text(f'[input]\nbuffer = "picture"\n{ADAPTER}')
    with pytest.raises(ConfigurationError, match=r"seeing.toml:2: input.buffer: .* plays pictures"):
        adapter.load(tmp_path / "seeing.toml", seeing)


def test_they_make_no_stream_and_are_in_no_trace(seeing):
    collected = reading.read(seeing.folder / "recordings", seeing.input, seeing.labels)
    with pytest.raises(UsageError, match="A stream is of a signal"):
        compose(collected, seeing, seeing.streaming.evaluation)
    with pytest.raises(UsageError, match="A trace is of a signal"):
        choosing.choose(seeing.folder / "a.wav", Trace(()), seeing.input)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (('kind = "of-firmware"\n[recordings]', 'kind = "each"\nstride_ms = 1000\n[recordings]'), "either both"),
        (('axes = ["jpeg"]', 'axes = ["jpeg"]\nrate_hz = 16'), "rate_hz is not for pictures"),
    ],
)
def test_a_workload_that_is_half_for_pictures_is_refused(seeing, said, words):
    seeing.file.write_text(WORKLOAD.replace(*said))
    with pytest.raises(ConfigurationError, match=words):
        read_toml(seeing.file, Workload, name="seeing", folder=seeing.folder)
