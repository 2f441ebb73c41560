"""`lab debug` and `lab replay --debug-at` on real firmware, with Debian's gdb-multiarch in the other terminal."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import numpy as np
import pytest
import soundfile

from lab.recordings import sounds
from tests.debugging.terminals import gdb, needs_gdb, started

RATE = 16_000
KERNELS = {"nano33ble": "arm_convolve_s8", "esp32c3": "esp_nn_fully_connected_s8_ansi"}
pytestmark = needs_gdb


@pytest.mark.parametrize("target", ["nano33ble", "esp32c3"])
def test_a_breakpoint_in_the_inference_and_a_watchpoint_on_a_score(target: str, tmp_path: Path) -> None:
    with started("debug", "keyword-spotting", "--target", target, "--engine", "builtin") as terminal:
        line = terminal.until("^gdb-multiarch .*")[0]
        said = gdb(
            line,
            "monitor time",
            "break lab::Network::invoke",
            "continue",
            "delete",
            "list lab::Network::invoke",
            "list tflite::MicroInterpreter::Invoke",
            f"list {KERNELS[target]}",
            "finish",
            "monitor time",
            "watch *(char*)lab_scores@12",
            "continue",
            "print (int)lab_scores[0]",
            "kill",
            folder=tmp_path,
        )
        assert "0.000000000 s, 0 instructions" in said
        assert re.search(r"^\d+\s.* Network::invoke\(", said, re.MULTILINE)
        assert re.search(r"^\d+\s.* MicroInterpreter::Invoke\(", said, re.MULTILINE)
        assert not re.search("No such file|not defined", said)
        assert re.search(r"Breakpoint 1, lab::Network::invoke", said)
        first, second = re.findall(r"(\d+\.\d+) s, ", said)
        assert 0 == float(first) < 1 < float(second) < 1.5
        assert "Hardware watchpoint 2" in said
        assert re.search(r"^\$\d+ = -?\d+", said, re.MULTILINE)
        assert terminal.rest() == 0
        assert '"event":"boot"' in terminal.printed
        assert "GDB has ended the run" in terminal.printed


def test_ctrl_c_ends_a_board_that_waits_and_one_that_runs() -> None:
    for comes in (False, True):
        with started("debug", "keyword-spotting", "--engine", "builtin") as terminal:
            line = terminal.until("^gdb-multiarch .*")[0]
            if comes:
                gdb(line, "detach")
                terminal.until('"event":"boot"')
            terminal.process.send_signal(signal.SIGINT)
            assert terminal.rest() == 130
            assert terminal.printed.endswith("Interrupted.\n")


def test_a_replay_stands_where_the_inference_begins_and_then_goes_on(tmp_path: Path, words: Path) -> None:
    word = sounds.load(min((words / "left").iterdir()), RATE, RATE).samples
    trace = tmp_path / "left.wav"
    pause = np.zeros(RATE, np.int16)
    soundfile.write(trace, np.concatenate([pause, word, pause, pause]), RATE)
    asked = ("replay", str(trace), "--workload", "keyword-spotting", "--engine", "builtin", "--out")
    with started(*asked, str(tmp_path / "plain")) as terminal:
        assert terminal.rest() == 0
        plain = terminal.printed
    number = next(at for at, row in enumerate(re.findall(r"^ +\d+\.\d+ .*%.*", plain, re.MULTILINE)) if "left" in row)
    with started(*asked, str(tmp_path / "debugged"), "--debug-at", "label left") as terminal:
        line = terminal.until("^gdb-multiarch .*")[0]
        assert f"inference {number} begins" in terminal.printed
        said = gdb(line, "backtrace", "monitor reset", "stepi", "stepi", "watch lab_scores", "detach")
        assert "lab::Network::invoke" in said
        assert "cannot begin anew" in said
        assert terminal.rest() == 0
        fingerprint = r"fingerprint [0-9a-f]{64}"
        assert re.findall(fingerprint, terminal.printed) == re.findall(fingerprint, plain)
    with started(*asked, str(tmp_path / "killed"), "--debug-at", "inference 1") as terminal:
        gdb(terminal.until("^gdb-multiarch .*")[0], "kill")
        assert terminal.rest() == 130
