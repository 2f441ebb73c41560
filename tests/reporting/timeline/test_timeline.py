"""What a timeline has of a replay, and how it is written."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import soundfile

from lab.building import host_features
from lab.reporting.timeline import chrome_trace, drawn, steps
from lab.reporting.timeline.lanes import Curves, Item, Items, Load, Picture, Timeline, Waves
from lab.reporting.timeline.signal_over_time import SignalOverTime
from lab.reporting.timeline.steps import Steps
from lab.signals.signal import SOUND, SOUND_STEPS

from .made import HOSTILE, RATE_HZ, SECONDS
from .written import Page


def lane(replay, name):
    (found,) = (one for one in replay.timeline.lanes if one.name == name)
    return found


@pytest.fixture(scope="module")
def page(replay):
    return Page((replay.folder / "timeline.html").read_text(encoding="utf-8"))


def test_a_replay_has_a_lane_for_everything_that_there_is_to_see(replay):
    kinds = [(one.name, type(one)) for one in replay.timeline.lanes]
    assert kinds == [
        ("labels", Items),
        ("expected", Items),
        ("sound", Waves),
        ("features", Picture),
        ("scores", Curves),
        ("inferences", Items),
        ("detections", Items),
        ("load", Load),
        ("trouble", Items),
        ("device log", Items),
    ]
    assert [one.label for one in lane(replay, "expected").items] == ["✓ yes", "✗ nothing"]
    assert [one.told for one in lane(replay, "trouble").items] == ["inference 9: missed its deadline, 320 samples lost"]
    scores = lane(replay, "scores")
    assert scores.threshold == pytest.approx(replay.prepared.request.workload.decision.threshold, abs=1 / 255)
    assert scores.threshold_told == "threshold 0.45, of the mean of 2 inferences"
    assert np.array_equal(lane(replay, "load").begins_s[:2], [0.0, replay.result.inferences[0].end_s])


def test_steps_hold_what_the_rows_hold_whatever_the_blocks():
    rows = np.random.default_rng(3).integers(-128, 128, (1_003, 3)).astype(np.int16)
    kept = Steps(8, lambda groups: groups.max(axis=1))
    for first in range(0, len(rows), 47):
        kept.add(rows[first : first + 47])
    found = kept.all()
    assert found is not None
    assert np.array_equal(found, [rows[first : first + 8].max(axis=0) for first in range(0, len(rows), 8)])


@pytest.mark.parametrize(
    ("rows", "values", "most"), [(0, 3, 100), (1, 1, 1), (100, 1, 100), (101, 1, 100), (10**8, 3, 2**20)]
)
def test_a_step_is_the_least_power_of_two_that_leaves_few_enough(rows, values, most):
    size = steps.size(rows, values, most)
    assert rows * values / size <= most
    assert size == 1 or rows * values / (size / 2) > most


def test_an_hour_of_sound_leaves_a_bounded_envelope_with_every_peak_in_it():
    frames = 3_600 * RATE_HZ
    kept = SignalOverTime(frames, RATE_HZ, SOUND, "", SOUND_STEPS)
    block = np.zeros(2**20, np.int16)
    for first in range(0, frames, len(block)):
        part = block[: frames - first].copy()
        part[12_345 % len(part)] = 20_000
        kept.add(part[:, np.newaxis])
    waves = kept.waves()
    assert waves is not None
    assert len(waves.highs) <= 2**20
    assert waves.step_s == 0.004
    assert int((waves.highs > 0.99).sum()) == -(-frames // len(block))


def test_axes_that_hide_each_other_are_drawn_less_their_means():
    turns = np.arange(4_000) / 7
    values = np.stack([2_048 + 60 * np.sin(turns), 60 * np.cos(turns)], axis=1).astype(np.int16)
    kept = SignalOverTime(len(values), 200, ("x", "y"), "g", 2_048)
    kept.add(values)
    waves = kept.waves()
    assert waves is not None
    assert waves.axes[0] == "x less 1"
    assert waves.highs[:, 0].max() == pytest.approx(waves.highs[:, 1].max(), abs=0.02)


def test_the_sound_beside_the_page_is_what_was_played_bit_for_bit(replay):
    samples, rate_hz = soundfile.read(replay.folder / "played.flac", dtype="int16")
    assert rate_hz == RATE_HZ
    assert np.array_equal(samples, replay.samples)


def test_the_picture_of_features_is_what_the_device_computes(replay):
    workload = replay.prepared.request.workload
    picture = lane(replay, "features")
    inputs = host_features.in_turn(replay.samples, workload.features, workload.input)
    rows = workload.features.steps
    assert np.array_equal(picture.values[:rows].astype(int) - 128, inputs[0])
    assert np.array_equal(picture.values[rows:].astype(int) - 128, inputs[1:, -1])
    assert (picture.step_s, picture.told) == (0.02, "A column is 20 ms")


def test_overlapping_items_have_rows_of_their_own():
    items = [Item(begin, end, "", "") for begin, end in ((0, 4), (1, 2), (1.5, 3), (2, 5), (4, 4))]
    assert list(drawn.stacked(items)) == [0, 1, 2, 1, 0]


def test_what_the_page_draws_is_what_the_lanes_have(replay, page):
    data = json.loads(page.scripts["drawn"])
    assert (data["begin"], data["end"]) == (0.0, float(SECONDS))
    lanes = {one["name"]: one for one in data["lanes"]}
    inferences = lanes["inferences"]
    assert np.array_equal(page.read(inferences["begins"]), [one.begin_s for one in replay.result.inferences])
    labels = [inferences["labels"][place] for place in page.read(inferences["label"])]
    assert labels == [one.label for one in replay.result.inferences]
    assert page.read(lanes["device log"]["told"])[1] == "said silence"
    scores = page.read(lanes["scores"]["values"]).reshape(-1, len(lanes["scores"]["names"]))
    assert np.array_equal(scores[3], np.array(replay.result.inferences[3].scores) + 128)
    lows, highs = page.read(lanes["sound"]["lows"]), page.read(lanes["sound"]["highs"])
    assert (lows <= highs).all()
    assert {int(lows.min()), int(highs.max())} & {0, 255}


def test_a_short_sound_is_in_the_page_and_nothing_is_fetched(replay):
    text = (replay.folder / "timeline.html").read_text(encoding="utf-8")
    assert 'src="data:audio/flac;base64,' in text
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)
    assert len(text) < 1_000_000


def test_no_name_label_or_line_becomes_html(replay, page):
    text = (replay.folder / "timeline.html").read_text(encoding="utf-8")
    assert "<img" not in text
    assert page.tags.count("script") == 4
    data = json.loads(page.scripts["drawn"])
    assert HOSTILE in data["lanes"][0]["labels"]


def test_perfetto_gets_slices_instants_and_counters_with_the_fields_that_the_format_names(replay):
    events = json.loads((replay.folder / "timeline.trace.json").read_text(encoding="utf-8"))
    needed = {
        "X": {"ts", "dur", "name", "cat"},
        "i": {"ts", "s", "name", "cat"},
        "C": {"ts", "name", "args"},
        "M": {"name", "args"},
    }
    assert {event["ph"] for event in events} == set(needed)
    for event in events:
        assert {"ph", "pid", "tid"} | needed[event["ph"]] <= set(event)
        assert isinstance(event["pid"], int)
        assert isinstance(event["tid"], int)
        assert event.get("dur", 1) > 0
        if event["ph"] == "C":
            assert all(isinstance(value, int | float) for value in event["args"].values())
        if event["ph"] == "i":
            assert event["s"] in ("g", "p", "t")
        if event["ph"] == "M":
            assert event["name"] in ("process_name", "process_sort_index")
    by_thread: dict[tuple[int, int], float] = {}
    for event in events:
        if event["ph"] == "X":  # slices of a thread must not overlap
            thread = event["pid"], event["tid"]
            assert event["ts"] >= by_thread.get(thread, 0) - 1e-3
            by_thread[thread] = event["ts"] + event["dur"]
    assert [event["name"] for event in events if event.get("cat") == "inferences"] == [
        one.label for one in replay.result.inferences
    ]


def test_a_timeline_without_anything_is_an_array_too():
    assert json.loads(chrome_trace.text(Timeline(0, 1, []))) == []
