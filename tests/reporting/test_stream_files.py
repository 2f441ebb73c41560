"""The files of a stream."""

from __future__ import annotations

import io

import numpy as np
import pytest

from lab.recordings import reading
from lab.reporting import stream_files
from tests import fake_workloads


def of(workload):
    written = {}
    for name, write_it in stream_files.of(fake_workloads.streamed(workload).stream).items():
        file = io.BytesIO()
        write_it(file)
        written[name] = file.getvalue().decode()
    return written


def test_a_stream_of_motion_is_a_table_and_no_sound():
    files = of(fake_workloads.gestures())
    assert list(files) == ["stream.csv", "stream.txt", "heard.txt"]
    assert files["stream.csv"].splitlines()[:2] == ["time (s),x (g),y (g),z (g)", "0,0,0.25,0.5"]


def test_the_table_of_a_stream_can_be_played_again(tmp_path):
    gestures = fake_workloads.gestures()
    stream = fake_workloads.streamed(gestures).stream
    (tmp_path / "wing.csv").write_text(of(gestures)["stream.csv"])
    (entry,) = reading.read(tmp_path, gestures.input, gestures.labels)
    played, content = reading.load(entry, gestures.input), gestures.input.content
    assert np.array_equal(played.samples[gestures.input.lead :], next(stream.signals()).samples[:content])


def test_events_and_detections_are_labels():
    files = of(fake_workloads.gestures())
    assert files["stream.txt"].splitlines()[:2] == [
        "1.000000\t9.000000\twing",
        "11.000000\t19.000000\tring (mistaken)",
    ]
    assert files["heard.txt"].splitlines()[:2] == [
        "9.500000\t9.500000\twing",
        "19.500000\t19.500000\twing (wrong)",
    ]


def test_where_every_inference_counts_each_is_a_label_of_its_stride():
    lines = of(fake_workloads.activities())["heard.txt"].splitlines()
    assert lines[:2] == ["2.000000\t4.000000\twalking (of more than one thing)", "4.000000\t6.000000\twalking"]
    assert lines[6] == "14.000000\t16.000000\twalking (wrong)"


@pytest.mark.parametrize(("ends", "begins"), [([], []), ([3.0], [2.0]), ([0.5], [0.0]), ([2, 4, 9, 11], [0, 2, 7, 9])])
def test_no_label_of_a_window_lies_over_another(ends, begins):
    assert stream_files.strides(ends) == begins
