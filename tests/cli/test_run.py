from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import jsonschema
import pytest

from lab.cli import main
from lab.verdict import schema
from tests import fake_measuring, fake_project

SCHEMA = json.loads(schema.FILE.read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path) -> Path:
    fake_project.make(tmp_path / "project")
    return tmp_path


def start(
    folder: Path, outcome: str, *arguments: str, most_bytes: int | None = None, stderr: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """`lab run keyword-spotting` with a fake measurement; `most_bytes` is how long a file may become."""
    surroundings = {**os.environ, "LAB_PROJECT": str(folder / "project"), "LAB_CACHE": str(folder / "cache")}
    program = [sys.executable, "-B", str(fake_measuring.FILE), outcome, "lab", "run", "keyword-spotting", *arguments]
    return subprocess.Popen(
        program if most_bytes is None else ["prlimit", f"--fsize={most_bytes}", *program],
        cwd=folder,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in out + err
    return process.returncode, out, err


def runs(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "runs").iterdir() if path.is_dir() and not path.is_symlink())


REPORTS = {"result.json", "report.html", "junit.xml", "summary.md", "clips.csv"}


def result(run: Path) -> dict:
    found = json.loads((run / "result.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    return found


def test_a_run_ends_with_a_table_a_verdict_and_its_folder(folder):
    code, out, err = finish(start(folder, "passing"))
    (run,) = runs(folder)
    assert code == 0
    assert out.splitlines()[-1] == "PASSED: 13 checks"
    assert "Accuracy is measured on synthetic speech." in out
    assert "3 recordings resampled from 44,100 Hz." in out
    assert f"runs/{run.name}/report.html" in out
    assert "fingerprint " + "ab" * 32 in out
    assert "keyword-spotting on nano33ble: 24 of 24, 100.0 % right, 0 s" in err
    assert (folder / "runs" / "latest").resolve() == run
    assert run.name.endswith("Z-keyword-spotting-nano33ble")


def test_a_failing_run_shows_what_speaks_against_it_within_80_columns_and_without_colour(folder):
    code, out, err = finish(start(folder, "failing"))
    assert code == 1
    assert out.splitlines()[-1] == "FAILED: 3 of 13 checks"
    assert "yes/broken.flac: is cut short" in out
    assert "up/4.flac: features: step 17, channel 3 is 43 on the device, 42 on the host" in out
    assert "accuracy is 20 %; limit: at least 90 %" in out
    assert "skipped yes/broken.flac: is cut short" in err
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out + err


@pytest.mark.parametrize("outcome", ["passing", "failing", "faulting", "not_compiling"])
def test_with_json_standard_output_is_the_result_alone(folder, outcome):
    _, out, _ = finish(start(folder, outcome, "--json"))
    jsonschema.validate(json.loads(out), SCHEMA)
    (run,) = runs(folder)
    assert out == (run / "result.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_with_130_and_keeps_what_was_heard(folder, number):
    process = start(folder, "slow", "--json")
    for line in process.stderr:
        if line == "listening\n":
            break
    process.send_signal(number)
    code, out, err = finish(process)
    (run,) = runs(folder)
    found = result(run)
    assert (code, found["verdict"], len(found["runs"][0]["clips"])) == (130, "interrupted", 1)
    assert json.loads(out) == found
    assert err == "keyword-spotting on nano33ble: 1 of 1, 100.0 % right, 0 s\nInterrupted.\n"
    assert not list(run.glob(".*.json*"))
    assert (run / "device.log").read_text(encoding="utf-8").endswith("== interrupted\n")


def test_in_a_terminal_progress_is_live_and_standard_output_is_still_the_result_alone(folder):
    reader, terminal = pty.openpty()
    process = start(folder, "passing", "--json", stderr=terminal)
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # Linux says "input/output error" when the other end is closed
        while part := os.read(reader, 65_536):
            shown += part
    os.close(reader)
    out, _ = process.communicate(timeout=60)
    jsonschema.validate(json.loads(out), SCHEMA)
    assert b"24/24" in shown
    assert b"\x1b[?25h" in shown, "the cursor comes back"


def test_the_device_log_has_every_recording_under_its_heading(folder):
    finish(start(folder, "failing"))
    (run,) = runs(folder)
    log = (run / "device.log").read_text(encoding="utf-8").splitlines()
    assert log[:2] == ["== silence/0.flac: silence, decided off", '{"event":"boot"}']
    assert "-- differs from the host: features: step 17, channel 3 is 43 on the device, 42 on the host" in log
    assert log[-1] == "== yes/broken.flac: not played: is cut short"


# From too little for the first line of Robot's output to too little for the report.
@pytest.mark.parametrize("most_bytes", [0, 1_000, 4_000, 20_000, 100_000])
def test_a_full_disk_is_said_and_leaves_no_half_file(folder, most_bytes):
    code, out, err = finish(start(folder, "passing", "--json", "--out", "here", most_bytes=most_bytes))
    assert code == 3
    assert "cannot be written" in err
    assert "remedy: Free some space" in err
    left = {file.name: file.stat().st_size for file in (folder / "here").iterdir() if file.name != ".lab-run"}
    assert left.keys() <= REPORTS | {"device.log", "log.html", "output.xml"}
    assert all(left.values())
    if out:
        assert json.loads(out) == result(folder / "here")
        assert result(folder / "here")["verdict"] == "passed"


def test_the_result_comes_first_and_what_is_missing_beside_it_is_named(folder):
    """No file may be longer than 2 MB, as on a disk that fills up, and the ELF and its map are."""
    code, out, err = finish(start(folder, "with_evidence", "--out", "here", most_bytes=2_000_000))
    assert (code, out.splitlines()[-1]) == (0, "PASSED: 13 checks")
    assert result(folder / "here")["verdict"] == "passed"
    (said,) = (line for line in err.splitlines() if line.startswith("warning: "))
    assert "keyword-spotting.elf cannot be written: " in said
    assert "; nor can keyword-spotting.map. Free some space there, or name another folder with --out." in said
    assert {file.name for file in (folder / "here").iterdir()} == REPORTS | {
        "device.log",
        "log.html",
        "output.xml",
        ".lab-run",
    }
    assert (folder / "runs" / "history.sqlite").is_file()


def test_files_are_for_whom_the_umask_lets(folder):
    """Of a run whose files nobody else may read."""
    before = os.umask(0o077)
    try:
        finish(start(folder, "with_evidence", "--out", "here"))
    finally:
        os.umask(before)
    kept = [file for file in (folder / "here").iterdir() if file.is_file()]
    assert {file.stat().st_mode & 0o077 for file in kept} == {0}


def test_two_runs_at_once_leave_two_folders(folder):
    both = [start(folder, "passing"), start(folder, "failing")]
    assert [finish(process)[0] for process in both] == [0, 1]
    assert sorted(result(run)["verdict"] for run in runs(folder)) == ["failed", "passed"]


def test_a_folder_of_someone_else_is_left_alone(folder):
    (folder / "mine").mkdir()
    (folder / "mine" / "log.html").write_text("precious", encoding="utf-8")
    code, _, err = finish(start(folder, "passing", "--out", "mine"))
    assert code == 2
    assert "mine is not empty and not a folder of an earlier run" in err
    assert [file.name for file in (folder / "mine").iterdir()] == ["log.html"]


def test_the_folder_of_an_earlier_run_can_be_used_again(folder):
    assert finish(start(folder, "failing", "--out", "again"))[0] == 1
    assert finish(start(folder, "passing", "--out", "again"))[0] == 0
    assert result(folder / "again")["verdict"] == "passed"


def test_a_folder_that_a_run_is_writing_to_is_refused(folder):
    first = start(folder, "slow", "--out", "taken")
    for line in first.stderr:
        if line == "listening\n":
            break
    code, _, err = finish(start(folder, "passing", "--out", "taken"))
    first.send_signal(signal.SIGINT)
    assert finish(first)[0] == 130
    assert code == 2
    assert "Another run is writing to taken." in err


@pytest.fixture
def twins(folder) -> Path:
    """The workload is for two boards, alike but for their names."""
    words = folder / "project" / "models" / "keyword-spotting" / "workload.toml"
    board = folder / "project" / "renode_platforms"
    text = words.read_text(encoding="utf-8")
    words.write_text(text.replace('targets = ["nano33ble"]', 'targets = ["nano33ble", "twin"]'), encoding="utf-8")
    (board / "twin").symlink_to(board / "nano33ble")
    return folder


def test_several_runs_share_one_result_and_have_a_folder_each(twins):
    code, out, _ = finish(start(twins, "passing", "--target", "all", "--json", "--out", "both"))
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    assert (code, [run["target"] for run in found["runs"]]) == (0, ["nano33ble", "twin"])
    together = twins / "both"
    assert result(together) == found
    assert {file.name for file in together.iterdir()} - {".lab-run"} == REPORTS | {
        "keyword-spotting-nano33ble",
        "keyword-spotting-twin",
    }
    for run in found["runs"]:
        own = together / f"keyword-spotting-{run['target']}"
        assert result(own)["runs"] == [run]
        assert {file.name for file in own.iterdir()} >= REPORTS | {"log.html", "output.xml", "device.log"}


def test_without_a_target_the_first_of_the_workload_is_taken(twins):
    finish(start(twins, "passing", "--out", "one"))
    assert [run["target"] for run in result(twins / "one")["runs"]] == ["nano33ble"]


@pytest.mark.parametrize("named", [("all", "nano33ble"), ("nano33ble", "twin"), ("all", "all")])
def test_a_target_that_is_named_twice_is_run_once(twins, named):
    options = [word for name in named for word in ("--target", name)]
    finish(start(twins, "passing", *options, "--out", "both"))
    assert [run["target"] for run in result(twins / "both")["runs"]] == ["nano33ble", "twin"]


def test_several_runs_are_one_table_with_a_column_each(twins):
    code, out, _ = finish(start(twins, "failing_on_the_twin", "--target", "all"))
    assert code == 1
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if len(line.split()) > 2}
    assert rows["metric"] == ["nano33ble", "twin"]
    assert rows["accuracy"] == ["100", "%", "✗", "20", "%"]
    assert rows["kernels"] == ["reference", "reference"]
    assert rows["verdict"] == ["PASSED", "FAILED"]
    assert "twin: accuracy is 20 %; limit: at least 90 %" in out
    assert out.count("3 recordings resampled from 44,100 Hz.") == 1, "what holds for both is said once"
    assert max(map(len, out.splitlines())) <= 80


def test_a_board_that_heard_nothing_does_not_say_how_many_recordings_there_were(twins):
    code, out, _ = finish(start(twins, "not_compiling_on_the_twin", "--target", "all"))
    assert code == 2
    (heading,) = (line for line in out.splitlines() if line.startswith("keyword-spotting on nano33ble, twin:"))
    assert heading.count("recordings") == 1
    assert " 0 recordings" not in out


@pytest.fixture
def two(folder) -> Path:
    """A project with another workload beside keyword-spotting, for a board more, and without a suite of its own."""
    project = folder / "project"
    models, platforms = project / "models", project / "renode_platforms"
    shutil.copytree(platforms / "nano33ble", platforms / "twin")
    shutil.copytree(models / "keyword-spotting", models / "other-words")
    file = models / "other-words" / "workload.toml"
    text = file.read_text(encoding="utf-8").replace('targets = ["nano33ble"]', 'targets = ["nano33ble", "twin"]')
    file.write_text(text, encoding="utf-8")
    return folder


def test_all_is_every_workload_on_its_first_board_or_on_all_in_one_table_with_one_verdict(two):
    code, out, _ = finish(start_all(two, "passing"))
    assert (code, [cells[0] for cells in rows_of(out)]) == (0, ["keyword-spotting", "other-words"])
    code, out, _ = finish(start_all(two, "failing_on_the_twin", "--target", "all"))
    assert rows_of(out) == [
        ["keyword-spotting", "accuracy", "PASSED"],
        ["other-words", "accuracy", "PASSED", "FAILED"],
    ]
    assert re.findall(r"^ +100 %, \d+ s(?: +20 %, \d+ s)?", out, re.M)
    assert "other-words on twin: accuracy is 20 %; limit: at least 90 %" in " ".join(out.split())
    assert out.splitlines()[-1] == "FAILED: 1 of 3 runs"
    assert code == 1
    assert max(map(len, out.splitlines())) <= 80


def test_all_leaves_one_result_of_all(two):
    finish(start_all(two, "passing", "--target", "all", "--out", "everything"))
    found = result(two / "everything")
    assert [run["target"] for run in found["runs"]] == ["nano33ble", "nano33ble", "twin"]
    assert {"keyword-spotting-nano33ble", "other-words-twin"} <= {path.name for path in (two / "everything").iterdir()}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [([], "Which workload?"), (["--all", "keyword-spotting"], "--all is every workload, and some are named.")],
)
def test_either_workloads_are_named_or_all_are_meant(two, arguments, complaint):
    code, out, err = finish(start_all(two, "passing", *arguments, every=False))
    assert (code, out) == (2, "")
    assert complaint in err
    assert "--all" in err
    assert not (two / "runs").exists()


FOR_OTHERS = """\
title = "Pictures"
task = "classification"
labels = ["tens", "ones"]
background = ["ones"]
targets = ["nano33ble"]
[input]
sensor = "camera"
axes = ["jpeg"]
[features]
kind = "of-firmware"
[decision]
kind = "of-firmware"
[recordings]
folder = "recordings"
source = "bytes"
[limits]
accuracy = { at_least = 0.5 }
"""


@pytest.fixture
def seeing(two: Path) -> Path:
    """The same with a workload that the lab has no firmware for."""
    folder = two / "project" / "models" / "seeing"
    folder.mkdir()
    (folder / "workload.toml").write_text(FOR_OTHERS, encoding="utf-8")
    return two


def test_all_are_those_that_the_lab_has_firmware_for(seeing):
    code, _, err = finish(start_all(seeing, "passing", "--target", "all", "--out", "everything"))
    assert code == 0, err
    assert "left out, because they are for firmware of others: seeing\n" in err
    assert {run["workload"] for run in result(seeing / "everything")["runs"]} == {"keyword-spotting", "other-words"}


@pytest.mark.parametrize(
    "arguments",
    [["run", "seeing"], ["run", "seeing", "--model", "a.tflite"], ["compare", "seeing", "--variants"]],
)
def test_what_the_lab_has_no_firmware_for_is_told_first(seeing, arguments, monkeypatch, capsys):
    """Not a model's shape, nor variants that nobody can make."""
    monkeypatch.setenv("LAB_PROJECT", str(seeing / "project"))
    assert main(arguments) == 2
    assert "error[features-of-firmware]" in capsys.readouterr().err


def start_all(folder: Path, outcome: str, *arguments: str, every: bool = True) -> subprocess.Popen[str]:
    """`lab run --all` with a fake measurement."""
    surroundings = {**os.environ, "LAB_PROJECT": str(folder / "project"), "LAB_CACHE": str(folder / "cache")}
    program = [sys.executable, "-B", str(fake_measuring.FILE), outcome, "lab", "run", *["--all"] * every, *arguments]
    return subprocess.Popen(
        program, cwd=folder, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def rows_of(out: str) -> list[list[str]]:
    """The rows of the table that begin with a workload."""
    return [line.split() for line in out.splitlines() if re.match(r"[a-z]+-[a-z]+ +accuracy ", line.strip())]
