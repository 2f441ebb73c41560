"""What Ctrl-C and SIGTERM do to a process of `lab`, from its first line to its last."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time

import pytest

from lab import interrupts
from lab.cli import _main

BOTH = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)


def ended(program: str, number: signal.Signals, wait: float = 0.0) -> tuple[int, str]:
    """Exit code and output of a Python program that is sent a signal some time after it has printed a line."""
    with subprocess.Popen(
        [sys.executable, "-u", "-c", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        time.sleep(wait)
        process.send_signal(number)
        said += process.communicate(timeout=60)[0]
    return process.returncode, said


@BOTH
@pytest.mark.parametrize("seed", range(6))
def test_a_signal_at_any_moment_ends_the_command_with_130_and_no_traceback(number, seed):
    program = (
        "import sys; from lab import cli, interrupts; interrupts.end_process(); print(); sys.argv = ['', 'list']; "
    )
    wait = random.Random(seed).uniform(0, 1.5)  # noqa: S311 - a moment, no secret
    code, said = ended(f"{program} sys.exit(cli.main())", number, wait)
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert (code == 130 and said.endswith("Interrupted.\n")) or (code == 0 and "keyword-spotting" in said)


@BOTH
def test_a_signal_while_python_leaves_changes_nothing(number):
    late = "import atexit, time; atexit.register(lambda: (print('leaving'), time.sleep(0.5)));"
    command = (
        "import sys; from lab import cli; sys.argv[1:] = ['--version']; sys.stdout.reconfigure(write_through=True);"
    )
    with subprocess.Popen(
        [sys.executable, "-u", "-c", f"{late} {command} sys.exit(cli.main())"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("lab ")
        assert process.stdout.readline() == "leaving\n"
        process.send_signal(number)
        assert process.wait(60) == 0


def test_an_interrupt_that_python_can_only_drop_is_raised_again(capfd):
    class Late:
        def __del__(self):
            signal.raise_signal(signal.SIGTERM)

    def drop_one_and_wait():
        held = [Late()]
        held.clear()
        time.sleep(30)

    with interrupts.raised(), pytest.raises(KeyboardInterrupt):
        drop_one_and_wait()
    assert "ignored" not in capfd.readouterr().err


def test_two_signals_at_once_are_one_request_and_a_later_one_is_another():
    with interrupts.raised():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)  # as timeout(1) tells the group too
        time.sleep(1.1)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_an_interrupt_that_comes_while_another_is_dropped_is_not_lost(monkeypatch):
    class Late:
        def __del__(self):
            signal.raise_signal(signal.SIGTERM)

    start = threading.Thread.start

    def start_late(thread):  # within Python's hook for what it drops
        start(thread)
        time.sleep(0.1)
        signal.raise_signal(signal.SIGINT)

    def drop_and_wait():
        held = [Late()]
        held.clear()
        time.sleep(30)

    monkeypatch.setattr(threading.Thread, "start", start_late)
    with interrupts.raised(), pytest.raises(KeyboardInterrupt):
        drop_and_wait()


def test_an_interrupt_in_a_text_that_is_executed_is_not_the_end_of_the_process_by_a_signal():
    program = """
import sys
from lab import cli, interrupts
interrupts.end_process()
with interrupts.raised():
    try:
        exec("import signal; print('now'); signal.raise_signal(signal.SIGINT)")
    except KeyboardInterrupt:
        pass
interrupts.ignore()
sys.exit(7)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (7, "now\n", "")


def test_an_interrupt_that_a_library_makes_an_error_of_ends_the_command_with_130(monkeypatch, capsys):
    def swallowing(_arguments):
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            raise ValueError("cannot build the validator") from None

    monkeypatch.setattr(_main, "_run", swallowing)
    assert (_main.run(["list"]), capsys.readouterr().err) == (130, "Interrupted.\n")


def test_what_has_arrived_is_forgotten_after_a_command_and_not_after_a_part_of_it():
    with interrupts.raised():
        with interrupts.raised(), pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interrupts.have_arrived()
    assert not interrupts.have_arrived()


def test_a_process_that_is_started_while_signals_are_blocked_never_answers_ctrl_c_by_itself():
    wait = "import sys, time; print(flush=True); time.sleep(1); sys.exit(3)"
    with interrupts.blocked():
        child = subprocess.Popen([sys.executable, "-c", wait], stdout=subprocess.PIPE)
        child.send_signal(signal.SIGINT)
        assert child.communicate(timeout=60) == (b"\n", None)
    assert child.returncode == 3
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_the_handlers_are_the_ones_that_were_there_before():
    before = signal.getsignal(signal.SIGTERM), sys.unraisablehook
    with interrupts.raised(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    assert (signal.getsignal(signal.SIGTERM), sys.unraisablehook) == before


def test_outside_the_main_thread_nothing_is_noted():
    program = """
import threading
from lab import interrupts
def run():
    with interrupts.Noted(lambda: None) as noted:
        noted.deliver()
    print("done")
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("done\n", "")
