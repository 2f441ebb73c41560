"""RESD that the lab wrote, as Renode reads it: every value and time of it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lab import traces
from lab.engines.renode import installation
from lab.traces import Held, Trace
from tests.traces.making import EVENTS, shaken, uneven, whole

LINE = re.compile(r"(\d+):(\d+):(\d+\.\d{9}): \[?([^\]]*)\]?")


@pytest.mark.renode
def test_renode_reads_every_value_and_time_of_what_was_written(tmp_path):
    renode = installation.look()
    if renode is None:
        pytest.skip("this machine has no Renode: `lab setup renode`, or RENODE_PATH")
    (even,), (odd,) = shaken(200, name="acceleration").signals, uneven(200).signals
    odd = replace(odd, units=("uT",) * 3, frames=Held(np.round(whole(odd), 3)))
    traces.write(Trace((even, odd), received=EVENTS.received[:1]), tmp_path / "a.resd")
    found = samples(renode.command, tmp_path)
    for printed, signal, steps in ((found[:200], even, 1), (found[200:400], odd, 1_000)):
        times, values = np.array([time for time, _ in printed]), np.array([numbers(text) for _, text in printed])
        assert np.array_equal(np.rint(values / steps * 1e6), np.rint(whole(signal) * 1e6))
        expected = np.arange(200) / 50 if signal.times_s is None else signal.times_s
        assert np.abs(times - expected).max() < 1e-9
    assert [(time, bytes(int(byte, 16) for byte in text.split(", "))) for time, text in found[400:]] == [
        (one.time_s, one.data) for one in EVENTS.received[:1]
    ]


def samples(command: tuple[str, ...], folder: Path) -> list[tuple[float, str]]:
    """Time and text of each sample of three blocks, as Renode prints them."""
    script = folder / "ask.resc"
    asked = (f'resd get-samples a {block} "00:00:0{first}" 200' for block, first in ((1, 0), (2, 2), (3, 0)))
    script.write_text("\n".join([f"resd load a @{folder}/a.resd", *asked, "quit", ""]), "ascii")
    options = ("--console", "--plain", "--disable-gui", "--config", str(folder / "config"), "-e", f"include @{script}")
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=True, timeout=120, cwd=folder)
    found = [LINE.match(line) for line in done.stdout.splitlines()]
    return [(int(one[1]) * 3600 + int(one[2]) * 60 + float(one[3]), one[4]) for one in found if one is not None]


def numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]
