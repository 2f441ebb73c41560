from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from lab import history, places
from lab.cli import main
from lab.errors import BuildError
from lab.history import choice, commits
from lab.verdict.result import Error
from tests.history.fake_history import BUILD, COMMITS, VALUES, folder, result, run

FASTER = {**VALUES, "instructions_per_inference": 28_000_000}
WORSE = {**VALUES, "accuracy": 0.915}


@pytest.fixture(autouse=True)
def no_git(here, monkeypatch):
    """A project that is no checkout, so that only the history knows commits."""
    from tests import fake_project

    monkeypatch.setenv("LAB_PROJECT", str(fake_project.make(here / "project")))
    monkeypatch.setenv("COLUMNS", "80")


def add(here: Path, *runs, git: str = COMMITS[0]) -> None:
    """Each in a folder of its own, `runs/1`, `runs/2`..."""
    for one in runs:
        number = len(list((here / "runs").glob("[0-9]*"))) + 1 if (here / "runs").exists() else 1
        history.add(result(one, git=git), folder(here, str(number)))


def shown(capsys, *arguments: str) -> str:
    assert main(["history", *arguments]) == 0
    return capsys.readouterr().out


def listed(capsys, *arguments: str) -> list[dict]:
    return json.loads(shown(capsys, "--json", *arguments))


