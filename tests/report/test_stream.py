"""The timeline of a stream as a person uses it, in headless Chromium."""

from __future__ import annotations

import json
import re
import wave
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from lab.outcomes.stream import Pace
from lab.reporting import run_folder
from lab.reporting.html import render
from lab.verdict import judge
from lab.verdict.result import StreamDetection, StreamHeard, StreamPart, StreamWord
from tests import fake_workloads

from . import results
from .test_browser import PHONE, wait

LABELS = ("yes", "right", "unknown", "left", "down", "stop")
FATES = ("heard", "missed", "ignored", "mistaken", "heard", "heard")
WORD_S, GAP_S = 0.6, 0.5


def part(number: int, seconds: float) -> StreamPart:
    return StreamPart(
        number=number,
        start_s=number * 30.0,
        seconds=seconds,
        stimulus="0" * 64,
        inferences=100,
        instructions=1_000,
        cpu_load=0.5,
        stack_used=900,
        lost_samples=0,
        late_inferences=0,
    )


def word(number: int) -> StreamWord:
    """Words as close to each other as a composed stream has them."""
    start = 0.4 + number * (WORD_S + GAP_S)
    fate = FATES[number % len(FATES)]
    return StreamWord(
        label=LABELS[number % len(LABELS)],
        clip=f"{LABELS[number % len(LABELS)]}/{number}.flac",
        start_s=start,
        end_s=start + WORD_S,
        snr_db=None,
        fate=fate,
        delay_ms=300.0 if fate == "heard" else None,
        taken_for="go" if fate == "mistaken" else None,
    )


@pytest.fixture
def streamed(tmp_path):
    """The report of a stream of 40 s in two parts, with its sound or without."""

    def write(*, sound: bool = True):
        words = tuple(map(word, range(34)))
        detections = tuple(
            StreamDetection(
                time_s=one.end_s + 0.3,
                label=one.label,
                score=200,
                standing="right",
                word=number,
                delay_ms=300.0,
            )
            for number, one in enumerate(words)
            if one.fate == "heard"
        )
        heard = StreamHeard(
            seconds=40.0,
            seed=1,
            pace=Pace(53, 64, 1_000, 1_200),
            parts=(part(0, 30.0), part(1, 10.0)),
            words=words,
            detections=detections,
        )
        result = results.result_of(results.measurement())
        run = result.runs[0].model_copy(update={"stream": heard})
        with wave.open(str(tmp_path / "stream.wav"), "wb") as file:
            file.setparams((1, 2, 8_000, 0, "NONE", ""))
            file.writeframes(bytes(2 * 8_000 * 40))
        page = tmp_path / "report.html"
        page.write_text(render(result.model_copy(update={"runs": (run,)}), tmp_path), encoding="utf-8")
        if not sound:
            (tmp_path / "stream.wav").unlink()
        return page

    return write


@pytest.mark.parametrize("window", [PHONE, {"width": 1280, "height": 900}])
def test_no_label_lies_over_the_next_and_the_page_does_not_scroll_sideways(page, streamed, window):
    page.open(streamed(), **window)
    assert {
        page.script("return getComputedStyle(arguments[0]).overflow", mark) for mark in page.all(".row button")
    } == {"hidden"}
    for row in page.all(".timeline .row"):
        for kind in (".said", ".found"):
            spans = page.script(
                "return [...arguments[0].querySelectorAll(arguments[1])].map((one) => one.getBoundingClientRect())"
                ".map((box) => [box.left, box.right])",
                row,
                kind,
            )
            assert spans
            assert all(one[1] <= following[0] + 0.5 for one, following in pairwise(sorted(spans))), kind
    assert page.script("return document.documentElement.scrollWidth") == window["width"]


def test_a_click_on_a_word_says_what_became_of_it_and_plays_it(page, streamed):
    page.open(streamed())
    mark = page.all(".timeline .said")[3]
    page.script("arguments[0].click()", mark)
    assert page.one(".told").text == "0:03.70 left: mistaken, left/3.flac"
    audio = page.one("audio")
    wait(page, lambda: 3.4 < page.script("return arguments[0].currentTime", audio) < 12)
    wait(page, lambda: len(page.all(".row.playing .playhead")) == 1)


def test_rows_are_as_long_as_their_parts_on_one_axis(page, streamed):
    page.open(streamed())
    whole, short = (row.rect["width"] for row in page.all(".timeline .row"))
    assert short == pytest.approx(whole / 3, abs=1)
    assert page.texts(".timeline .seconds span") == [f"{second} s" for second in range(0, 30, 5)]


def test_a_report_without_its_sound_says_so_once_it_is_asked_for(page, streamed):
    page.open(streamed(sound=False))
    assert not page.one(".without-sound").is_displayed()
    page.script("arguments[0].click()", page.all(".timeline .said")[0])
    wait(page, lambda: page.one(".without-sound").is_displayed())
    assert "stream.wav" in page.one(".without-sound").text
    assert any("stream.wav" in line for line in page.complaints())


def of_motion(of, folder):
    """The result of a stream of motion, with the files that it leaves in `folder`."""
    measured = fake_workloads.streamed(of)
    run_folder.write_evidence(measured, folder)
    return judge.judge(of, measured)


