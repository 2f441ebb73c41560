"""The timeline of a stream: the scores and the load of every inference, from a file of the run's folder."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from lab import workload
from lab.outcomes.inferences import Inferences, Scoring
from lab.reporting import inferences_file, run_folder, stream_files
from lab.reporting.timeline import of_stream
from lab.reporting.timeline.lanes import Curves, Load
from lab.verdict import judge
from tests import fake_measuring

from .written import Page

SPOTTING = workload.load("keyword-spotting")
COUNT = len(SPOTTING.labels)
TOLD = Inferences(
    np.array([1.0, 1.5, 9.0]),
    np.array([0.25, np.nan, 0.5], np.float32),
    np.array([[place * 20.0 - 128 for place in range(COUNT)], [127.0] + [-128.0] * (COUNT - 1), [0.0] * COUNT]),
)


@pytest.fixture
def folder(tmp_path):
    measured = fake_measuring.stream_measurement()
    parts = (replace(measured.stream.parts[0], told=TOLD), *measured.stream.parts[1:])
    stream = replace(measured.stream, parts=parts, scoring=Scoring.of(SPOTTING))
    measured = replace(measured, stream=stream)
    result = judge.together([judge.judge(SPOTTING, measured)])
    run_folder.write_evidence(measured, tmp_path)
    run_folder.write_result(result, tmp_path)
    run_folder.write_reports(result, tmp_path)
    return tmp_path


def lanes(folder):
    (run,) = run_folder.read_result(folder).runs
    return {type(one): one for one in of_stream.timeline(run, run.stream, folder).lanes}


def test_words_that_are_spotted_have_curves_and_the_load_of_every_inference(folder):
    found = lanes(folder)
    scores, load = found[Curves], found[Load]
    assert scores.names == SPOTTING.labels
    assert scores.times_s.tolist() == [1.0, 1.5, 9.0]
    assert scores.values[1].tolist() == [1.0] + [0.0] * (COUNT - 1)
    assert scores.told[1] == f"{SPOTTING.labels[0]}: {SPOTTING.labels[0]} 1.00"
    assert scores.threshold == pytest.approx(SPOTTING.decision.threshold, abs=1 / 255)
    assert (load.begins_s.tolist(), load.ends_s.tolist(), load.shares.tolist()) == ([0.0, 1.5], [1.0, 9.0], [0.25, 0.5])


def test_they_are_in_the_page_and_in_the_trace_for_perfetto(folder):
    page = Page((folder / "timeline.html").read_text(encoding="utf-8"))
    assert "scores" in [lane["name"] for lane in json.loads(page.scripts["drawn"])["lanes"]]
    assert f'"{SPOTTING.labels[0]}": 1.0' in (folder / "timeline.trace.json").read_text()


def test_the_file_is_small_and_says_what_was_told(folder):
    told, scoring = inferences_file.read(folder / stream_files.INFERENCES)
    assert scoring == Scoring.of(SPOTTING)
    assert np.array_equal(told.scores, TOLD.scores)
    assert np.array_equal(told.loads, TOLD.loads, equal_nan=True)


def of(told):
    """What becomes of the file if that was told."""

    def write(file):
        with file.open("wb") as stream:
            inferences_file.write(told, Scoring.of(SPOTTING), stream)

    return write


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(file.read_bytes()[:200]),
        lambda file: np.savez(file, ends_s=[1.0]),
        of(replace(TOLD, loads=TOLD.loads[:2])),
        of(replace(TOLD, ends_s=TOLD.ends_s[::-1])),
    ],
    ids=["gone", "cut", "other arrays", "of other sizes", "going back"],
)
def test_a_page_without_a_file_of_use_shows_the_load_of_parts(folder, spoil):
    spoil(folder / stream_files.INFERENCES)
    found = lanes(folder)
    assert Curves not in found
    assert len(found[Load].shares) == len(run_folder.read_result(folder).runs[0].stream.parts)


def test_a_replay_that_ends_before_its_first_inference_has_none():
    """As one does that GDB kills, whose workload's scores nobody has named by then."""
    for count in (0, 3):
        assert Inferences.of([], count).scores.shape == (0, count)
