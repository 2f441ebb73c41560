"""`lab run --mode stream`: what it prints, writes and refuses. Measuring is a stand-in."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import jsonschema
import pytest

import lab.measuring
from lab import workload
from lab.cli import main
from lab.measuring import Request
from lab.reporting import terminal
from lab.verdict import judge, schema
from tests import fake_measuring, fake_project


@pytest.fixture
def lab_run(tmp_path, monkeypatch, capsys):
    """Exit code, standard output and error, result.json if there is one, and the folder."""
    fake_project.make(tmp_path / "project")
    monkeypatch.setenv("LAB_PROJECT", str(tmp_path / "project"))
    monkeypatch.setenv("LAB_HISTORY", str(tmp_path / "history.sqlite"))
    asked: list[Request] = []
    measure = fake_measuring.measure_with("passing")

    def noted(request, on_heard, on_stage):
        asked.append(request)
        return measure(request, on_heard, on_stage)

    monkeypatch.setattr(lab.measuring, "measure_stream", noted)
    out = tmp_path / "out"

    def run(*options: str) -> tuple[int, str, str]:
        code = main(["run", "keyword-spotting", "--out", str(out), *options])
        said = capsys.readouterr()
        return code, said.out, said.err

    run.out, run.asked = out, asked
    return run


def result(folder: Path) -> dict:
    found = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, json.loads(schema.FILE.read_text(encoding="utf-8")))
    return found


def test_a_stream_ends_with_its_metrics_and_with_what_was_missed_and_heard_falsely(lab_run):
    code, out, _ = lab_run("--mode", "stream")
    assert code == 1  # the limits that ship are stricter than half of all words
    assert "keyword-spotting on nano33ble: 10 seconds with 2 words and 1 other, builtin" in out
    assert "The stream, of seed 1, is composed of synthetic speech." in out
    assert "0:06.00 go, without noise (go/2.flac)" in out
    assert "0:04.75 off, of unknown (_unknown_/1.flac)" in out
    assert "miss_rate is 50 %; limit: at most 15.5 %" in out
    assert out.splitlines()[-1] == "FAILED: 2 of 8 checks"


def test_the_result_has_every_word_and_detection_with_what_became_of_it(lab_run):
    lab_run("--mode", "stream")
    (run,) = result(lab_run.out)["runs"]
    assert (run["mode"], run["variant"], run["clips"]) == ("stream", "cmsis-nn-stream", [])
    stream = run["stream"]
    assert stream["pace"]["mips"] == 51
    assert [(word["label"], word["fate"], word["delay_ms"]) for word in stream["words"]] == [
        ("yes", "heard", 500.0),
        ("unknown", "taken", None),
        ("go", "missed", None),
    ]
    assert [(one["label"], one["standing"], one["word"]) for one in stream["detections"]] == [
        ("yes", "right", 0),
        ("off", "unknown", 1),
    ]
    assert run["baseline"]["against"].endswith("baselines/keyword-spotting/nano33ble-cmsis-nn-stream.json")


def test_the_folder_has_the_sound_and_labels_for_audacity(lab_run):
    lab_run("--mode", "stream")
    with wave.open(str(lab_run.out / "stream.wav")) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes()) == (1, 16_000, 160_000)
    assert (lab_run.out / "stream.txt").read_text().splitlines() == [
        "2.000000\t2.500000\tyes",
        "4.000000\t4.500000\tunknown (taken)",
        "6.000000\t6.250000\tgo (missed)",
    ]
    assert (lab_run.out / "heard.txt").read_text().splitlines() == [
        "3.000000\t3.000000\tyes",
        "4.750000\t4.750000\toff (unknown)",
    ]


def test_every_report_shows_what_was_missed(lab_run):
    lab_run("--mode", "stream")
    assert "missed words" in (lab_run.out / "summary.md").read_text()
    assert "0:06.00 go, without noise" in (lab_run.out / "junit.xml").read_text()
    page = (lab_run.out / "report.html").read_text()
    assert 'src="stream.wav"' in page
    assert "go/2.flac" in page
    assert "Robot" in page


def test_minutes_and_seed_are_passed_on_and_said_in_the_command_that_does_it_again(lab_run):
    lab_run("--mode", "stream", "--minutes", "60", "--seed", "0")
    (request,) = lab_run.asked
    assert (request.evaluation.minutes, request.evaluation.seed) == (60, 0)
    assert request.options == ("--mode", "stream", "--minutes", "60.0", "--seed", "0")


def test_without_them_the_workload_says_how_long_and_which(lab_run):
    lab_run("--mode", "stream")
    (request,) = lab_run.asked
    assert request.evaluation == request.workload.streaming.evaluation
    assert request.options == ("--mode", "stream")


def test_several_boards_that_heard_one_stream_are_shown_side_by_side(tmp_path, capsys):
    spotting = workload.load("keyword-spotting")
    boards = [fake_measuring.stream_measurement(target=name) for name in ("nano33ble", "esp32c3")]
    terminal.print_together(judge.together([judge.judge(spotting, board) for board in boards]), tmp_path)
    said = " ".join(capsys.readouterr().out.split())
    assert "keyword-spotting on nano33ble, esp32c3: 10 seconds with 2 words and 1 other" in said
    assert "The stream, of seed 1, is composed of synthetic speech." in said
    assert "miss_rate ✗ 50 % ✗ 50 %" in said


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--mode", "stream", "--clip", "yes/1.flac"], "--clip goes with --mode clip"),
        *((["--mode", "stream", "--minutes", text], "less than or equal to 600") for text in ("inf", "1e12", "601")),
        (["--mode", "stream", "--seed", str(2**32)], "less than or equal to 4294967295"),
        (["--mode", "stream", "--minutes", "nan"], "Invalid value for '--minutes'"),
        (["--minutes", "1"], "--minutes goes with --mode stream.\nremedy: Leave it out, or give --mode stream."),
        (["--seed", "0"], "--seed goes with --mode stream"),
    ],
)
def test_options_of_the_other_mode_are_refused(lab_run, options, complaint):
    code, _, err = lab_run(*options)
    assert code == 2
    assert complaint in err
    assert not lab_run.asked