def refused(capsys, *arguments: str) -> str:
    assert main(["history", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_an_empty_history_says_what_makes_entries(here, file, capsys):
    assert shown(capsys) == "There are no runs in runs/history.sqlite yet. Every `lab run` adds one.\n"
    assert listed(capsys) == []
    assert not file.exists()


def test_the_table_shows_each_run_newest_first_within_80_columns(here, capsys):
    add(here, run())
    add(here, run(FASTER, verdict="failed"), git=f"{COMMITS[1]}-dirty")
    lines = shown(capsys).splitlines()
    assert lines[0].strip() == "keyword-spotting on nano33ble"
    newest, changes, oldest = (line.split() for line in lines[5:8])
    assert newest[2:] == ["bbbbbbb*", "failed", "93.8", "%", "28,000,000", "151,144", "174,100"]
    assert changes[0] == "="
    assert changes[1].endswith("3.5")
    assert oldest[2:] == ["aaaaaaa", "passed", "93.8", "%", "29,025,682", "151,144", "174,100"]
    assert lines[-2:] == ["* with uncommitted changes", "2 runs."]
    assert max(map(len, lines)) <= 80


def test_a_wide_terminal_shows_folders_and_one_line_a_run(here, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "170")
    add(here, run(), run(FASTER))
    assert [line.split()[-1] for line in shown(capsys).splitlines() if "passed" in line] == ["runs/2", "runs/1"]


def test_each_workload_on_each_target_has_a_table_of_its_own(here, capsys):
    add(here, run(), run(target="stm32f4"), run(workload="gesture"))
    titles = [line.strip() for line in shown(capsys).splitlines() if " on " in line]
    assert titles == [
        "gesture on nano33ble",
        "keyword-spotting on stm32f4",
        "keyword-spotting on nano33ble",
    ]


def test_a_change_is_since_the_latest_earlier_run_that_compares(here, capsys):
    other = {**BUILD, "toolchain_hash": "0a1b2c3d"}
    add(here, run(), run(FASTER, build=other), run(FASTER, stimuli="1" * 64), run(WORSE))
    worse, recordings, toolchain, first = listed(capsys)
    assert first["metrics"]["accuracy"]["change"] is None

    # Another toolchain: counts have nothing to be compared with, accuracy has.
    assert toolchain["metrics"]["instructions_per_inference"]["change"] == {
        "before": None,
        "standing": "not comparable",
        "why": "other toolchain",
    }
    assert toolchain["metrics"]["accuracy"]["change"]["standing"] == "same"

    # Other recordings with the first toolchain: flash is compared with the first run, accuracy with none.
    assert recordings["metrics"]["flash_bytes"]["change"]["before"] == VALUES["flash_bytes"]
    assert recordings["metrics"]["accuracy"]["change"]["why"] == "other recordings"

    # As the first run again: compared with that one, past those between.
    assert worse["metrics"]["accuracy"]["change"] == {
        "before": 0.938,
        "standing": "worse",
        "why": "tolerated: at least 93.3 %",
    }
    assert worse["metrics"]["instructions_per_inference"]["change"]["before"] == VALUES["instructions_per_inference"]


def test_the_table_says_what_a_run_does_not_compare_in(here, capsys):
    add(here, run(), run(FASTER, build={**BUILD, "toolchain_hash": "0a1b2c3d"}))
    assert "\nother toolchain " in shown(capsys)


def test_a_run_that_did_not_finish_is_in_the_table_and_passed_over_by_changes(here, capsys):
    error = Error.of(BuildError("main.cc does not compile."))
    add(here, run(), run(verdict="error", error=error), run(FASTER))
    faster, broken, _ = listed(capsys)
    assert broken["error"] == "build"
    assert broken["metrics"] == {}
    assert faster["metrics"]["instructions_per_inference"]["change"]["before"] == VALUES["instructions_per_inference"]
    assert "build" in shown(capsys)


def test_folders_that_were_deleted_are_shown_as_gone(here, capsys):
    add(here, run(), run(FASTER))
    (here / "runs" / "1").rmdir()
    assert [one["folder_state"] for one in listed(capsys)] == ["there", "gone"]
    lines = shown(capsys).splitlines()
    assert lines[-3].startswith("folder gone")


def test_json_has_everything_that_is_kept(here, capsys):
    add(here, run(), git=f"{COMMITS[0]}-dirty")
    (found,) = listed(capsys)
    assert datetime.strptime(found.pop("time"), "%Y-%m-%dT%H:%M:%SZ")
    assert list(found.pop("metrics")) == list(VALUES)
    assert found == {
        "commit": COMMITS[0],
        "dirty": True,
        "workload": "keyword-spotting",
        "target": "nano33ble",
        "variant": "default",
        "engine": "builtin",
        "verdict": "passed",
        "error": None,
        "fingerprint": "ab" * 32,
        "model": "keyword_spotting.tflite crc 0",
        "toolchain_hash": "71f653830ee44a9b",
        "cost_model": "m4-trm-1",
        "recordings": {"source": "synthetic speech", "stimuli": "0" * 64},
        "folder": "runs/1",
        "folder_state": "there",
    }
    (metric,) = listed(capsys, "--metric", "accuracy")[0]["metrics"].values()
    assert metric == {
        "value": 0.938,
        "unit": "",
        "kind": "exact",
        "limit": {"at_least": 0.92, "at_most": None},
        "change": None,
    }


@pytest.mark.parametrize(
    ("arguments", "folders"),
    [
        ((), "54321"),
        (("gesture",), "3"),
        (("gesture", "keyword-spotting"), "54321"),
        (("--target", "stm32f4"), "2"),
        (("--target", "stm32f4", "--target", "nano33ble"), "54321"),
        (("--verdict", "failed"), "4"),
        (("--commit", "BBBB"), "5"),
        (("--commit", COMMITS[0], "--limit", "2"), "43"),
        (("--limit", "1"), "5"),
        (("--since", "1h", "--limit", "1"), "5"),
        (("--since", "2001-01-01"), "54321"),
        (("--since", "9999-12-31"), ""),
        (("gesture", "--verdict", "failed"), ""),
    ],
)
def test_filters(here, capsys, arguments, folders):
    add(here, run(), run(target="stm32f4"), run(workload="gesture"), run(WORSE))
    add(here, run(FASTER), git=COMMITS[1])
    assert "".join(Path(one["folder"]).name for one in listed(capsys, *arguments)) == folders


def test_changes_of_runs_that_are_shown_look_at_those_that_are_not(here, capsys):
    add(here, run(), run(FASTER))
    (newest,) = listed(capsys, "--limit", "1")
    assert newest["metrics"]["instructions_per_inference"]["change"]["before"] == VALUES["instructions_per_inference"]


def test_what_is_left_out_is_counted(here, capsys):
    for commit in COMMITS[:4]:
        add(here, *(run(host_seconds=float(second)) for second in range(6)), git=commit)
    assert shown(capsys).splitlines()[-1] == "24 runs; the newest 20 are shown, --limit N shows more."
    assert shown(capsys, "--commit", "aaaa").splitlines()[-1] == "6 of 24 runs."
    assert shown(capsys, "--verdict", "error") == "No run of 24 is as asked for.\n"


def test_a_known_name_without_runs_finds_nothing_and_is_no_mistake(here, capsys):
    add(here, run(workload="gesture", target="other"))
    assert shown(capsys, "keyword-spotting", "--target", "nano33ble") == "No run of 1 is as asked for.\n"
    assert "stack used" in " ".join(shown(capsys, "--metric", "stack_used_bytes").replace("\n", " ").split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["keyword-spoting"], "There is no workload named 'keyword-spoting'. Did you mean 'keyword-spotting'?"),
        (["--target", "nano33bl"], "There is no target named 'nano33bl'. Did you mean 'nano33ble'?"),
        (["--metric", "acuracy"], "There is no metric named 'acuracy'. Did you mean 'accuracy'?"),
        (["--verdict", "pass"], "There is no verdict named 'pass'. Did you mean 'passed'?"),
        (["--since", "yesterday"], "'yesterday' is no time."),
        (["--limit", "0"], "Invalid value for '--limit'"),
        (["--plot", "moves.bmp"], "A chart cannot be drawn into moves.bmp: its name does not end in .png, .svg, .pdf."),
    ],
)
def test_a_mistake_is_named(here, capsys, arguments, said):
    add(here, run())
    said_of_it = refused(capsys, *arguments)
    assert said in said_of_it
    assert "remedy: " in said_of_it


