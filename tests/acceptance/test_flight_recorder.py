"""A flight recorder in the firmware: what it sends is a trace that makes the same firmware decide the same again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab import traces, workload
from lab.asked import Asked
from lab.building.recorder import Recorder
from lab.bundling import bundle
from lab.cli import main
from lab.engines import selection
from lab.errors import DeviceFault, UsageError
from lab.measuring import making
from lab.measuring.player import Player
from lab.measuring.reading import ProtocolReading
from lab.measuring.streaming import listening
from lab.outcomes.replay import Arrived
from lab.recorder import lines as recorder_lines
from lab.recorder import log, tracing
from lab.recorder.dump import Dump
from lab.recorder.port import TRIGGER
from lab.recordings import sounds
from lab.replaying.choosing import choose
from lab.replaying.feed import Feed
from lab.traces import Held, Received, RecordedSignal, Trace
from tests.acceptance.bench import PATIENCE_S, Checkout, start

RATE = 16_000
KEYWORDS = ("--workload", "keyword-spotting", "--engine", "builtin")


@pytest.fixture(scope="module")
def said(words: Path) -> np.ndarray:
    """A word between silence, 1.875 s: less than the ring of the smallest board holds."""
    pause = np.zeros(RATE // 2, np.int16)
    return np.concatenate([pause, sounds.load(min((words / "yes").iterdir()), RATE, RATE).samples, pause])[:30_000]


@pytest.fixture(scope="module")
def trace(said: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("trace") / "said.wav"
    soundfile.write(file, said, RATE)
    return file


@pytest.fixture(scope="module")
def field(trace: Path, checkout: Checkout, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `field.npz`, what `lab record` took from the pseudo terminal of a board, and the replay's `run`."""
    folder = tmp_path_factory.mktemp("field")
    options = (*KEYWORDS, "--recorder", "--dump-below", "0.5", "--serial", "--out", folder / "run")
    board = start("replay", trace, *options, folder=folder, project=checkout.folder, cache=cache)
    board.await_line("serial port is")
    name = board.await_line("the board waits on").split("waits on ")[1].split()[0]
    assert main(["record", "--serial", name, "--trigger", "--out", str(folder / "field.npz")]) == 0
    board.popen.communicate(timeout=PATIENCE_S)
    assert board.popen.returncode == 0
    return folder


def test_what_a_board_recorded_makes_it_decide_the_same_again(field: Path, said: np.ndarray, capsys):
    recorded = traces.read(field / "field.npz")
    (signal,) = recorded.signals
    heard = np.rint(signal.frames.read(0, len(signal.frames))[:, 0] * 2**15)
    assert len(said) - 320 < len(heard) <= len(said) + 640  # a buffer of 20 ms is what is not, or no more, of the word
    assert np.array_equal(heard[: len(said) - 640], said[: len(said) - 640])
    earlier = json.loads((field / "run/replay.json").read_text("utf-8"))
    told = [one for mark in recorded.marks if (one := tracing.inferred(mark))]
    assert [(label, list(scores)) for _, label, _, scores in told] == [
        (one["label"], one["scores"]) for one in earlier["inferences"]
    ]
    assert [detected for _, _, detected, _ in told] == [bool(one["found"]) for one in earlier["inferences"]]
    assert len(told) == 2
    again = ["replay", str(field / "field.npz"), *KEYWORDS, "--against", "recorded", "--out", str(field / "again")]
    assert main(again) == 0
    assert "equal to recorded: 2 inferences, by scores, decision" in capsys.readouterr().out


