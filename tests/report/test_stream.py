"""The timeline of a stream as a person uses it, in headless Chromium."""

from __future__ import annotations

import wave
from itertools import pairwise

import pytest

from lab.outcomes.stream import Pace
from lab.reporting.html import render
from lab.verdict.result import StreamDetection, StreamHeard, StreamPart, StreamWord

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