@pytest.mark.produces("unknown-commit")
def test_a_commit_that_nobody_knows_is_named(here, capsys):
    add(here, run())
    said = refused(capsys, "--commit", "cafe")
    assert "No run in the history is of a commit 'cafe', and git does not know it." in said


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12h", datetime(2026, 11, 20, 18, 30, tzinfo=timezone.utc)),
        ("3d", datetime(2026, 11, 18, 6, 30, tzinfo=timezone.utc)),
        ("2w", datetime(2026, 11, 7, 6, 30, tzinfo=timezone.utc)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=timezone.utc)),
        ("2026-11-01T18:00", datetime(2026, 11, 1, 18, tzinfo=timezone.utc)),
        ("2026-11-01T18:00+02:00", datetime(2026, 11, 1, 16, tzinfo=timezone.utc)),
    ],
)
def test_since_takes_ages_and_dates(text, meant):
    now = datetime(2026, 11, 21, 6, 30, tzinfo=timezone.utc)
    assert choice.moment(text, now) == meant


def test_a_commit_can_be_named_as_git_does(here, monkeypatch):
    repository = here / "repository"
    repository.mkdir()
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(repository), *identity, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "-m", "one", "--date", "2026-11-01T12:00:00Z")
    git("tag", "v1")
    git("commit", "--quiet", "--allow-empty", "-m", "two")
    monkeypatch.setattr(places, "project", lambda: repository)
    first, second = git("rev-parse", "HEAD~1"), git("rev-parse", "HEAD")
    assert commits.named("v1", set()) == {first}
    assert commits.named("HEAD", {COMMITS[0]}) == {second}
    assert commits.named(COMMITS[0][:6], {COMMITS[0]}) == {COMMITS[0]}
    times = commits.times({first, second, COMMITS[0]})
    assert times.keys() == {first, second}
    assert datetime.now(timezone.utc) - times[second] < timedelta(minutes=2)


def test_help_loads_neither_database_nor_plots():
    code = (
        "import sys; from lab.cli import main; main(['--help']); main(['list']);"
        "print([name for name in ('sqlalchemy', 'alembic', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