def test_a_low_confidence_has_left_a_dump_in_the_log(field: Path):
    """That of `lab record`, and of the silence after the word, in which no score is high."""
    found = log.read(field / "run/device.log")
    asked, unsure = (log.chosen(found, number, "the log") for number in (1, 2))
    assert [one.header.reason for one in (asked, unsure)] == ["asked for", "low confidence"]
    assert (asked.whole, asked.lost_lines, asked.holes) == (True, 0, ())
    assert [one.number for one in asked.inferences] == [0, 1]
    (hole,) = unsure.holes  # what came while the first was sent
    assert (hole.where, hole.begin) == ("by the device", asked.header.span - unsure.header.first)
    assert max(unsure.inferences[-1].scores) + 128 < 0.5 * 255
    assert not unsure.inferences[-1].detected


def test_a_log_that_was_captured_is_a_trace_too(field: Path, tmp_path: Path, capsys):
    out = tmp_path / "first.flac"
    assert main(["record", "--from-log", str(field / "run/device.log"), "--dump", "1", "--out", str(out)]) == 0
    shown = capsys.readouterr()
    assert shown.out.strip() == str(out)
    assert "microphone of keyword-spotting nano33ble: 1.8" in shown.err
    assert "dumped because: asked for" in shown.err
    kept = traces.read(out)
    assert [tracing.inferred(mark)[1] for mark in kept.marks if tracing.inferred(mark)] == ["yes", "yes"]


def test_a_line_that_was_lost_is_a_hole_that_is_told(field: Path, tmp_path: Path, capsys):
    lines = (field / "run/device.log").read_text("utf-8").splitlines()
    sent = [number for number, line in enumerate(lines) if "#FR:0001:" in line]
    damaged = tmp_path / "damaged.log"
    damaged.write_text("\n".join(line for number, line in enumerate(lines) if number != sent[100]), "utf-8")
    out = tmp_path / "damaged.npz"
    assert main(["record", "--from-log", str(damaged), "--dump", "1", "--out", str(out)]) == 0
    assert "lost on the line: 1 line, with 93 of" in capsys.readouterr().err
    kept = traces.read(out)
    assert [mark.text for mark in kept.marks if "lost" in mark.text] == ["lost on the line: 93 frames, 0.005812 s"]
    assert kept.signals[0].times_s is not None


def dumped(lines: Sequence[str]) -> list[Dump]:
    found = recorder_lines.heard(lines)
    return [log.chosen(found, number, "the log") for number in range(1, len(found) + 1)]


@pytest.mark.parametrize("board", ["esp32c3", "stm32f746g"])
def test_other_boards_record_what_makes_them_decide_the_same_again(
    board: str, said: np.ndarray, checkout: Checkout, tmp_path: Path, capsys
):
    signal = RecordedSignal("microphone", ("sound",), ("",), Held(said[:, np.newaxis] / 2**15), RATE, encoding="int16")
    asked, field = tmp_path / "asked.npz", tmp_path / "field.npz"
    traces.write(Trace((signal,), received=(Received(1.8, TRIGGER),)), asked)
    options = (*KEYWORDS, "--target", board)
    assert main(["replay", str(asked), *options, "--recorder", "--out", str(tmp_path / "run")]) == 0
    assert main(["record", "--from-log", str(tmp_path / "run/device.log"), "--out", str(field)]) == 0
    assert f"microphone of keyword-spotting {board}: 1.8" in capsys.readouterr().err
    (recorded,) = traces.read(field).signals
    heard = np.rint(recorded.frames.read(0, len(recorded.frames))[:, 0] * 2**15)
    assert 1.7 * RATE < len(heard) <= len(said)
    assert np.array_equal(heard, said[: len(heard)])
    assert main(["replay", str(field), *options, "--against", "recorded", "--out", str(tmp_path / "again")]) == 0
    assert "equal to recorded: 2 inferences, by scores, decision" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("board", "no_code"), [("nano33ble", b"\xff\xde"), ("stm32f746g", b"\xff\xde"), ("esp32c3", b"\0\0")]
)
def test_a_fault_leaves_the_last_seconds_in_the_log(trace: Path, said: np.ndarray, board: str, no_code: bytes):
    """The byte that asks for a dump is received before, as a trace may have it. Then there is no code any more where
    the firmware's marks were."""
    asked = Asked.of(workload="keyword-spotting", target=board, engine="builtin", mode="stream")
    request = replace(asked.request(), recorder=Recorder(0.5))
    image = making.make(request).build.firmware
    feed = Feed(choose(trace, traces.read(trace), request.workload.input), request.workload.input)
    with listening(selection.select("builtin"), request.target, request.workload, image) as booted:
        reading = ProtocolReading(booted, 0.0, 64)
        arriving = (Arrived(0.7, (b"no trigger" + TRIGGER).hex()),)
        player = Player(booted.machine, "microphone", feed, reading, arriving=arriving)
        inferences = player.inferences()
        next(inferences)
        booted.machine.write(image.symbol("lab_mark").address & ~1, no_code)
        with pytest.raises(DeviceFault):
            list(inferences)
    told = [line.text for line in player.log]
    before, last = dumped(told)
    assert before.header.reason == "asked for"
    assert 0.7 <= before.seconds < 0.75
    assert (last.header.reason, last.header.firmware) == ("fault", f"keyword-spotting {board}")
    inferences_told = sum('"event":"inference"' in line for line in told)
    assert (last.whole, last.header.first, len(last.inferences)) == (True, 0, inferences_told)
    assert np.array_equal(last.samples[:, 0], said[last.offsets])
    (fault,) = (number for number, line in enumerate(told) if '"event":"fault"' in line)
    assert [line for line in told[fault + 1 :] if not line.startswith(recorder_lines.BEGINS)] == []


