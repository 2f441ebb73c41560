"""What the page shows of a workload with an accelerometer."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lab.outcomes.recording import Difference
from lab.reporting.html import signal_plot
from lab.reporting.html.clip_cards import cards
from tests import fake_workloads

from . import results
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