def test_events_and_detections_stand_on_the_axes_over_time(page, reported, tmp_path):
    page.open(reported(of_motion(fake_workloads.gestures(), tmp_path)))
    rows = page.all(".timeline .row")
    assert [len(page.script("return arguments[0].querySelectorAll('.signal path')", row)) for row in rows] == [3, 3]
    assert page.texts(".stream .legend.axes li") == ["x", "y", "z", "in g"]
    assert page.texts(".timeline .said") == ["wing", "ring", "wing", "wing"]
    assert page.all("audio") == []
    page.script("arguments[0].click()", page.all(".timeline .said")[0])
    assert page.one(".told").text == "0:01.00 wing: recognised, wing/0"
    whole, short = (row.rect["width"] for row in rows)
    assert short == pytest.approx(whole / 3, abs=1)


def test_windows_say_what_was_decided_and_whether_it_is_right(page, reported, tmp_path):
    page.open(reported(of_motion(fake_workloads.activities(), tmp_path)))
    kinds = page.script(
        "return [...document.querySelectorAll('.timeline .row:first-of-type, .timeline .row')].slice(0, 1)"
        ".flatMap((row) => [...row.querySelectorAll('.window')].map((one) => one.className))"
    )
    # Every 2 s a window of 4 s: two lie within each stretch of 8 s that begins at an odd second, from the third on.
    assert [kind.removeprefix("window ") for kind in kinds] == [
        *("between", "right", "right", "between", "between", "between"),
        *("wrong", "wrong", "between", "between", "between", "right", "right"),
    ]
    page.script("arguments[0].click()", page.all(".timeline .window.wrong")[0])
    assert page.one(".told").text == "window up to 0:16.00, of sitting: decided walking"
    assert page.texts(".confusion tbody tr") == ["sitting\t\t2", "walking\t\t6"]


def test_alarms_stand_between_the_signal_and_the_windows(page, reported, tmp_path):
    page.open(reported(of_motion(fake_workloads.vibration(), tmp_path)))
    assert page.texts(".timeline .said") == ["normal", "anomaly", "normal", "normal"]
    assert page.texts(".timeline .found") == ["alarm"] * 4
    assert page.texts(".stream .legend:not(.axes) li") == [
        *("found", "missed", "no fault"),
        *("decided rightly", "decided wrongly", "of more than one thing", "alarm", "false alarm"),
    ]
    assert page.texts(".timeline .decided")[0] == "normal"
    found, false = (page.all(f".timeline .found.{kind}")[0] for kind in ("right", "wrong"))
    page.script("arguments[0].click()", found)
    assert page.one(".told").text == "0:14.00 alarm 3.00 s after the fault began, score 1,200"
    page.script("arguments[0].click()", false)
    assert page.one(".told").text == "0:04.00 false alarm, score 1,200"
    window = page.all(".timeline .window")[0]
    assert found.rect["y"] + found.rect["height"] <= window.rect["y"]


def test_an_hour_of_signal_leaves_a_page_that_loads(tmp_path):
    of = fake_workloads.vibration()
    measured = fake_workloads.streamed(of)
    part = measured.stream.parts[0]
    parts = tuple(replace(part, number=number, start_s=30.0 * number) for number in range(60))
    frames = np.random.default_rng(1).integers(-8_000, 8_000, (30 * 60 * 200, 3), dtype=np.int16)
    stream = replace(measured.stream, parts=parts, signals=lambda: iter([of.input.signal(frames)]))
    run_folder.write_evidence(replace(measured, stream=stream), tmp_path)
    page = render(judge.judge(of, replace(measured, stream=stream)), tmp_path)
    paths = re.findall(r'<path class="c\d" d="([^"]*)"', page)
    assert len(paths) == 3 * 60
    assert len(page) < 2_000_000


def test_a_part_in_which_nothing_was_is_a_row_all_the_same(tmp_path):
    of = fake_workloads.gestures()
    measured = fake_workloads.streamed(of)
    silent = replace(measured, stream=replace(measured.stream, events=(), detections=()))
    assert "From 0:30.00: 0 played, 0 detections" in render(judge.judge(of, silent), tmp_path)


def test_a_signal_that_was_spoiled_leaves_the_marks(tmp_path):
    result = of_motion(fake_workloads.gestures(), tmp_path)
    (tmp_path / "stream.csv").write_text("time (s),x (g)\n")
    page = render(result, tmp_path)
    assert "with-signal" not in page.partition("</style>")[2]
    assert "0:01.00 wing: recognised, wing/0" in page


@pytest.mark.parametrize(
    ("of", "lanes"),
    [
        (fake_workloads.gestures, ["parts", "gestures", "signal in g", "detections", "load"]),
        (fake_workloads.activities, ["parts", "activities", "signal in g", "windows", "load"]),
        (fake_workloads.vibration, ["parts", "faults", "signal in g", "anomaly score", "windows", "alarms", "load"]),
    ],
)
def test_a_stream_has_a_timeline_to_zoom_into(page, tmp_path, of, lanes):
    run_folder.write_reports(of_motion(of(), tmp_path), tmp_path)
    page.open(tmp_path / "report.html")
    page.script("arguments[0].click()", page.one(".stream .hint a"))
    wait(page, lambda: page.script("return performance.getEntriesByName('drawn').length"))
    assert page.texts("#lanes .name b") == lanes
    page.one("#lanes").send_keys("]")
    assert ": " in page.one(".told").text
    assert json.loads((tmp_path / "timeline.trace.json").read_text())