@pytest.fixture(scope="module")
def interrupted(said: np.ndarray, checkout: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is left of a replay that was asked for nine dumps at 1.1 s: to send them takes so long that the microphone
    loses samples."""
    folder = tmp_path_factory.mktemp("interrupted")
    frames = Held(np.tile(said, 3)[:, np.newaxis] / 2**15)
    signal = RecordedSignal("microphone", ("sound",), ("",), frames, RATE, encoding="int16")
    traces.write(Trace((signal,), received=(Received(1.1, 9 * TRIGGER),)), folder / "asked.npz")
    options = (*KEYWORDS, "--recorder", "--against", "host", "--out", str(folder / "run"))
    assert main(["replay", str(folder / "asked.npz"), *options]) == 1
    return folder


def test_bytes_of_a_trace_arrive_again_where_a_difference_is_located(interrupted: Path):
    """Played without them the board loses nothing, so that no sample differs."""
    result = json.loads((interrupted / "run/replay.json").read_text("utf-8"))
    assert result["arrived"] == [{"time_s": pytest.approx(1.1, abs=1e-5), "hex": 9 * "12", "behind": False}]
    difference = result["comparison"]["difference"]
    assert difference["stage"] == "samples"
    assert difference["place"].startswith("first at sample ")


def test_bytes_of_a_trace_are_in_a_bundle_of_it_and_arrive_again(interrupted: Path, tmp_path: Path, capsys):
    file = tmp_path / "asked.bundle"
    assert main(["bundle", str(interrupted / "run"), "--out", str(file)]) == 0
    assert main(["reproduce", str(file), "--engine", "builtin"]) == 0
    assert "IDENTICAL: " in capsys.readouterr().out
    held = bundle.read(file)
    bundle.write(replace(held, arrived=()), file)
    assert main(["reproduce", str(file), "--engine", "builtin"]) == 1


def test_a_board_that_was_talked_to_after_the_end_is_in_no_bundle(field: Path, tmp_path: Path, capsys):
    assert main(["bundle", str(field / "run"), "--out", str(tmp_path / "field.bundle")]) == 2
    assert "was talked to after the end" in capsys.readouterr().err


def test_scores_that_are_no_probabilities_have_no_confidence():
    with pytest.raises(UsageError, match="scores of machine-vibration are no probabilities"):
        Recorder(0.5).lowest(workload.load("machine-vibration"))
