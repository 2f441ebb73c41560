"""A run that is ended from outside: by Ctrl-C, by SIGTERM, by a kill, by a full disk."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance import interrupting
from tests.acceptance.bench import APPLICATION, PATIENCE_S, Checkout, Process, start

MANY = 60
HEARD_SOME = f" of {MANY}, "


@pytest.fixture
def many(tmp_path: Path, two_words: Path) -> Path:
    """Recordings for some seconds."""
    for word in ("yes", "stop"):
        (tmp_path / "many" / word).mkdir(parents=True)
        for number in range(MANY // 2):
            shutil.copy(min((two_words / word).iterdir()), tmp_path / "many" / word / f"{number:02}.flac")
    return tmp_path / "many"


def listening(tmp_path: Path, checkout: Checkout, recordings: Path) -> Process:
    options = ("--json", "--recordings", recordings, "--out", tmp_path / "run", "--jobs", 2)
    return start("run", "keyword-spotting", *options, folder=tmp_path, project=checkout.folder)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_in_the_middle_keeps_what_was_heard_and_leaves_no_process(tmp_path, checkout, many, number):
    process = listening(tmp_path, checkout, many)
    process.await_line(HEARD_SOME)
    assert len(process.alive()) >= 3, "the run and its two workers"
    process.popen.send_signal(number)
    ran = process.finish(tmp_path / "run")
    assert process.alive() == []
    assert (ran.code, ran.result["verdict"]) == (130, "interrupted")
    assert 1 <= len(ran.clips) < MANY
    assert (ran.result["fingerprint"], ran.run["checks"]) == (None, [])
    assert ran.out == (ran.folder / "result.json").read_text(encoding="utf-8")
    assert ran.err.endswith("Interrupted.\n")
    assert half_written(ran.folder) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_while_the_compiler_works_leaves_no_compiler_and_the_next_run_builds(
    tmp_path, checkout, two_words, tiny, number
):
    options = ("--recordings", two_words, "--jobs", 1, "--model", tiny, "--out")
    surroundings = {"folder": tmp_path, "project": checkout.folder}
    with checkout.edited(APPLICATION, ("int main() {\n", f"{never_compiled()}int main() {{\n")):
        process = start("run", "keyword-spotting", *options, tmp_path / "run", **surroundings)
        await_program(process, "cc1plus")
        process.popen.send_signal(number)
        ran = process.finish(tmp_path / "run")
        assert process.alive() == []
        assert (ran.code, ran.result["verdict"], ran.clips) == (130, "interrupted", [])
        again = start("run", "keyword-spotting", *options, tmp_path / "again", **surroundings)
        assert len(again.finish(tmp_path / "again").clips) == 2


def test_a_kill_while_the_compiler_works_leaves_no_compiler(tmp_path, checkout, two_words, tiny):
    options = ("--recordings", two_words, "--jobs", 1, "--model", tiny, "--out", tmp_path / "run")
    with checkout.edited(APPLICATION, ("int main() {\n", f"{never_compiled()}int main() {{\n")):
        process = start("run", "keyword-spotting", *options, folder=tmp_path, project=checkout.folder)
        await_program(process, "cc1plus")
        process.popen.kill()
        process.popen.communicate(timeout=PATIENCE_S)
        time.sleep(1)  # a compiler takes longer for a file
        assert process.alive() == []


def never_compiled() -> str:
    """A line of C++ that does nothing and that no ccache has met: a comment alone is none to it."""
    return f'static_assert(true, "{uuid.uuid4()}");\n'


def await_program(process: Process, name: str) -> None:
    """Wait until the program runs somewhere below the process."""
    give_up = time.monotonic() + PATIENCE_S
    while name not in {command(pid) for pid in process.alive()}:
        assert process.popen.poll() is None, f"it ended before {name} ran"
        assert time.monotonic() < give_up, f"{name} did not run"
        time.sleep(0.01)


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:  # it ended just now
        return ""


def test_a_signal_at_any_moment_ends_with_130_and_leaves_nothing_that_is_not_true(tmp_path, checkout):
    """Two hundred of them by hand: the head of interrupting.py says how."""
    moments = iter((0.02, 0.1, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8))
    runs = [*interrupting.interrupted(moments, 8, tmp_path, checkout.folder, ["clip", "stream"], [1, 2])]
    assert len(runs) == 8
    assert [run for run in runs if run.faults] == []


def test_ctrl_c_in_a_terminal_reaches_the_workers_too_and_does_no_more_harm(tmp_path, checkout, many):
    process = listening(tmp_path, checkout, many)
    process.await_line(HEARD_SOME)
    os.killpg(process.popen.pid, signal.SIGINT)
    ran = process.finish(tmp_path / "run")
    assert process.alive() == []
    assert (ran.code, ran.result["verdict"], ran.err.count("Interrupted.")) == (130, "interrupted", 1)


def test_a_kill_of_the_run_leaves_no_worker_and_no_half_result(tmp_path, checkout, many):
    process = listening(tmp_path, checkout, many)
    process.await_line(HEARD_SOME)
    process.popen.kill()
    process.popen.communicate(timeout=PATIENCE_S)
    give_up = time.monotonic() + 60
    while process.alive():
        assert time.monotonic() < give_up, "workers live on"
        time.sleep(0.05)
    assert not (tmp_path / "run" / "result.json").exists()


def test_a_killed_worker_is_an_error_that_says_so(tmp_path, checkout, many):
    process = listening(tmp_path, checkout, many)
    process.await_line(HEARD_SOME)
    # Each has an interpreter beside it, whose end is another error.
    workers = [pid for pid in process.alive() if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(workers) == 2
    os.kill(workers[0], signal.SIGKILL)
    ran = process.finish(tmp_path / "run")
    assert (ran.code, ran.error["kind"]) == (3, "EngineError")
    assert "A worker process died" in ran.error["message"]
    assert 1 <= len(ran.clips) < MANY
    assert process.alive() == []


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with less room than an image takes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root can mount a disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_under_the_runs_folder_is_said(tmp_path, checkout, two_words, full_disk):
    options = ("--recordings", two_words, "--out", full_disk / "run", "--jobs", 1)
    process = start("run", "keyword-spotting", *options, folder=tmp_path, project=checkout.folder)
    ran = process.finish(full_disk / "run")
    assert ran.code == 3
    assert "cannot be written" in ran.shown
    assert "remedy: Free some space" in ran.shown
    assert half_written(ran.folder) == []


def test_a_limit_of_memory_is_said_and_leaves_a_result(tmp_path, checkout, two_words):
    options = ("--recordings", two_words, "--out", tmp_path / "run", "--jobs", 1)
    command = [sys.executable, "-m", "lab", "run", "keyword-spotting", *map(str, options)]
    limited = ["sh", "-c", 'ulimit -v 400000; exec "$@"', "sh", *command]
    ran = Process(limited, tmp_path, checkout.folder).finish(tmp_path / "run")
    assert (ran.code, ran.error["code"]) == (3, "out-of-memory")


def test_a_full_disk_under_the_cache_is_said(tmp_path, checkout, two_words, full_disk, cache):
    for kind in ("engine", "features", "library", "tflm"):
        (full_disk / kind).symlink_to(cache / kind)
    options = ("--recordings", two_words, "--out", tmp_path / "run", "--jobs", 1)
    process = start("run", "keyword-spotting", *options, folder=tmp_path, project=checkout.folder, cache=full_disk)
    ran = process.finish(tmp_path / "run")
    assert (ran.code, ran.error["kind"]) == (3, "StorageError")
    assert "LAB_CACHE" in ran.error["remedy"]
    assert ran.error["message"] in ran.robot_failures()[0]


def half_written(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.name.startswith(".") and file.name != ".lab-run"]
