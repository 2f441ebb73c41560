"""A closed, full or poor output decides nothing: the exit code is the verdict's, and the run leaves all its files."""

from __future__ import annotations

import os
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lab import streams
from lab.cli import main
from tests import fake_measuring, fake_project

LEFT = {"result.json", "report.html", "junit.xml", "summary.md", "clips.csv", "device.log"}
POOR = [
    "| head -1",
    "> /dev/full",
    ">&-",
    "2>&-",
    "2> /dev/full",
    "> /dev/full 2>&1",
]


def run(
    folder: Path, outcome: str, redirected: str, *options: str, **surroundings: str
) -> subprocess.CompletedProcess[str]:
    fake_project.make(folder / "project")
    program = [sys.executable, str(fake_measuring.FILE), outcome, "lab", "run", "keyword-spotting", "--out", "out"]
    return subprocess.run(
        ["bash", "-c", f"{shlex.join([*program, *options])} {redirected}; exit ${{PIPESTATUS[0]}}"],
        cwd=folder,
        env={
            **os.environ,
            "LAB_PROJECT": str(folder / "project"),
            "LAB_CACHE": str(folder / "cache"),
            **surroundings,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def runs_in_history(folder: Path) -> int:
    with sqlite3.connect(folder / "runs" / "history.sqlite") as connection:
        (count,) = connection.execute("SELECT count(*) FROM runs").fetchone()
    return count


@pytest.mark.parametrize("redirected", POOR)
@pytest.mark.parametrize(("outcome", "code"), [("passing", 0), ("failing", 1)])
def test_the_exit_code_is_that_of_the_verdict_whatever_becomes_of_the_output(tmp_path, outcome, code, redirected):
    done = run(tmp_path, outcome, redirected)
    assert (done.returncode, runs_in_history(tmp_path)) == (code, 1)
    assert {file.name for file in (tmp_path / "out").iterdir()} >= LEFT
    assert "Traceback" not in done.stdout + done.stderr


def test_with_a_full_output_a_warning_says_so(tmp_path):
    done = run(tmp_path, "passing", "> /dev/full", "--json")
    assert "warning: Standard output cannot be written: No space left on device." in done.stderr.splitlines()


def test_a_reader_that_has_gone_is_nothing_to_talk_about(tmp_path):
    assert "warning" not in run(tmp_path, "passing", "| true").stderr


@pytest.mark.parametrize(
    "surroundings",
    [{"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
)
def test_a_terminal_without_our_signs_shows_others_for_them(tmp_path, surroundings):
    done = run(tmp_path, "passing", "", **surroundings)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "PASSED: 13 checks")
    assert ">= 1" in done.stdout


@pytest.mark.parametrize("command", ["list", "history", "baseline show", "run --help"])
@pytest.mark.parametrize("redirected", ["| true", "> /dev/full", ">&-"])
def test_no_command_fails_for_want_of_an_output(tmp_path, command, redirected):
    done = subprocess.run(
        ["bash", "-c", f"{shlex.quote(sys.executable)} -m lab {command} {redirected}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_an_error_has_its_exit_code_where_nobody_can_read_it():
    done = subprocess.run(["bash", "-c", f"{shlex.quote(sys.executable)} -m lab run no-such-one 2>&-"], check=False)
    assert done.returncode == 2


def test_no_file_gets_the_descriptor_of_a_closed_output(tmp_path):
    """What a program that the lab calls prints would be written to that file."""
    code = (
        "import subprocess, sys\nfrom lab import streams\n"
        "with streams.in_place():\n"
        f"    file = open({str(tmp_path / 'file')!r}, 'w')\n"
        "    subprocess.run(['echo', 'said'])\n"
        "    sys.exit(file.fileno() > 2)\n"
    )
    done = subprocess.run(["bash", "-c", f"{shlex.join([sys.executable, '-c', code])} <&- >&- 2>&-"], check=False)
    assert (done.returncode, (tmp_path / "file").read_text()) == (1, "")


def test_what_an_encoding_lacks_is_escaped():
    assert "≥ 1 → ü ☃ \udcff".encode("latin-1", streams.IN_FEWER) == b">= 1 -> \xfc \\u2603 \\udcff"


def test_standard_streams_are_put_back(capsys):
    before = sys.stdout, sys.stderr
    assert main(["--version"]) == 0
    assert (sys.stdout, sys.stderr) == before
    assert capsys.readouterr().out.startswith("lab ")
