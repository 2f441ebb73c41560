from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lab import processes

WAITING = """
import sys
from lab import processes
processes.run([sys.executable, "-c", '''
import os, pathlib, subprocess, sys
child = subprocess.Popen(["sleep", "600"], start_new_session=len(sys.argv) > 2)
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
child.wait()
''', *sys.argv[1:]])
"""


def test_both_streams_and_the_status_are_kept():
    done = processes.run([sys.executable, "-c", "import os; os.write(2, b'words'); os._exit(3)"])
    assert (done.status, done.output) == (3, "words")


def test_a_program_runs_where_it_is_told(tmp_path):
    assert Path(processes.run(["pwd"], folder=tmp_path).output.strip()) == tmp_path


def test_when_interrupted_no_process_is_left(tmp_path):
    note = tmp_path / "grandchild"
    with subprocess.Popen([sys.executable, "-c", WAITING, str(note)], stderr=subprocess.DEVNULL) as runner:
        grandchild = int(_awaited(note))
        runner.send_signal(signal.SIGINT)
        runner.wait(30)
    assert gone(grandchild)


def test_when_killed_no_process_is_left_even_in_a_session_of_its_own(tmp_path):
    note = tmp_path / "grandchild"
    command = [sys.executable, "-c", WAITING, str(note), "apart"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as runner:
        grandchild = int(_awaited(note))
        runner.kill()
    assert gone(grandchild)


def test_what_another_lab_has_started_is_left_alone(tmp_path):
    notes = [tmp_path / "ends", tmp_path / "stays"]
    runners = [
        subprocess.Popen([sys.executable, "-c", WAITING, str(note)], stderr=subprocess.DEVNULL) for note in notes
    ]
    ends, stays = (int(_awaited(note)) for note in notes)
    runners[0].kill()
    runners[0].wait(30)
    assert gone(ends)
    time.sleep(0.3)
    os.kill(stays, 0)
    runners[1].kill()
    runners[1].wait(30)
    assert gone(stays)


def test_a_thread_that_is_to_stop_ends_its_program_and_starts_no_other(tmp_path):
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    with processes.ended_by(stop):
        with pytest.raises(processes.Ended):
            processes.run([sys.executable, "-c", f"import time; open({str(tmp_path / 'one')!r}, 'w'); time.sleep(600)"])
        with pytest.raises(processes.Ended):
            processes.run(["touch", str(tmp_path / "two")])
    assert not (tmp_path / "two").exists()
    assert processes.run(["true"]).status == 0


def test_a_limit_holds_in_such_a_thread_too():
    with processes.ended_by(threading.Event()), pytest.raises(subprocess.TimeoutExpired):
        processes.run(["sleep", "600"], limit_s=0.3)


def _awaited(note: Path) -> str:
    limit = time.monotonic() + 30
    while not (note.exists() and note.read_text()):
        assert time.monotonic() < limit
        time.sleep(0.02)
    return note.read_text()


def gone(process: int) -> bool:
    limit = time.monotonic() + 10
    while time.monotonic() < limit:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False
