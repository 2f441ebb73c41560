"""`lab profile`: each part of a decision has its cost, the parts add up to the whole, and following costs nothing."""

from __future__ import annotations

import json
import re
import shutil

import jsonschema
import pytest

from lab import target, workload
from lab.building import build
from lab.cli import main
from lab.engines import selection
from lab.measuring import Request, waiting
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board, clip_board
from lab.profiling import profile, schema
from lab.recordings import sounds


@pytest.fixture(scope="module")
def words_to_spot(checkout):
    return workload.load("keyword-spotting")


@pytest.fixture(scope="module", params=[("nano33ble", "reference"), ("nano33ble", "auto"), ("esp32c3", "auto")])
def board(request, words_to_spot, two_words):
    """One profile of each kind of core, and of slow and fast kernels."""
    name, kernels = request.param
    return profile(words_to_spot, [target.load(name)], [kernels], recordings=two_words)


def test_each_phase_is_the_sum_of_its_parts(board):
    (found,) = board.profile.boards
    for phase in (found.inference, found.features, found.remainder, found.start_up):
        assert sum(part.instructions for part in phase.parts) == phase.instructions > 0
        assert sum(part.cycles for part in phase.parts) == phase.cycles > 0
        assert all(part.instructions >= 0 and part.cycles >= 0 for part in phase.parts)
        assert sum(part.share for part in phase.parts) == pytest.approx(1)


def test_the_inference_takes_what_it_takes_when_nobody_looks(board, words_to_spot, two_words, model):
    (found,) = board.profile.boards
    request = Request(words_to_spot, target.load(found.target), "builtin", kernels=found.kernels)
    image = build(request.workload, request.target, model, kernels_name=found.kernels)
    samples = sounds.load(two_words / board.profile.clip, 16_000, 16_000).samples
    waits = waiting.of_application(request.workload, request.target, image.firmware)
    with clip_board(request, image.firmware) as watched:
        waiting.charge(watched.machine, waits)
        heard = watched.listen(samples)
    assert (found.inference.instructions, found.inference.cycles) == (heard.instructions, heard.cycles)
    assert found.decided == heard.inference.label


def test_operators_and_interpreter_are_nearly_all_of_an_inference(board, model):
    (found,) = board.profile.boards
    assert [(one.name, one.macs) for one in found.operators] == [(one.name, one.macs) for one in model.operators]
    rest = {part.name: part.instructions for part in found.inference.parts if part.kind == "rest"}
    assert rest.keys() == {"interpreter", "marks and clock"}
    assert rest["interpreter"] < 1000
    assert rest["marks and clock"] < 30


def test_marks_around_traced_operators_say_the_same_but_for_the_tracing(board, words_to_spot, two_words, model):
    """An independent measurement: marks 5 and 6 of the device protocol, with the call between them and its SysTicks."""
    (found,) = board.profile.boards
    chosen = target.load(found.target)
    image = build(words_to_spot, chosen, model, kernels_name=found.kernels)
    samples = sounds.load(two_words / board.profile.clip, 16_000, 16_000).samples
    parameters = Parameters("clip", len(samples), trace_operators=True)
    with Board(selection.select("builtin"), chosen, words_to_spot, image.firmware, parameters) as traced:
        traced.listen(samples)
        counts = [mark.counters.instructions for mark in traced.machine.marks() if mark.argument in (5, 6)]
    around = [ended - began for began, ended in zip(counts[::2], counts[1::2], strict=True)]
    extra = [marked - one.instructions for marked, one in zip(around, found.operators, strict=True)]
    assert all(0 < more < 40 for more in extra)


def test_every_stage_of_the_frontend_is_called_once_a_step(board, words_to_spot):
    (found,) = board.profile.boards
    stages = [part for part in found.features.parts if part.kind == "stage"]
    assert [part.name for part in stages] == [
        *("window", "FFT", "energy", "filterbank", "square root", "noise reduction", "log scale"),
    ]
    steps = words_to_spot.features.steps
    assert [part.calls for part in stages[1:]] == [steps] * 6
    assert stages[0].calls >= steps


def test_functions_by_themselves_and_the_flame_graph_add_up_to_the_phases(board):
    (found,), (tree,) = board.profile.boards, board.flames
    phases = (found.inference, found.features, found.remainder)
    whole = sum(phase.instructions for phase in phases), sum(phase.cycles for phase in phases)
    assert (sum(one.instructions for one in found.functions), sum(one.cycles for one in found.functions)) == whole
    assert (tree.total.instructions, tree.total.cycles) == whole
    groups = {frame.name: frame.total.instructions for frame in tree.below}
    assert set(groups) == {"features", "inference", "interrupts", "waiting and output"}
    interrupts = [part for phase in phases for part in phase.parts if part.kind == "interrupt"]
    assert groups["interrupts"] == sum(part.instructions for part in interrupts) > 0


def test_the_flame_graph_names_the_operators(board):
    (found,), (tree,) = board.profile.boards, board.flames
    named = [frame for frame in tree.walk() if re.match(r"\d+ [A-Z0-9_]+ [\dx]+$", frame.name)]
    assert [frame.total.instructions for frame in named] == [one.instructions for one in found.operators]


def test_it_says_the_same_when_asked_again(board, words_to_spot, two_words):
    (found,) = board.profile.boards
    again = profile(words_to_spot, [target.load(found.target)], [found.kernels], recordings=two_words)
    assert again == board


def test_the_command_leaves_its_files_and_shows_both_kernels(capsys, tmp_path, two_words):
    code = main(["profile", "keyword-spotting", "--target", "nano33ble", "--recordings", str(two_words),
                 "--out", str(tmp_path)])  # fmt: skip
    said = capsys.readouterr().out
    assert code == 0
    assert re.search(r"reference +cmsis-nn +ratio", said)
    written = json.loads((tmp_path / "profile.json").read_text())
    jsonschema.validate(written, json.loads(schema.FILE.read_text()))
    slow, fast = written["boards"]
    assert slow["inference"]["instructions"] > 4 * fast["inference"]["instructions"]
    assert slow["features"]["parts"][1] | {"cycles": 0} == fast["features"]["parts"][1] | {"cycles": 0}
    folded = (tmp_path / "nano33ble-cmsis-nn.folded").read_text().splitlines()
    phases = ("inference", "features", "remainder")
    assert sum(int(line.rpartition(" ")[2]) for line in folded) == sum(fast[name]["instructions"] for name in phases)


def test_a_recording_that_is_not_there_is_named(capsys, two_words):
    assert main(["profile", "keyword-spotting", "--recordings", str(two_words), "--clip", "yes/noone.flac"]) == 2
    assert "There is no recording named 'yes/noone.flac'" in capsys.readouterr().err


def test_the_schema_in_the_package_is_the_one_of_the_code():
    assert json.loads(schema.FILE.read_text()) == json.loads(schema.generated())


def test_a_recording_is_named_as_results_name_it(words_to_spot, two_words):
    shutil.copytree(two_words, words_to_spot.folder / "recordings")
    found = profile(words_to_spot, [target.load("nano33ble")], ["auto"], clip="tflm/yes_1000ms_sample.data")
    assert [board.decided for board in found.profile.boards] == ["yes"]
