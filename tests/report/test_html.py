"""What stands in report.html, whatever shows it."""

from __future__ import annotations

import io
import json
import re
from base64 import b64decode
from html.parser import HTMLParser
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import lab.reporting.html
from lab import workload
from lab.asked import Asked
from lab.metrics import Quantity
from lab.outcomes.memory import Footprint, Section, Symbol
from lab.reporting import comparison_words
from lab.reporting.html import memory_map, pictures, recognition, render, words
from lab.reporting.metric_rows import metric_rows
from lab.verdict import judge
from lab.verdict.result import Bounds, Change, Check, Clip, Confusion, SizeChange
from tests import fake_workloads
from tests.fake_measuring import clip, measurement
from tests.reporting import results as endings

from . import results

NOWHERE = Path("no-folder-of-a-run")
KEYWORD_SPOTTING = workload.load("keyword-spotting")
WORKLOADS = (KEYWORD_SPOTTING, fake_workloads.gestures(), fake_workloads.activities(), fake_workloads.vibration())
STYLE = (Path(lab.reporting.html.__file__).parent / "style.css").read_text(encoding="utf-8")


class Parsed(HTMLParser):
    """A page as a browser's parser sees it: `text` outside of scripts and styles, `scripts`, `tags` with attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._words: list[str] = []
        self._within: list[str] = []
        self.feed(page)
        self.close()
        self.text = re.sub(r"\s+", " ", "".join(self._words))

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self._words.append(" " if tag in ("td", "th", "dt", "dd", "li", "small") else "")
        if tag in ("script", "style"):
            self._within.append(tag)
            self.scripts += [""] if tag == "script" else []

    def handle_endtag(self, tag):
        if tag in self._within:
            self._within.remove(tag)

    def handle_data(self, data):
        if "script" in self._within:
            self.scripts[-1] += data
        elif not self._within:
            self._words.append(data)

    def attributes(self, name: str) -> list[str]:
        return [value for _, attributes in self.tags for key, value in attributes.items() if key == name and value]


def shown(result, folder=NOWHERE):
    return Parsed(render(result, folder))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("ending", endings.EVERY)
def test_every_ending_of_a_run_is_shown_with_its_checks_in_the_words_of_all_reports(ending):
    result = endings.EVERY[ending]()
    page = shown(result)
    for run in result.runs:
        assert words.verdict_line(run) in page.text
        assert [check for check in run.failed_checks if str(check) not in page.text] == []


def test_what_failed_comes_before_the_numbers():
    text = shown(results.failing()).text
    first = text.index(f"({results.BASELINE}:14)")
    assert text.index("2 of 3 checks failed") < first < text.index("Metrics and checks") < text.index("Confusion")


def test_what_the_accuracy_was_measured_on_stands_above_it():
    text = shown(results.failing()).text
    assert text.index("26 recordings: synthetic speech") < text.index("Metrics and checks")


def test_an_error_is_shown_with_its_last_output_and_what_to_do():
    text = shown(endings.faulting()).text
    for said in ("device-fault", "HardFault at pc 0x10 in main.", "See the trace.", "block"):
        assert said in text


def test_a_run_that_was_not_even_built_has_a_report():
    error = judge.not_measured(
        "w", "t", engine="auto", hardware_faithful=True, source="synthetic", provenance={"lab": "1"}, error=None
    )
    assert "Interrupted after 0 recordings; no limit was checked" in shown(error).text


def test_a_metric_without_a_value_says_so():
    assert "not counted" in shown(endings.not_counted()).text


def test_recordings_that_were_not_played_are_named_with_the_reason():
    assert "yes/broken.flac is cut short" in shown(endings.failing()).text


def test_a_change_against_the_baseline_is_shown_with_what_is_tolerated():
    text = shown(results.failing()).text
    assert "worse against" in text
    assert "180,000 +0.56 % worse ≤ 180,500" in text
    assert "1 recording changed since the baseline" in text


def test_what_grew_against_the_baseline_is_shown_down_to_the_symbol():
    result = results.failing()
    (run,) = result.runs
    assert run.baseline
    grown = SizeChange(kind="symbol", name="lab_arena", section=".bss", library="app", before=1_000, now=3_024)
    baseline = run.baseline.model_copy(update={"sizes": (grown,)})
    changed = result.model_copy(update={"runs": (run.model_copy(update={"baseline": baseline}),)})
    assert "+2,024 1,000 3,024 symbol lab_arena app" in shown(changed).text


def test_names_from_outside_are_text_wherever_they_stand(tmp_path):
    results.keep_evidence(tmp_path, (24, 25))
    hostile = results.failing()
    plain = hostile.model_copy(
        update={
            "runs": tuple(
                run.model_copy(
                    update={
                        "clips": tuple(one.model_copy(update={"clip": one.label}) for one in run.clips),
                        "baseline": None,
                    }
                )
                for run in hostile.runs
            )
        }
    )
    page = shown(hostile, tmp_path)
    assert [tag for tag, _ in page.tags].count("script") == [tag for tag, _ in shown(plain, tmp_path).tags].count(
        "script"
    )
    assert results.HOSTILE in page.text
    assert f"Sound of {results.HOSTILE}" in page.attributes("aria-label")
    names = [row[0] for row in json.loads(page.scripts[-2])["rows"]]
    assert names[24] == results.HOSTILE


def test_the_page_asks_nothing_of_a_network(tmp_path):
    results.keep_evidence(tmp_path, (24, 25))
    text = render(results.failing(), tmp_path)
    page = Parsed(text)
    loaded = [
        link for link in (*page.attributes("src"), *page.attributes("href")) if not link.startswith(("#", "data:"))
    ]
    assert loaded == []
    assert re.findall(r"@import|url\(|fetch\(|XMLHttpRequest|https?://(?!www\.w3\.org/)", text) == []


def test_links_go_to_the_files_that_are_there(tmp_path):
    for name in ("log.html", "junit.xml"):
        (tmp_path / name).touch()
    assert {"log.html", "junit.xml"} <= set(shown(results.failing(), tmp_path).attributes("href"))
    assert "clips.csv" not in shown(results.failing(), tmp_path).attributes("href")


def test_several_runs_stand_side_by_side_each_with_the_files_of_its_own_folder(tmp_path):
    own = tmp_path / "keyword-spotting-nano33ble"
    results.keep_evidence(own, (24, 25))
    (own / "log.html").touch()
    page = shown(results.two_targets(), tmp_path)
    assert "1 of 2 runs did not pass" in page.text
    assert "keyword-spotting-nano33ble/log.html" in page.attributes("href")
    assert len([sound for sound in page.attributes("src") if sound.startswith("data:audio/flac")]) == 2
    assert "flash_bytes 181,000 +0.56 % worse ≤ 180,500 by the baseline 181,000" in page.text


def test_each_recording_that_failed_says_how_to_play_it_again():
    text = shown(results.failing()).text
    assert "lab run keyword-spotting --target nano33ble --clip 'down/off by one.flac'" in text


def test_the_line_that_plays_it_again_names_the_readers_own_recordings_and_model():
    asked = Asked.of(workload="keyword-spotting", recordings=Path("my words"), model=Path("my.tflite"))
    result = results.result_of(measurement((clip(0, decided="go"),), options=asked.options))
    line = "lab run keyword-spotting --target nano33ble --recordings 'my words' --model my.tflite"
    assert f"{line} --clip silence/0.flac" in shown(result).text


def test_a_recording_without_evidence_is_shown_with_its_scores():
    text = shown(results.failing()).text
    assert text.count("Signal and features of this recording were not kept.") == 2
    assert "off decided 40 40" in text


def test_the_sound_in_the_page_is_the_file_of_the_run(tmp_path):
    results.keep_evidence(tmp_path, (0,))
    file = tmp_path / "clips" / "0.flac"
    assert b64decode(pictures.sound(file.read_bytes()).removeprefix("data:audio/flac;base64,")) == file.read_bytes()


def pixels(png: str) -> NDArray[np.uint8]:
    content = b64decode(png.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


BRIGHTEST = [252, 253, 191]
"""The upper end of "magma"."""


def test_a_picture_of_features_has_time_to_the_right_and_low_channels_at_the_bottom():
    features = np.full((49, 40), -128, dtype=np.int8)
    features[10, 3] = 127
    image = pixels(pictures.features(features, KEYWORD_SPOTTING.features.layout(KEYWORD_SPOTTING.input)))
    assert image.shape == (40, 49, 3)
    assert image[39 - 3, 10].tolist() == BRIGHTEST
    image = np.delete(image, 10, axis=1)
    assert np.unique(image.reshape(-1, 3), axis=0).tolist() == [[0, 0, 4]]


@pytest.mark.parametrize(
    ("of", "index", "column", "line"),
    [
        (fake_workloads.gestures(), 7 * 3 + 1, 7, 1),  # point 7, axis y
        (fake_workloads.activities(), 40 * 6 + 5, 40, 5),  # frame 40, axis z without its mean
        (fake_workloads.vibration(), 2 * 32 + 12, 12, 2),  # axis z, band 12
    ],
    ids=["movement", "window", "spectrum"],
)
def test_features_of_axes_have_a_line_for_each_from_the_top_down(of, index, column, line):
    shape, layout = of.features.shape(of.input), of.features.layout(of.input)
    features = np.full(shape, -128, np.int8)
    features.flat[index] = 127
    image = pixels(pictures.features(features, layout))
    assert np.argwhere((image == BRIGHTEST).all(axis=2)).tolist() == [[line, column]]
    assert layout.place(index, shape) == (column, line)
    assert len(layout.names) == len(image)


def test_the_sides_of_a_picture_are_in_units_that_people_measure_in():
    layouts = [of.features.layout(of.input) for of in WORKLOADS]
    assert [(layout.across.last, layout.across.unit) for layout in layouts] == [
        (pytest.approx(0.99), "s"),
        (48, ""),
        (4.0, "s"),
        (100.0, "Hz"),
    ]
    assert layouts[2].names == ("x", "y", "z", "x - mean", "y - mean", "z - mean")


def test_a_waveform_fills_its_box_at_its_loudest_and_silence_is_a_line():
    samples = np.zeros(16_000)
    flat = {point.split()[1] for point in pictures.waveform(samples).strip("MZ").split("L")}
    assert flat == {"50"}
    samples[8_000] = -20_000 / 32_768
    heights = {point.split()[1] for point in pictures.waveform(samples).strip("MZ").split("L")}
    assert heights == {"50", "100"}
    assert pictures.peak(samples) == "\N{MINUS SIGN}4 dBFS"  # 20 log10(20000 / 32768)


@pytest.mark.parametrize(("length", "peak"), [(0, "silence"), (1, "silence"), (5, "silence")])
def test_the_shortest_of_sounds_has_a_waveform(length, peak):
    samples = np.zeros(length)
    assert pictures.waveform(samples).startswith("M0 50")
    assert pictures.peak(samples) == peak


def test_evidence_that_was_spoiled_is_left_out(tmp_path):
    results.keep_evidence(tmp_path, (24, 25))
    (tmp_path / "clips" / "24.flac").write_bytes(b"not a sound")
    assert shown(results.failing(), tmp_path).text.count("Signal and features of this recording were not kept.") == 1


def test_mistakes_of_a_label_are_told_commonest_first():
    rows = recognition.label_rows(Confusion(labels=("a", "b", "c"), counts=((6, 1, 3), (0, 0, 0), (0, 0, 2))))
    assert (rows[0].right, rows[0].total, rows[0].mistakes) == (6, 10, (("c", 3), ("b", 1)))
    assert rows[0].heat == (0.6, 0.1, 0.3)
    assert (rows[1].total, rows[1].heat) == (0, (0.0, 0.0, 0.0))


def test_the_highest_scores_of_right_and_wrong_recordings_are_counted_apart():
    right, wrong = recognition.histograms([heard((127, -128)), heard((-128, 112)), heard((-128, -120), correct=False)])
    assert (right.total, right.counts[-1], right.median) == (2, 2, 119.5)
    assert (wrong.counts[0], wrong.bins[0]) == (1, (-128, -113, 1))


def heard(scores: tuple[int, ...], *, correct: bool = True) -> Clip:
    (run,) = results.result_of(measurement((clip(0),))).runs
    return run.clips[0].model_copy(update={"scores": scores, "correct": correct})


def test_initialised_data_of_a_library_counts_in_flash_and_in_ram():
    memory = Footprint(
        flash_bytes=150,
        ram_bytes=80,
        flash_size=1_000,
        ram_size=100,
        arena_size=0,
        stack_size=0,
        sections=(
            Section(".text", 100, True, False),
            Section(".data", 50, True, True),
            Section(".bss", 30, False, True),
        ),
        symbols=(Symbol("f", 100, ".text", "a"), Symbol("d", 50, ".data", "b"), Symbol("z", 30, ".bss", "b")),
    )
    libraries = [(one.name, one.flash, one.ram) for one in memory_map.libraries(memory)]
    assert libraries == [("b", 50, 80), ("a", 100, 0)]
    flash, ram = memory_map.regions(memory)
    assert [(part.name, part.size) for part in flash.sections] == [(".text", 100), (".data", 50)]
    assert [(part.name, part.size) for part in ram.sections] == [(".data", 50), (".bss", 30)]


def test_a_share_is_not_rounded_to_all_or_to_nothing():
    assert [words.percent(share) for share in (0, 0.0004, 0.938, 0.9996, 1)] == [
        "0 %",
        "< 0.1 %",
        "93.8 %",
        "> 99.9 %",
        "100 %",
    ]


def test_room_is_what_is_left_of_a_limit():
    assert [words.room(left) for left in (0.025, 0.0, -0.031)] == ["2.5 %", "none", "missed by 3.1 %"]


@pytest.mark.parametrize(
    ("value", "limit", "room"),
    [
        (0.088, Bounds(at_least=1), "missed by 91.2 %"),
        (0.96, Bounds(at_least=0.8), "20.0 %"),
        (1.8, Bounds(at_least=0.5), "260.0 %"),
        (120, Bounds(at_most=100), "missed by 20.0 %"),
        (75, Bounds(at_most=100), "25.0 %"),
        (95, Bounds(at_least=90, at_most=100), "5.0 %"),
        (100, Bounds(at_most=100), "none"),
    ],
)
def test_room_is_a_share_of_the_limit_whichever_side_it_bounds(value, limit, room):
    (run,) = results.failing().runs
    metrics = {"accuracy": Quantity(value, "", "exact")}
    check = Check(name="accuracy", limit=limit, value=value, passed=limit.hold(value), where="workload.toml:3")
    (row,) = metric_rows(run.model_copy(update={"metrics": metrics, "checks": (check,)}))
    assert words.room(row.room) == room


def test_a_change_that_no_percentage_shows_is_told_in_the_unit():
    change = Change(metric="flash_bytes", before=12_184_492, now=12_184_490, standing="same", why="")
    assert comparison_words.change(change) == "-2"
    assert comparison_words.change(change.model_copy(update={"now": 12_300_000})) == "+0.95 %"


def test_backticks_of_a_remedy_become_code_and_nothing_else_becomes_markup():
    assert words.with_code("`lab <doctor>` says & more") == "<code>lab &lt;doctor&gt;</code> says &amp; more"
    assert words.with_code("a ` alone") == "a ` alone"


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_every_ground(theme):
    colours = {
        name: pair.split(",")[theme].strip()
        for name, pair in re.findall(r"--(\w+): light-dark\((#\w{6}, #\w{6})\);", STYLE)
    }
    texts, grounds = ("ink", "soft", "link", "good", "bad", "warn"), ("page", "sheet", "sunk")
    low = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in product(texts, grounds)}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}  # WCAG 2.2 AA


def test_headings_do_not_skip_a_level():
    for result in (results.failing(), results.two_targets()):
        levels = [int(tag[1]) for tag, _ in shown(result).tags if re.fullmatch(r"h[1-6]", tag)]
        levels = levels[:-1]  # the dialog's own
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_an_id_is_given_once():
    ids = shown(results.two_targets()).attributes("id")
    assert sorted(set(ids)) == sorted(ids)


def test_what_is_referred_to_is_there():
    page = shown(results.two_targets())
    named = {
        one for name in ("aria-labelledby", "aria-controls") for value in page.attributes(name) for one in value.split()
    }
    linked = {link[1:] for link in page.attributes("href") if link.startswith("#")}
    assert (named | linked) - set(page.attributes("id")) == set()
