"""Traces one after the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lab.errors import UsageError
from lab.traces import Label, Mark, Received, Trace
from lab.traces.joining import Part, joined
from tests.traces.making import shaken, sound, uneven, whole


def join(*traces: Trace, gap_s: float = 0.0) -> Trace:
    return joined([Part(f"{number}.npz", trace) for number, trace in enumerate(traces)], gap_s)


def test_sound_goes_on_where_the_part_before_ended_with_silence_in_a_gap():
    part = sound(frames=1_000)
    (signal,) = join(part, part, part, gap_s=0.01).signals
    values, one = whole(signal)[:, 0], whole(part.signals[0])[:, 0]
    silence = np.zeros(160)
    assert np.array_equal(values, np.concatenate([one, silence, one, silence, one]))
    assert (signal.encoding, len(signal.frames)) == ("int16", len(values))
    assert np.array_equal(signal.frames.read(990, 200), whole(signal)[990:1_190])


def test_motion_holds_its_last_frame_in_a_gap_and_units_become_those_of_the_first():
    first, other = shaken(frames=50), shaken(frames=10, unit="mg")
    (signal,) = join(first, other, gap_s=0.1).signals
    values = whole(signal)
    assert signal.units == ("g", "g", "g")
    assert np.array_equal(values[:50], whole(first.signals[0]))
    assert np.array_equal(values[50:55], np.repeat(values[49:50], 5, axis=0))
    assert np.allclose(values[55:], whole(other.signals[0]) / 1_000)


def test_times_of_their_own_go_on_and_have_a_gap():
    even, jittery = shaken(frames=100), uneven()
    (signal,) = join(even, jittery, gap_s=3).signals
    assert signal.times_s is not None
    assert np.allclose(signal.times_s[:100], np.arange(100) / 50)
    assert np.allclose(signal.times_s[100:], jittery.signals[0].times_s + 2 + 3)
    assert len(whole(signal)) == 600


def test_what_happened_keeps_its_place_in_its_part():
    events = (Label(0.1, 0.2, "yes"),), (Mark(0.3, "button"),), (Received(0.4, b"go"),)
    part = Trace(shaken(frames=50).signals, *events)
    found = join(part, part, gap_s=0.5)
    assert [(one.start_s, one.end_s) for one in found.labels] == [(0.1, 0.2), (1.6, 1.7)]
    assert [one.time_s for one in found.marks] == [0.3, 1.8]
    assert [one.time_s for one in found.received] == [0.4, 1.9]


def test_a_later_beginning_is_a_gap_too():
    (signal,) = join(shaken(frames=50, start_s=1.0), shaken(frames=50, start_s=0.5)).signals
    assert (signal.start_s, len(signal.frames), signal.end_s) == (1.0, 50 + 25 + 50, 3.5)


@pytest.mark.produces("trace-apart")
@pytest.mark.parametrize(
    ("other", "said"),
    [
        (sound(rate_hz=8_000), "has 16000 frames a second, and 1.npz 8000"),
        (sound(channels=2), "has sound, and 1.npz the axes 1, 2"),
        (shaken(), "has sound, and 1.npz the axes x, y, z"),
        (Trace((), marks=(Mark(1.0, "button"),)), "1.npz has no signal"),
        (Trace(sound().signals + shaken().signals), "0.npz has 1 signals and 1.npz has 2 signals"),
    ],
)
def test_what_is_not_of_one_sensor_is_refused_with_both_sides(other: Trace, said: str):
    with pytest.raises(UsageError, match=said):
        join(sound(), other)


def test_units_of_another_kind_are_refused():
    (signal,) = shaken().signals
    with pytest.raises(UsageError, match=r"0\.npz is in g, and 1\.npz in dps"):
        join(shaken(), Trace((replace(signal, units=("dps",) * 3),)))
