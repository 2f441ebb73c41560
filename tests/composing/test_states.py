"""A stream of states is full of stretches: one label of one person for a while, then another."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np
import pytest

from lab import workload
from lab.composing import states
from lab.composing.compose import compose
from lab.composing.settings import Settings
from lab.composing.states import PART_S
from lab.errors import RecordingError
from lab.recordings import reading
from lab.recordings.collection import Collection
from lab.workload import Evaluation
from tests.recordings.motion_files import IN_WINDOWS, LABELS, RATE_HZ, WORN, put, shaken, steps, table, times

HEADER = "time (s),x (g),y (g),z (g)"
STRIDE = 50
PEOPLE = {"dataset.toml": 'person = "^[^/]*/(?P<person>[^_]*)_"\n'}
SIZES = {"walking/ann_a.csv": 160, "walking/ann_b.csv": 230, "sitting/ann_a.csv": 30, "walking/bob_a.csv": 1_000}


@pytest.fixture
def folder(tmp_path):
    for seed, (name, frames) in enumerate(SIZES.items()):
        put(tmp_path / name, table(HEADER, times(frames), shaken(frames, seed)))
    return tmp_path


def composed(folder, *, played=WORN, usual=None, **chosen):
    evaluation = Evaluation(**{"minutes": 8, "seed": 7, "stretch_s": (10, 20), **chosen})
    collected = reading.read(folder, played, LABELS)
    return states.compose(collected, Settings(played, (), evaluation, stride=STRIDE, usual=usual))


def frames_of(event, part):
    return slice(*(round((at - part.start_s) * RATE_HZ) for at in (event.start_s, event.end_s)))


def test_a_part_is_full_of_stretches_of_whole_strides(folder):
    stream = composed(folder)
    assert [len(part.samples) for part in stream.parts()] == [PART_S * RATE_HZ] * 4
    for part in stream.parts():
        spans = [frames_of(event, part) for event in part.events]
        assert (spans[0].start, spans[-1].stop) == (0, len(part.samples))
        assert all(one.stop == following.start for one, following in pairwise(spans))
        lengths = [span.stop - span.start for span in spans]
        assert {length % STRIDE for length in lengths} == {0}
        assert min(lengths) >= 10 * RATE_HZ
        assert max(lengths[:-1]) <= 20 * RATE_HZ


def test_a_stretch_is_of_recordings_of_its_label_each_cut_to_whole_strides(folder):
    whole = {name: steps(shaken(frames, seed)) for seed, (name, frames) in enumerate(SIZES.items())}
    pieces = {name: samples[: len(samples) // STRIDE * STRIDE or len(samples)] for name, samples in whole.items()}
    for part in composed(folder).parts():
        for event in part.events:
            samples = part.samples[frames_of(event, part)]
            while len(samples):
                begun = [
                    piece[: len(samples)]
                    for name, piece in pieces.items()
                    if name.startswith(event.label) and np.array_equal(piece[: len(samples)], samples[: len(piece)])
                ]
                assert len(begun) == 1
                samples = samples[len(begun[0]) :]


def test_a_stretch_is_named_after_its_first_recording_and_how_many_follow(folder):
    events = [event for part in composed(folder).parts() for event in part.events]
    assert {event.label for event in events if event.clip.startswith("sitting/ann_a.csv and ")} == {"sitting"}
    assert any(event.clip.startswith("walking/bob_a.csv") for event in events)


def test_a_part_is_of_one_person(folder):
    for name, text in PEOPLE.items():
        put(folder / name, text)
    people = [{event.clip.partition("/")[2][:3] for event in part.events} for part in composed(folder).parts()]
    assert [len(one) for one in people] == [1, 1, 1, 1]
    assert {person for one in people for person in one} == {"ann", "bob"}


def test_labels_take_turns(folder):
    for part in composed(folder).parts():
        assert all(one.label != following.label for one, following in pairwise(part.events))


def test_what_is_usual_comes_first_and_between_any_two_others(folder):
    put(folder / "unknown" / "ann_a.csv", table(HEADER, times(100), shaken(100, 9)))
    for part in composed(folder, usual="walking").parts():
        labels = [event.label for event in part.events]
        assert set(labels[::2]) == {"walking"}
        assert "walking" not in labels[1::2]


def test_what_is_usual_may_be_all_there_is(tmp_path):
    put(tmp_path / "walking" / "a.csv", table(HEADER, times(100), shaken(100)))
    for usual in ("walking", None):
        events = [event for part in composed(tmp_path, usual=usual).parts() for event in part.events]
        assert {event.label for event in events} == {"walking"}


def test_a_long_recording_that_is_cut_into_windows_goes_on(tmp_path):
    put(tmp_path / "walking" / "long.csv", table(HEADER, times(3_000), shaken(3_000)))
    whole = steps(shaken(3_000))
    for part in composed(tmp_path, played=IN_WINDOWS, minutes=2).parts():
        for event in part.events:
            first = round(float(event.clip.partition("@")[2].partition("s")[0]) * RATE_HZ)
            samples = part.samples[frames_of(event, part)]
            expected = whole[first : first + len(samples)]
            assert np.array_equal(samples[: len(expected)], expected)


def test_parts_have_room_for_three_of_the_longest_stretches(folder):
    stream = composed(folder, stretch_s=(30, 60), minutes=6)
    assert [len(part.samples) for part in stream.parts()] == [180 * RATE_HZ] * 2


def test_a_longer_stream_begins_with_the_shorter_one_and_another_seed_gives_others(folder):
    shorter, longer, other = composed(folder, minutes=2), composed(folder, minutes=5), composed(folder, seed=8)
    assert [len(part.samples) for part in longer.parts()] == [6_000, 6_000, 3_000]
    assert np.array_equal(next(shorter.parts()).samples, next(longer.parts()).samples)
    assert next(shorter.parts()).events == next(longer.parts()).events
    assert not np.array_equal(next(shorter.parts()).samples, next(other.parts()).samples)


def test_a_recording_that_cannot_be_read_is_left_out_with_its_reason(folder):
    put(folder / "sitting" / "ann_a.csv", "time (s),x (g)\n0,1\n")
    stream = composed(folder)
    assert len(list(stream.parts())) == len(stream)
    assert [name for name, _ in stream.skipped] == ["sitting/ann_a.csv"]
    assert {event.label for part in stream.parts() for event in part.events} == {"walking"}


@pytest.mark.produces("stream-empty")
def test_a_collection_of_nothing_makes_no_stream(tmp_path):
    with pytest.raises(RecordingError, match="No recording of any label can be read"):
        next(states.compose(Collection(tmp_path, ()), Settings(WORN, (), Evaluation())).parts())


def test_the_samples_are_the_same_on_every_machine(tmp_path):
    """Golden: as first made on x86-64 (CPython 3.11, numpy 2.4)."""
    for name, frames in SIZES.items():
        swept = (np.arange(frames)[:, None] * (7, 11, 13) * len(name) % 4_001 - 2_000) / 2_048
        put(tmp_path / name, table(HEADER, times(frames), swept))
    samples = np.concatenate([part.samples for part in composed(tmp_path).parts()])
    assert hashlib.sha256(samples.tobytes()).hexdigest()[:16] == "857c48bc1ebe4902"


def test_a_machine_is_well_then_out_of_balance_at_one_speed_and_every_window_is_of_one_recording():
    vibration = workload.load("machine-vibration")
    collected = reading.read(
        vibration.folder / "recordings", vibration.input, vibration.labels, {"imbalance": "anomaly"}
    )
    stream = compose(collected, vibration, vibration.streaming.evaluation)
    seconds = {
        reading.load(entry, vibration.input).samples.tobytes(): (entry.label, entry.speaker) for entry in collected
    }
    for part in stream.parts():
        labels = [event.label for event in part.events]
        assert labels == ["normal", "anomaly"] * (len(labels) // 2) + ["normal"] * (len(labels) % 2)
        assert len(labels) >= 2
        windows = [seconds[part.samples[at : at + 200].tobytes()] for at in range(0, len(part.samples), 200)]
        assert len({speed for _, speed in windows}) == 1
        assert [label for label, _ in windows] == [
            event.label for event in part.events for _ in range(round(event.end_s - event.start_s))
        ]


def test_sound_lasts_as_well(tmp_path):
    spotting = workload.load("keyword-spotting")
    heard = workload.load("activity-recognition").task
    changed = spotting.model_copy(update={"task": heard, "background": ()})
    collected = reading.read(spotting.folder / "recordings", spotting.input, spotting.labels)
    chosen = Collection(collected.folder, collected.entries[:40])
    stream = compose(chosen, changed, Evaluation(minutes=2, stretch_s=(10, 20)))
    (part,) = stream.parts()
    assert part.samples.shape == (120 * 16_000,)
    assert part.events[-1].end_s == 120
