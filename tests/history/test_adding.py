from __future__ import annotations

import multiprocessing
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from lab import history
from lab.errors import BuildError
from lab.history import entries
from lab.metrics import Quantity
from lab.reporting import run_folder
from lab.verdict.result import Bounds, Error
from tests.history.fake_history import COMMITS, VALUES, folder, result, run

PROCESSES = 8
RUNS_EACH = 5


def test_a_run_is_kept_with_where_it_comes_from_what_it_measured_and_its_limits(here, file):
    history.add(result(run(), git=f"{COMMITS[1]}-dirty"), folder(here, "one"))
    (entry,) = entries.read(file)
    assert timedelta(0) <= datetime.now(timezone.utc) - entry.time < timedelta(minutes=1)
    assert (entry.workload, entry.target, entry.variant) == ("keyword-spotting", "nano33ble", "default")
    assert (entry.verdict, entry.error, entry.engine) == ("passed", None, "builtin")
    assert (entry.commit, entry.dirty) == (COMMITS[1], True)
    assert entry.fingerprint == "ab" * 32
    assert entry.model == "keyword_spotting.tflite crc 0"
    assert entry.toolchain_hash == "71f653830ee44a9b"
    assert entry.cost_model == "m4-trm-1"
    assert (entry.source, entry.stimuli) == ("synthetic speech", "0" * 64)
    assert entry.folder.resolve() == here / "runs" / "one"
    assert list(entry.metrics) == list(VALUES)
    assert entry.metrics["flash_bytes"] == Quantity(151_144, "bytes", "exact")
    assert isinstance(entry.metrics["flash_bytes"].value, int)
    assert entry.metrics["accuracy"] == Quantity(0.938, "", "exact")
    assert entry.limits["accuracy"] == Bounds(at_least=0.92)
    assert "ram_bytes" not in entry.limits


def test_a_run_outside_of_git_has_no_commit(here, file):
    history.add(result(run(), git=""), folder(here, "one"))
    (entry,) = entries.read(file)
    assert (entry.commit, entry.dirty) == (None, False)


def test_a_metric_that_could_not_be_counted_is_kept_as_such(here, file):
    history.add(
        result(run(metrics={"cycles_per_inference": Quantity(None, "cycles", "modelled")})), folder(here, "one")
    )
    (entry,) = entries.read(file)
    assert entry.metrics["cycles_per_inference"].value is None


def test_adding_a_run_again_changes_nothing(here, file):
    one = folder(here, "one")
    history.add(result(run()), one)
    before = entries.read(file)
    history.add(result(run()), one)
    assert entries.read(file) == before


def test_a_later_run_with_the_same_out_is_a_run_of_its_own_and_has_the_folder(here, file):
    out = folder(here, "out")
    history.add(result(run(host_seconds=1.0)), out)
    history.add(result(run(host_seconds=2.0)), out)
    assert [entry.folder_state for entry in entries.read(file)] == ["there", "overwritten"]


def test_a_folder_that_was_deleted_is_gone(here, file):
    one = folder(here, "one")
    history.add(result(run()), one)
    one.rmdir()
    (entry,) = entries.read(file)
    assert entry.folder_state == "gone"


def test_several_runs_together_are_a_row_each_with_the_folder_and_the_fingerprint_of_its_own(here, file):
    together = folder(here, "2-runs")
    boards = [run(), run(target="stm32f4")]
    for number, (board, own) in enumerate(run_folder.parts(boards, together)):
        own.mkdir()
        run_folder.write_result(result(board, fingerprint=f"{number}" * 64), own)
    history.add(result(*boards, fingerprint="cd" * 32), together)
    found = {entry.target: entry for entry in entries.read(file)}
    assert found["nano33ble"].fingerprint == "0" * 64
    assert found["stm32f4"].fingerprint == "1" * 64
    assert found["stm32f4"].folder.resolve() == together / "keyword-spotting-stm32f4"


def test_a_run_that_did_not_finish_is_kept_without_values(here, file):
    error = Error.of(BuildError("main.cc does not compile."))
    history.add(result(run(verdict="error", error=error)), folder(here, "one"))
    history.add(result(run(verdict="interrupted")), folder(here, "two"))
    interrupted, broken = entries.read(file)
    assert (broken.verdict, broken.error, broken.metrics) == ("error", "build", {})
    assert (interrupted.verdict, interrupted.error, interrupted.metrics) == ("interrupted", None, {})


def test_history_and_runs_can_be_moved_together(here, file):
    history.add(result(run()), folder(here, "one"))
    moved = (here / "runs").rename(here / "moved")
    (entry,) = entries.read(moved / file.name)
    assert entry.folder_state == "there"


def test_a_folder_elsewhere_is_found_from_anywhere(here, file, monkeypatch):
    (here / "elsewhere").mkdir()
    history.add(result(run()), Path("elsewhere"))
    monkeypatch.chdir(here / "elsewhere")
    (entry,) = entries.read(file)
    assert entry.folder == here / "elsewhere"


def test_lab_history_names_another_file(here, file, monkeypatch):
    monkeypatch.setenv("LAB_HISTORY", str(here / "team" / "all.sqlite"))
    history.add(result(run()), folder(here, "one"))
    assert not file.exists()
    assert len(entries.read(here / "team" / "all.sqlite")) == 1


def test_without_a_file_there_are_no_runs_and_none_is_made(file):
    assert entries.read(file) == []
    assert not file.exists()


def add_some(number: int, together: multiprocessing.synchronize.Barrier, base: Path) -> None:
    together.wait()
    for turn in range(RUNS_EACH):
        history.add(result(run()), base / f"run-{number}-{turn}")


def test_processes_that_add_at_once_to_a_new_file_lose_nothing(here, file):
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "lab.history.adding"])
    together = context.Barrier(PROCESSES)
    adding = [context.Process(target=add_some, args=(number, together, here)) for number in range(PROCESSES)]
    for process in adding:
        process.start()
    for process in adding:
        process.join(timeout=120)
    assert [process.exitcode for process in adding] == [0] * PROCESSES
    found = entries.read(file)
    assert len({entry.folder for entry in found}) == PROCESSES * RUNS_EACH
    assert all(list(entry.metrics) == list(VALUES) for entry in found)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("module", ["lab.history", "lab.cli.run", "lab.cli.list"])
def test_what_does_not_use_the_file_loads_no_database(module):
    code = f"import sys, {module}; print([name for name in ('sqlalchemy', 'alembic') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_a_file_of_this_version_is_added_to_without_loading_alembic(here):
    history.add(result(run()), folder(here, "one"))
    code = (
        "import sys; from pathlib import Path; from lab import history;"
        "from tests.history.fake_history import result, run;"
        "history.add(result(run()), Path('two')); print([name for name in sys.modules if name.startswith('alembic')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.stdout == "[]\n"
