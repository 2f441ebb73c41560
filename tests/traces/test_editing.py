"""Cutting, mixing, even times and other rates; what is said of a trace."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lab.errors import UsageError
from lab.traces import Held, RecordedSignal, Trace, describing, editing, timing
from tests.traces.making import EVENTS, shaken, sound, uneven, whole, with_events


def of(values: list[float], rate_hz: float = 10, unit: str = "", **more: object) -> RecordedSignal:
    return RecordedSignal("", ("a",), (unit,), Held(np.array(values, float)[:, np.newaxis]), rate_hz, **more)


# Cutting


def test_a_part_begins_at_zero_with_its_labels_marks_and_bytes():
    part = editing.cut(with_events(shaken()), 0.5, 1.25)
    (signal,) = part.signals
    assert np.array_equal(whole(signal), whole(shaken().signals[0])[25:63])
    assert signal.begin_s == 0
    assert [(one.start_s, one.end_s, one.text) for one in part.labels] == [
        (0, 0.75, "yes"),
        (0.5, 0.75, "größer\tthan a tab"),
    ]
    assert [(one.time_s, one.text) for one in part.marks] == [(0.25, "button")]
    assert [one.time_s for one in part.received] == [0]


def test_a_part_of_uneven_frames_keeps_their_times():
    (signal,) = uneven().signals
    (part,) = editing.cut(uneven(), 5, 10).signals
    inside = (signal.times_s >= 5) & (signal.times_s < 10)
    assert np.array_equal(part.times_s, signal.times_s[inside] - 5)
    assert np.array_equal(whole(part), whole(signal)[inside])


def test_parts_between_two_frames_begin_where_the_next_frame_is():
    (part,) = editing.cut(Trace((of([1, 2, 3, 4], start_s=1.0),)), 1.05, 1.25).signals
    assert (part.begin_s, whole(part)[:, 0].tolist()) == (pytest.approx(0.05), [2, 3])
    with pytest.raises(UsageError, match=r"There is no frame from 9 to 12 s: the trace ends at 1\.4 s"):
        editing.cut(Trace((of([1, 2, 3, 4], start_s=1.0),)), 9, 12)


def test_each_part_of_a_label(tmp_path):
    trace = replace(shaken(), labels=(*EVENTS.labels, replace(EVENTS.labels[0], start_s=4, end_s=5)))
    assert [len(part.signals[0].frames) for part in editing.every(trace, "yes")] == [62, 50]
    assert list(editing.every(trace, "no")) == []


# Times and rates


@pytest.mark.produces("trace-uneven")
def test_nominal_times_close_gaps_and_recorded_ones_are_interpolated():
    (signal,) = uneven().signals
    nominal = editing.nominal(signal)
    assert (nominal.times_s, nominal.rate_hz, len(nominal.frames)) == (None, 50, 500)
    assert np.array_equal(whole(editing.at_rate(nominal, 50)), whole(signal))
    half = replace(signal, frames=Held(whole(signal)[:250]), times_s=signal.times_s[:250])
    even = editing.at_rate(half, 50)
    assert (even.times_s, even.begin_s, len(even.frames)) == (None, half.begin_s, pytest.approx(250, abs=1))
    with pytest.raises(UsageError, match=r"has a gap of 1\.5\d* s before frame 250") as raised:
        editing.at_rate(signal, 50)
    assert raised.value.code == "trace-uneven"


@pytest.mark.parametrize(("rate_hz", "wanted_hz"), [(16_000, 8_000), (44_100, 16_000), (50, 52), (26, 25)])
def test_a_tone_is_the_same_tone_at_another_rate_in_pieces(rate_hz, wanted_hz):
    seconds, tone_hz = 70_000 / rate_hz, wanted_hz / 8
    times = np.arange(70_000) / rate_hz
    signal = of((1 + 0.5 * np.sin(2 * np.pi * tone_hz * times)).tolist(), rate_hz, unit="g")
    found = editing.at_rate(signal, wanted_hz)
    values = whole(found)[:, 0]
    assert len(found.frames) == len(values) == round(seconds * wanted_hz)
    expected = 1 + 0.5 * np.sin(2 * np.pi * tone_hz * np.arange(len(values)) / wanted_hz)
    assert np.abs(values - expected)[200:-200].max() < 1e-3
    assert np.array_equal(found.frames.read(1_000, 50), whole(found)[1_000:1_050])
    assert np.array_equal(found.frames.read(10, 50), whole(found)[10:60])
    assert abs(values[0] - 1) < 0.1  # an edge is held, and no step from zero to 1 g


# Mixing


def test_noise_is_added_over_and_over_so_many_decibels_below():
    signal, noise = of([3.0, 4.0] * 50), of([1.0, -1.0, 1.0])
    gain = editing.gain_for(signal, noise, 20)
    added = whole(editing.mixed(signal, noise, gain)) - whole(signal)
    assert np.allclose(added[:6, 0] / gain, [1, -1, 1, 1, -1, 1])
    ratio = np.mean(whole(signal) ** 2) / np.mean(added**2)
    assert 10 * np.log10(ratio) == pytest.approx(20)


def test_what_is_added_once_is_added_from_its_second_on_to_all_axes_in_their_unit():
    (signal,) = shaken(100).signals
    shock = of([500.0, 250.0], rate_hz=50, unit="mg")
    added = whole(editing.mixed(signal, shock, 2.0, at_s=1.5)) - whole(signal)
    assert np.allclose(added[75:77], [[1] * 3, [0.5] * 3])
    assert np.count_nonzero(added) == 6


@pytest.mark.parametrize(
    ("signal", "added", "said"),
    [
        (of([1.0]), of([0.0]), "One of the two is silent"),
        (of([1.0], unit="g"), of([1.0], unit="dps"), "What is in dps cannot be added to what is in g"),
        (sound(channels=3).signals[0], sound(channels=2).signals[0], "2 axes cannot be added to 3"),
        (uneven().signals[0], of([1.0], unit="g"), "Frames at uneven times cannot be added"),
    ],
)
def test_what_cannot_be_added_is_said(signal, added, said):
    with pytest.raises(UsageError, match=said):
        editing.gain_for(signal, added, 10)


def test_nothing_is_added_behind_the_end():
    with pytest.raises(UsageError, match="There is nothing at 99 s of the trace"):
        editing.mixed(of([1.0]), of([1.0]), 1.0, at_s=99)


# What there is to say


def test_gaps_jitter_and_drift_are_measured():
    (signal,) = uneven().signals
    (facts,) = describing.describe(Trace((signal,)))
    (gap,) = facts.gaps
    assert (gap.start_s, gap.end_s, gap.missing) == (signal.times_s[249], signal.times_s[250], 75)
    assert facts.clock is not None
    assert facts.clock.rate_hz == pytest.approx(50 / 1.0001, rel=1e-4)
    assert facts.drift_ppm == pytest.approx(-100, abs=50)
    assert facts.clock.jitter_s == pytest.approx(0.004 / 6**0.5, rel=0.1)
    assert facts.clock.most_s <= 0.004 + 1e-4


def test_times_in_whole_milliseconds_are_jitter_and_no_gaps():
    times = np.floor(np.arange(1_000) * 1_000 / 1_600) / 1_000
    assert timing.gaps(times) == ()
    assert timing.clock(times).rate_hz == pytest.approx(1_600, rel=1e-3)
    assert timing.even_rate(times) is None


def test_values_in_a_row_at_full_scale_or_at_an_extreme_are_clipped():
    loud = of([0.0, 1.0, 1.0, 0.0, -1.0, -1.0, -1.0, 0.0, 1.0], encoding="float32")
    shaken_hard = of([0.0, 4.0, 4.0, 4.0, 4.0, 1.0, -2.0], unit="g")
    still = of([1.0] * 9, unit="g")
    facts = describing.describe(Trace((loud, shaken_hard, still)))
    assert [one.axes[0].clipped for one in facts] == [3, 4, 0]
    assert [one.axes[0].mean for one in facts] == [0, pytest.approx(15 / 7), 1]
    assert (facts[1].axes[0].lowest, facts[1].axes[0].highest) == (-2, 4)


def test_clipped_values_are_counted_across_the_pieces_that_are_read(monkeypatch):
    monkeypatch.setattr(describing, "_BLOCK", 3)
    values = [0.0, 0.5, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0]
    (facts,) = describing.describe(Trace((of(values, encoding="float32"),)))
    assert facts.axes[0].clipped == 7
