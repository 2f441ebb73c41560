"""A stream of motion is what its seed and the recordings make it: one recording after the other, at rest between."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from lab import workload
from lab.composing import motion
from lab.composing.settings import Settings
from lab.errors import RecordingError
from lab.recordings import reading
from lab.recordings.collection import Collection
from lab.workload import Evaluation
from tests.recordings.motion_files import IN_WINDOWS, LABELS, RATE_HZ, WORN, put, shaken, steps, table, times

HEADER = "time (s),x (g),y (g),z (g)"
SIZES = {"walking/a.csv": 60, "walking/b.csv": 80, "sitting/a.csv": 100, "unknown/a.csv": 50}
JOINT = 10  # frames in 0.2 s


@pytest.fixture
def folder(tmp_path):
    for seed, (name, frames) in enumerate(SIZES.items()):
        put(tmp_path / name, table(HEADER, times(frames), shaken(frames, seed)))
    return tmp_path


def composed(folder, played=WORN, background=("unknown",), **chosen):
    evaluation = Evaluation(**{"minutes": 1, "seed": 7, **chosen})
    return motion.compose(reading.read(folder, played, LABELS), Settings(played, background, evaluation, "movement"))


def samples_of(stream):
    return np.concatenate([part.samples for part in stream.parts()])


def frames_of(event, part):
    """Where an event is in its part."""
    return slice(*(round((at - part.start_s) * RATE_HZ) for at in (event.start_s, event.end_s)))


def test_each_recording_is_played_as_it_is_and_as_long_as_it_is(folder):
    stream = composed(folder)
    assert [len(part.samples) for part in stream.parts()] == [1500, 1500]
    for part in stream.parts():
        assert part.events
        for event in part.events:
            seed = list(SIZES).index(event.clip)
            assert np.array_equal(part.samples[frames_of(event, part)], steps(shaken(SIZES[event.clip], seed)))


def test_between_recordings_the_last_frame_is_held_and_then_the_next_one_as_long(folder):
    (part, *_) = composed(folder, gap_s=(1.0, 2.0)).parts()
    assert np.all(part.samples[:100] == part.samples[100])  # two seconds before the first
    for before, after in zip(part.events, part.events[1:], strict=False):
        rest = part.samples[frames_of(before, part).stop : frames_of(after, part).start].astype(int)
        last, following = part.samples[frames_of(before, part)][-1], part.samples[frames_of(after, part)][0]
        assert 50 <= len(rest) <= 100
        half = (len(rest) - JOINT) // 2
        assert np.all(rest[:half] == last)
        assert np.all(rest[half + JOINT :] == following)
        ramp = np.vstack([last, rest[half : half + JOINT], following]).astype(int)
        exact = np.linspace(last, following, JOINT + 2)
        assert np.max(np.abs(ramp - exact)) <= 1
    end = frames_of(part.events[-1], part).stop
    assert np.all(part.samples[end:] == part.samples[end - 1])


def test_without_a_gap_there_is_still_time_to_get_from_one_to_the_next(folder):
    (part, *_) = composed(folder, gap_s=(0, 0)).parts()
    starts, ends = ([round(getattr(one, at) * RATE_HZ) for one in part.events] for at in ("start_s", "end_s"))
    assert {after - before for before, after in zip(ends, starts[1:], strict=False)} == {JOINT}


def test_a_part_begins_where_the_one_before_ended(folder):
    """A board hears them without a pause, and no movement is in it that nobody made."""
    first, second, *_ = composed(folder, gap_s=(1.0, 2.0)).parts()
    opening = second.samples[: round(2.0 * RATE_HZ)].astype(int)
    last, following = first.samples[-1].astype(int), second.samples[frames_of(second.events[0], second)][0]
    half = (len(opening) - JOINT) // 2
    assert np.all(opening[:half] == last)
    assert np.all(opening[half + JOINT :] == following)


def test_a_recording_can_still_be_detected_in_its_part(folder):
    for part in composed(folder, minutes=3, late_ms=2_500).parts():
        assert part.events[0].start_s - part.start_s == 2.0
        assert part.events[-1].end_s <= part.start_s + 30 - 2.5


def test_a_share_of_what_is_played_is_of_the_background(folder):
    events = [event for part in composed(folder, minutes=20, unknown_share=0.5).parts() for event in part.events]
    share = sum(event.label == "unknown" for event in events) / len(events)
    assert 0.4 < share < 0.6
    assert "unknown" not in {event.label for part in composed(folder, unknown_share=0).parts() for event in part.events}


def test_labels_take_turns_and_so_do_recordings_of_one(folder):
    events = [event for part in composed(folder, minutes=20, unknown_share=0).parts() for event in part.events]
    labels = [event.label for event in events]
    assert abs(labels.count("walking") - labels.count("sitting")) <= 1
    walks = [event.clip for event in events if event.label == "walking"]
    assert abs(walks.count("walking/a.csv") - walks.count("walking/b.csv")) <= 1


def test_a_seed_gives_the_same_samples_and_another_seed_others(folder):
    first, again, other = composed(folder), composed(folder), composed(folder, seed=8)
    assert np.array_equal(samples_of(first), samples_of(again))
    assert not np.array_equal(samples_of(first), samples_of(other))


def test_a_longer_stream_begins_with_the_shorter_one(folder):
    shorter, longer = composed(folder, minutes=0.5), composed(folder, minutes=1.25)
    assert [len(part.samples) for part in longer.parts()] == [1500, 1500, 750]
    assert np.array_equal(next(shorter.parts()).samples, next(longer.parts()).samples)
    assert next(shorter.parts()).events == next(longer.parts()).events


def test_of_a_recording_that_is_cut_into_windows_three_are_played_at_once(tmp_path):
    put(tmp_path / "walking" / "long.csv", table(HEADER, times(3_000), shaken(3_000)))
    whole = steps(shaken(3_000))
    for part in composed(tmp_path, IN_WINDOWS).parts():
        for event in part.events:
            first = round(float(event.clip.partition("@")[2].rstrip("s")) * RATE_HZ)
            expected = whole[first : first + 300]  # three windows of two seconds, or to its end
            assert np.array_equal(part.samples[frames_of(event, part)], expected)


def test_background_alone_makes_a_stream_in_which_nothing_is_to_be_detected(tmp_path):
    put(tmp_path / "unknown" / "a.csv", table(HEADER, times(50), shaken(50)))
    events = [event for part in composed(tmp_path).parts() for event in part.events]
    assert len(events) > 10
    assert {event.label for event in events} == {"unknown"}


def test_a_recording_that_cannot_be_read_is_left_out_with_its_reason(folder):
    put(folder / "walking" / "b.csv", "time (s),x (g)\n0,1\n")
    stream = composed(folder)
    assert len(list(stream.parts())) == len(stream)
    assert [name for name, _ in stream.skipped] == ["walking/b.csv"]


@pytest.mark.produces("stream-empty")
def test_a_collection_of_nothing_makes_no_stream(tmp_path):
    with pytest.raises(RecordingError, match="No recording of any movement can be read"):
        next(motion.compose(Collection(tmp_path, ()), Settings(WORN, ("unknown",), Evaluation(), "movement")).parts())


def test_the_samples_are_the_same_on_every_machine(tmp_path):
    """Golden: as first made on x86-64 (CPython 3.11, numpy 2.4)."""
    for name, frames in SIZES.items():
        swept = (np.arange(frames)[:, None] * (7, 11, 13) * len(name) % 4_001 - 2_000) / 2_048
        put(tmp_path / name, table(HEADER, times(frames), swept))
    assert hashlib.sha256(samples_of(composed(tmp_path)).tobytes()).hexdigest()[:16] == "f91b297c1e366e27"


def test_settings_have_the_stride_of_the_device():
    activity, gestures = workload.load("activity-recognition"), workload.load("gesture-recognition")
    assert Settings.of(activity, Evaluation()).stride == 40  # 2 s at 20 Hz
    assert Settings.of(gestures, Evaluation()).stride == 1
