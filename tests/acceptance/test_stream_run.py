"""`lab run --mode stream` on real firmware, and the pace at which it plays."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from lab import building, target
from lab.cli import main
from lab.engines import selection
from lab.engines.builtin import BuiltinEngine
from lab.errors import EngineDied
from lab.measuring import device_log, pace, waiting
from lab.measuring.device_log import Inference, Statistics
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.measuring.player import Player
from lab.model import Model
from lab.outcomes.replay import ReplayedInference
from lab.recordings import sounds
from lab.target import Target
from lab.workload import Workload
from tests.acceptance.bench import REAL

STRIDE_STEPS = 11
STREAM = ("--mode", "stream", "--no-baseline", "--engine", "builtin")


@pytest.fixture
def shipped() -> Path:
    return REAL / "models/keyword-spotting/recordings"


def test_words_are_picked_out_of_a_stream(lab_run, shipped):
    """Of five shipped words in fifteen seconds the shipped model misses two at most, and is never late."""
    ran = lab_run(*STREAM, "--minutes", "0.25", recordings=shipped)
    assert ran.code in (0, 1)
    (run,) = ran.result["runs"]
    stream = run["stream"]
    assert (stream["seconds"], stream["pace"]["cost_model"]) == (
        15,
        BuiltinEngine().cost_model(target.load("nano33ble")),
    )
    assert 35 <= stream["pace"]["mips"] <= 60
    said = [word for word in stream["words"] if word["label"] != "unknown"]
    assert len(said) >= 3
    assert sum(word["fate"] == "heard" for word in said) >= len(said) - 2
    for one in stream["detections"]:
        word = stream["words"][one["word"]]
        assert one["standing"] != "right" or one["label"] == word["label"]
        assert one["standing"] != "right" or -100 < one["delay_ms"] < 1_500
    assert run["metrics"]["missed_deadlines"]["value"] == 0
    assert 0.4 < run["metrics"]["cpu_load"]["value"] < 0.8
    assert (ran.folder / "stream.wav").stat().st_size == 44 + 2 * 15 * 16_000


def test_a_stream_is_a_trace_which_replayed_gives_the_same(lab_run, shipped, tmp_path):
    """Of 36 seconds, which are composed in two parts: the board hears them from one boot."""
    ran = lab_run(*STREAM, "--minutes", "0.6", "--jobs", "2", recordings=shipped)
    stream = ran.run["stream"]
    assert [part["seconds"] for part in stream["parts"]] == [30, 6]
    workload = ("--workload", "keyword-spotting", "--engine", "builtin")
    assert main(["replay", str(ran.folder / "stream.wav"), *workload, "--out", str(tmp_path / "again")]) == 0
    again = json.loads((tmp_path / "again" / "replay.json").read_text())
    assert again["pace"] == stream["pace"]
    inferences = again["inferences"]
    assert len(inferences) == sum(part["inferences"] for part in stream["parts"]) >= 72
    found = [(round(one["time_s"], 6), one["label"], one["score"]) for of in inferences for one in of["found"]]
    assert found == [(one["time_s"], one["label"], one["score"]) for one in stream["detections"]] != []
    log = (tmp_path / "again" / "device.log").read_text().splitlines()
    heard = [line for line in (ran.folder / "device.log").read_text().splitlines() if not line.startswith("== ")]
    assert [line.split(maxsplit=1)[1] for line in log] == heard
    assert curves(ran.folder) == curves(tmp_path / "again") != []


def curves(folder: Path) -> list[tuple[float, dict[str, float]]]:
    """What Perfetto is given of every inference: its scores, and the load."""
    events = json.loads((folder / "timeline.trace.json").read_text())
    return [(one["ts"], one["args"]) for one in events if one["ph"] == "C"]


@contextmanager
def listening(workload: Workload, target: Target, model: Model, mips: int | None) -> Iterator[Board]:
    """The firmware with a stride of 220 ms."""
    image = building.build(workload, target, model).firmware
    parameters = Parameters("stream", workload.input.frames, stride_steps=STRIDE_STEPS)
    with Board(selection.select("builtin"), target, workload, image, parameters, mips) as board:
        yield board


def test_a_firmware_that_keeps_up_at_one_instruction_a_clock_is_late_at_the_pace_of_its_core(
    keyword_spotting, nano33ble, model, words
):
    """At 64 instructions a microsecond, inference and features of a stride take 204 ms of its 220; by the cost model,
    they take 252. Late is what begins when the next one is due, after six strides or so."""
    sound = np.concatenate(
        [sounds.load(min((words / word).iterdir()), 16_000, 16_000).samples for word in ("yes", "stop", "left", "go")]
    )

    def late(mips: int | None) -> int:
        with listening(keyword_spotting, nano33ble, model, mips) as board:
            board.restart(sound)
            board.run_for(4.0)
            said = board.machine.lines()
        assert device_log.last(said, Inference) is not None
        statistics = device_log.last(said, Statistics)
        assert statistics is not None
        return statistics.late_inferences

    image = building.build(keyword_spotting, nano33ble, model).firmware
    waits = waiting.of_application(keyword_spotting, nano33ble, image)
    with listening(keyword_spotting, nano33ble, model, None) as board:
        found = pace.modelled(board.machine, "microphone", keyword_spotting.input.signal(sound), nano33ble, waits)
    assert found.mips == int(64 / found.cycles_per_instruction) < 64
    assert late(None) == 0
    assert late(found.mips) >= 3


def test_a_stream_is_played_once_more_where_the_emulator_dies(lab_run, shipped, monkeypatch):
    """As Renode may: its process is gone after five virtual seconds of the first time."""
    undisturbed = lab_run(*STREAM, "--minutes", "0.25", recordings=shipped)
    until, plays = Player.until, itertools.count()

    def dies(player: Player, end_s: float) -> Iterator[ReplayedInference]:
        if next(plays) == 0:
            yield from until(player, 5.0)
            raise EngineDied("Renode was killed by SIGKILL.", remedy="Look at its last words.")
        yield from until(player, end_s)

    monkeypatch.setattr(Player, "until", dies)
    ran = lab_run(*STREAM, "--minutes", "0.25", recordings=shipped)
    assert ran.code == undisturbed.code
    assert ran.result["fingerprint"] == undisturbed.result["fingerprint"]
    assert "played twice, because the emulator died during the first time" in ran.run["notes"]
