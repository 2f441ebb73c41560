"""What a Renode does that is killed, hangs, or talks nonsense: each ends in an error that says what to do."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lab import target
from lab.engines.renode import patience, process
from lab.errors import DeviceFault, EngineDied, EngineError, StorageError
from tests.renode import boards, console_stand_in
from tests.signals import sound


def decide(machine):
    return machine.run(until=lambda line: line == console_stand_in.DECISION, limit=1)


def started(folder):
    return [int(line.split()[1]) for line in (folder / "notes").read_text().splitlines() if line.startswith("started")]


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def gone_within(pid, limit_s=5.0):
    give_up = time.monotonic() + limit_s
    while is_running(pid) and time.monotonic() < give_up:
        time.sleep(0.02)
    return not is_running(pid)


@pytest.mark.produces("engine-died")
def test_one_that_is_killed_is_an_error_with_its_last_words(tmp_path):
    with boards.booted(tmp_path, "killed") as machine, pytest.raises(EngineDied) as raised:
        decide(machine)
    assert "was killed by SIGKILL" in raised.value.message
    assert "a line of the log" in raised.value.details
    assert console_stand_in.BOOT in raised.value.details


def test_after_it_was_killed_the_same_again_starts_another_one(tmp_path):
    with boards.booted(tmp_path, "killed once") as machine:
        with pytest.raises(EngineDied):
            decide(machine)
        assert decide(machine).line == console_stand_in.DECISION
        assert [mark.counters.time_ns for mark in machine.marks()] == [50_999_800]
    assert len(started(tmp_path)) == 2


@pytest.mark.produces("watchdog")
def test_one_that_never_answers_is_ended_by_the_watchdog(tmp_path, monkeypatch):
    monkeypatch.setattr(patience, "_FLOOR_S", 0.5)
    with boards.booted(tmp_path, "silent") as machine:
        monkeypatch.setattr(patience, "_FACTOR", 0.001)
        with pytest.raises(EngineError) as raised:
            decide(machine)
        assert not is_running(started(tmp_path)[0])
    assert "0x0000020c astray+0xc (astray.cc:17)" in raised.value.message


def test_one_that_moves_on_is_waited_for_and_not_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(patience, "_FLOOR_S", 0.5)
    with boards.booted(tmp_path, "labours") as machine:
        monkeypatch.setattr(patience, "_FACTOR", 0.001)
        assert decide(machine).line == console_stand_in.DECISION
    with boards.booted(tmp_path, "labours") as machine:
        monkeypatch.setattr(patience, "_TIMES_WHILE_MOVING", 2)
        with pytest.raises(EngineError) as raised:
            decide(machine)
    assert raised.value.code == "watchdog"


@pytest.mark.produces("device-reset")
def test_a_firmware_that_resets_the_board_ends_the_run(tmp_path):
    with boards.booted(tmp_path, "resets itself") as machine, pytest.raises(DeviceFault):
        decide(machine)


def test_the_watchdog_waits_for_what_has_been_slow_before():
    waits = patience.Patience()
    waits.learn(100_000_000, 8.0)
    assert waits.limit_s(100_000_000) == pytest.approx(160.0)
    assert waits.limit_s(1_000_000) == 30.0


def test_an_answer_that_is_none_is_an_error(tmp_path):
    with boards.booted(tmp_path, "garbled") as machine, pytest.raises(EngineDied, match="which is no answer"):
        decide(machine)


def test_one_that_gives_other_events_the_second_time_is_not_believed(tmp_path):
    with boards.booted(tmp_path, "drifts") as machine, pytest.raises(EngineDied, match="did not repeat itself"):
        decide(machine)


@pytest.mark.produces("cpu-abort")
def test_a_core_that_gives_up_is_a_fault_of_the_device(tmp_path):
    with boards.booted(tmp_path, "abort") as machine, pytest.raises(DeviceFault) as raised:
        decide(machine)
    assert "0x00000208 astray+0x8 (astray.cc:17)" in raised.value.message
    assert "outside RAM or ROM at 0x60000000" in raised.value.message


@pytest.mark.produces("renode-refused")
def test_what_it_says_of_a_platform_that_it_does_not_load_is_said(tmp_path):
    said = r"Could not resolve type: 'Sound\.NoSuchMicrophone'"
    with pytest.raises(EngineError, match=said), boards.booted(tmp_path, "refuses"):
        pass
    assert not is_running(started(tmp_path)[0])


@pytest.mark.produces("renode-start")
def test_a_program_that_cannot_be_started_is_named(tmp_path):
    engine = boards.engine(tmp_path, "well")
    (tmp_path / "renode").chmod(0o644)
    with pytest.raises(EngineError, match=r"renode cannot be started: Permission denied"):
        engine.machine(target.load("nano33ble")).load(boards.SmallFirmware(tmp_path / "small.elf"))


@pytest.mark.produces("disk-full")
def test_a_full_disk_is_named(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with boards.booted(tmp_path, "well") as machine:
        monkeypatch.setattr(Path, "write_bytes", refuse)
        with pytest.raises(StorageError):
            machine.play(sound(boards.SAMPLES), "microphone")


def test_nothing_is_left_when_a_machine_is_closed(tmp_path):
    with boards.booted(tmp_path, "well") as machine:
        (folder,) = [one.folder for one in process._running]
        assert (folder / "firmware.elf").exists()
        assert decide(machine).line == console_stand_in.DECISION
    assert not folder.exists()
    assert not is_running(started(tmp_path)[0])


def test_nothing_is_left_when_a_run_is_interrupted(tmp_path):
    def interrupt(_):
        raise KeyboardInterrupt

    with boards.booted(tmp_path, "well") as machine:
        (folder,) = [one.folder for one in process._running]
        with pytest.raises(KeyboardInterrupt):
            machine.run(until=interrupt, limit=1)
        assert not folder.exists()
    assert not is_running(started(tmp_path)[0])


USER = """
import sys, time
from pathlib import Path
from tests.renode import boards
from tests.signals import sound
with boards.booted(Path(sys.argv[1]), sys.argv[2]):
    print("booted", flush=True)
    time.sleep(1_000)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_the_lab_however_that_ends(tmp_path, number):
    with subprocess.Popen(
        [sys.executable, "-c", USER, str(tmp_path), "well"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as lab:
        assert lab.stdout.readline() == b"booted\n"
        (renode,) = started(tmp_path)
        lab.send_signal(number)
        lab.wait(10)
        assert gone_within(renode)


def test_what_a_killed_lab_has_left_is_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left = tmp_path / "tmp" / f"lab-emulator-{int(gone.stdout)}-abc"
    own = tmp_path / "tmp" / f"lab-emulator-{os.getpid()}-abc"
    left.mkdir(parents=True)
    own.mkdir()
    with boards.booted(tmp_path, "well"):
        assert not left.exists()
        assert own.exists()


def test_one_starts_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setenv("LAB_CACHE", str(tmp_path / "cache"))

    def start(name):
        (tmp_path / name).mkdir()
        with boards.booted(tmp_path / name, "slow"):
            pass

    threads = [threading.Thread(target=start, args=[name]) for name in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (began, ready), (began_later, _) = sorted(
        [float(line.split()[2]) for line in (tmp_path / name / "notes").read_text().splitlines()]
        for name in ("one", "other")
    )
    assert began < ready < began_later
