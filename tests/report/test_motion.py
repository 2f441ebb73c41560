"""What the page shows of a workload with an accelerometer."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lab.outcomes.recording import Difference
from lab.reporting.html import signal_plot
from lab.reporting.html.anomaly_view import AnomalyView
from lab.reporting.html.clip_cards import cards
from tests import fake_workloads

from . import results
from .test_browser import PHONE
from .test_html import shown

AXES = ("x", "y", "z")


def wave(frames=45, amplitude=2_048):
    """A movement of 1 g along x, nothing along y, gravity along z."""
    time = np.arange(frames) / frames
    x = np.rint(amplitude * np.sin(2 * np.pi * time))
    return np.stack([x, np.zeros(frames), np.full(frames, 2_048)], axis=1).astype(np.int16)


def plotted(values):
    return signal_plot.plot(np.asarray(values, np.float64), AXES, "g")


def points(line):
    return [tuple(map(float, point.split())) for point in line.path.strip("M").split("L")]


def test_axes_share_a_scale_that_is_told_at_the_side():
    plot = plotted(wave() / 2_048)
    x, y, z = (points(line) for line in plot.lines)
    assert [len(line) for line in (x, y, z)] == [45, 45, 45]
    levels = dict(plot.ticks)
    assert [up for _, up in y] == pytest.approx([100 - 100 * levels["0"]] * 45, abs=0.06)
    assert [up for _, up in z] == pytest.approx([100 - 100 * levels["1"]] * 45, abs=0.06)
    assert min(up for _, up in x) < 15
    assert plot.span == "\N{MINUS SIGN}1 to 1 g"
    assert not any(line.mean for line in plot.lines)


def test_small_movements_beside_gravity_are_drawn_without_it():
    plot = plotted(wave(amplitude=100) / 2_048)
    assert [line.mean for line in plot.lines] == ["0 g", "0 g", "1 g"]
    heights = [up for _, up in points(plot.lines[0])]
    assert max(heights) - min(heights) > 80


def test_a_sensor_at_rest_is_drawn_as_lines():
    plot = signal_plot.plot(np.zeros((10, 1)), ("x",), "g")
    assert {up for _, up in points(plot.lines[0])} == {50.0}


def test_of_many_frames_the_extremes_are_drawn():
    values = np.zeros((100_000, 1))
    values[77_777] = 1.0
    (path,) = signal_plot.paths(values, 0, 1, 320)
    heights = [float(point.split()[1]) for point in path.strip("M").split("L")]
    assert (len(heights), heights.count(0.0)) == (640, 1)


def keep(folder, number=0, label="wing"):
    features = np.full((48, 3), -128, np.int8)
    results.keep_movement(folder, f"{label}.{number}", wave(), features)


def test_a_card_has_axes_over_time_with_legend_and_unit(tmp_path):
    keep(tmp_path)
    page = shown(results.gestures(), tmp_path)
    assert "1.8 s at 25 Hz, \N{MINUS SIGN}1 to 1 g, as it was played" in page.text
    assert "Signal of ann/wing@2.0s" in page.attributes("aria-label")
    assert "features as the host computes them: 48 \N{MULTIPLICATION SIGN} 3, point to the right" in page.text
    assert "point to the right, x, y, z from the top down, dark is low" in page.attributes("title")
    assert "audio" not in [tag for tag, _ in page.tags]


def test_a_card_has_the_scores_by_label(tmp_path):
    text = shown(results.gestures(), tmp_path).text
    assert "wing actual 20 20" in text
    assert "ring decided 90 90" in text


def test_marks_come_from_the_index_of_a_difference(tmp_path):
    of = fake_workloads.gestures()
    keep(tmp_path, 1, "ring")
    lead = of.input.lead
    (card,) = cards_of(tmp_path, Difference("samples", "as ever", 1, 2, (lead + 9) * 3 + 1))
    assert card.seen.mark.across == pytest.approx(9.5 / 45)
    assert card.seen.features.mark is None
    (card,) = cards_of(tmp_path, Difference("features", "as ever", 1, 2, 7 * 3 + 1))
    assert card.seen.mark is None
    assert (card.seen.features.mark.across, card.seen.features.mark.up) == (
        pytest.approx(7.5 / 48),
        pytest.approx(0.5),
    )
    (card,) = cards_of(tmp_path, Difference("features", "checksum", "0", "1"))
    assert card.seen.features.mark is None


def cards_of(folder, difference):
    (run,) = results.gestures(difference).runs
    return [card for card in cards(run, folder) if card.clip.difference]


def test_an_anomaly_score_is_held_against_the_threshold():
    result = results.vibration([("normal", 500), ("normal", 2_500), ("anomaly", 400), ("anomaly", 9_000)])
    page = shown(result)
    assert "2,500 on the device, the same on the host: 2.5 times the threshold" in page.text
    assert "Score 400, threshold 1,000" in page.attributes("aria-label")
    assert [row for row in page.text.split() if row == "Bars"] == []
    rows = json.loads(page.scripts[-2])
    assert (rows["scores"], rows["threshold"]) == (["anomaly score"], 1_000)
    assert rows["rows"][1][3] == [2_500]


SCORED = [
    ("normal", 10),
    ("normal", 900),
    ("normal", 5_000),
    ("anomaly", 900),
    ("anomaly", 20_000),
    ("anomaly", 40_000),
]


def test_the_area_of_an_anomaly_has_its_curve_and_the_point_of_the_threshold():
    view = AnomalyView.of(SCORED, 1_000)
    assert view is not None
    curve = view.curve
    # Of nine pairs of an anomaly and something normal seven are in order, and one is a tie.
    assert curve.auc == pytest.approx(7.5 / 9)
    assert (curve.found, curve.falsely) == (pytest.approx(2 / 3), pytest.approx(1 / 3))
    assert curve.path == "M0 100L0.0 66.7L0.0 33.3L33.3 33.3L66.7 0.0L100.0 0.0"


def test_the_path_of_a_curve_encloses_its_area():
    random = np.random.default_rng(7)
    scored = [("normal", int(score)) for score in random.integers(0, 60, 80)]
    scored += [("anomaly", int(score)) for score in random.integers(20, 100, 50)]
    curve = AnomalyView.of(scored, 30).curve
    points = np.array([[float(number) for number in point.split()] for point in curve.path.strip("M").split("L")])
    area = np.trapezoid(100 - points[:, 1], points[:, 0]) / 10_000
    assert area == pytest.approx(curve.auc, abs=1e-3)


def test_no_bin_of_scores_has_the_threshold_within_it():
    view = AnomalyView.of(SCORED, 1_000)
    assert view.logarithmic
    of = {bars.label: bars for bars in view.bars}
    at = round(view.threshold_at * len(of["normal"].bins))
    counts = {label: [count for _, count in bars.bins] for label, bars in of.items()}
    assert (sum(counts["normal"][:at]), sum(counts["normal"][at:])) == (2, 1)
    assert (sum(counts["anomaly"][:at]), sum(counts["anomaly"][at:])) == (1, 2)
    assert of["normal"].bins[at - 1][0].endswith("up to 1,000")


@pytest.mark.parametrize(
    ("scored", "threshold"),
    [
        ([("normal", 5)], 5),
        ([("normal", 0), ("anomaly", 0)], 0),
        ([("normal", -40), ("anomaly", 3)], 1),
        ([("normal", 10**9)], 1),
        ([("normal", 7)], 10**9),
    ],
)
def test_any_scores_have_bars(scored, threshold):
    view = AnomalyView.of(scored, threshold)
    assert view is not None
    assert sum(bars.total for bars in view.bars) == sum(count for bars in view.bars for _, count in bars.bins)
    assert 0 < view.threshold_at < 1
    assert (view.curve is None) == (len(scored) == 1)


def test_a_run_without_anomalies_says_why_there_is_no_curve():
    text = shown(results.vibration([("normal", 500), ("normal", 2_500)])).text
    assert "There is no ROC curve, which takes recordings of both labels." in text


def test_the_page_of_an_anomaly_has_matrix_curve_and_scores():
    page = shown(results.vibration([(label, score) for label, score in SCORED]))
    assert "AUC 0.8333; at the threshold 66.7 % of the anomalous recordings are found, and 33.3 % of the" in page.text
    assert "normal 66.7 % anomaly" in page.text
    assert "Scores of 3 recordings of anomaly" in page.attributes("aria-label")
    assert "Highest score" not in page.text


@pytest.mark.parametrize("window", [PHONE, {"width": 1000, "height": 900}, {"width": 1280, "height": 900}])
def test_no_width_makes_a_page_of_motion_scroll_sideways(page, reported, tmp_path, window):
    keep(tmp_path)
    for result in (results.gestures(), results.vibration(SCORED)):
        page.open(reported(result), **window)
        if page.one(".open-all").is_displayed():
            page.one(".open-all").click()
        assert page.script("return document.documentElement.scrollWidth") == window["width"]


def test_an_anomaly_opens_with_its_score_and_the_threshold(page, reported):
    page.open(reported(results.vibration(SCORED)))
    assert "Lead" not in " ".join(page.texts("#run-1-all thead"))
    page.all("#run-1-all tbody .link")[2].click()
    assert page.texts("dialog .scores td.n") == ["5,000", "5,000"]
    assert "1,000" in page.texts("dialog .numbers dd")
    page.one("dialog form button").click()


def test_a_mark_stands_where_samples_differ(page, reported, tmp_path):
    keep(tmp_path, 1, "ring")
    lead = fake_workloads.gestures().input.lead
    page.open(reported(results.gestures(Difference("samples", "axis x, sample 14", 1, 2, (lead + 9) * 3))))
    mark, box = page.one("#run-1-clip-1 .plot .mark").rect, page.one("#run-1-clip-1 .plot").rect
    assert mark["x"] - box["x"] == pytest.approx(box["width"] * 9.5 / 45, abs=2)
