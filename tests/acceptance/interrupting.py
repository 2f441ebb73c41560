"""Interrupting `lab run` at random moments, and holding what it leaves against a run that was let alone.

A few times in test_interruption.py; by hand as often as you like, over both modes, both signals, one job and two:

    python -m tests.acceptance.interrupting 200 --seed 1
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import Any

from tests.acceptance.bench import REAL, Process

SIGNALS = (signal.SIGINT, signal.SIGTERM)
MODES: Mapping[str, Sequence[str]] = {"clip": (), "stream": ("--mode", "stream", "--minutes", "0.25")}
WORDS = ("yes", "stop")
_CAUGHT = "SigCgt:\t"


@dataclass(frozen=True)
class Ended:
    """A run that was sent a signal after `moment` seconds; `faults` is all that is wrong with how it ended."""

    mode: str
    jobs: int
    number: signal.Signals
    moment: float
    code: int
    result: str
    faults: tuple[str, ...]


def interrupted(
    moments: Iterator[float], count: int, folder: Path, project: Path, modes: Sequence[str], jobs: Sequence[int]
) -> Iterator[Ended]:
    """`count` runs, in turn of mode, jobs and signal. `moments` are parts of the time that such a run takes, 0 to 1.

    A moment counts from when the process handles signals: before, Python is starting and has not read a line of ours.
    """
    for word in WORDS:
        shutil.copytree(REAL / "models/keyword-spotting/recordings" / word, folder / "recordings" / word)
    surroundings = [(mode, number) for mode, number in product(modes, jobs)]
    whole = {one: _let_alone(*one, folder, project) for one in surroundings}
    turns = [(one, number) for one in surroundings for number in SIGNALS]
    for index, moment in zip(range(count), moments, strict=False):
        (mode, workers), number = turns[index % len(turns)]
        seconds, truth = whole[mode, workers]
        process = _start(mode, workers, folder / str(index), project)
        while not _handles_signals(process.popen.pid) and process.popen.poll() is None:
            time.sleep(0.001)
        time.sleep(moment * seconds)
        over = process.popen.poll() is not None
        # A terminal sends Ctrl-C to all, a supervisor SIGTERM to the one that it has started.
        if not over:
            (os.killpg if number is signal.SIGINT else os.kill)(process.popen.pid, number)
        ran = process.finish(folder / str(index))
        file = ran.folder / "result.json"
        result = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        faults = [*_differences(result, truth), *_said(ran.out + ran.err), *_left(ran.folder)]
        if ran.code not in ((130,) if not over else (0, 1)) and not _was_over(ran.code, result):
            faults.append(f"exit {ran.code}")
        if process.alive():
            faults.append("processes are left")
        yield Ended(mode, workers, number, moment, ran.code, result.get("verdict", "none"), tuple(faults))


def _let_alone(mode: str, jobs: int, folder: Path, project: Path) -> tuple[float, dict[str, Any]]:
    began = time.monotonic()
    ran = _start(mode, jobs, folder / f"{mode}-{jobs}", project).finish(folder / f"{mode}-{jobs}")
    assert ran.code in (0, 1), ran.err
    return time.monotonic() - began, ran.result


def _start(mode: str, jobs: int, folder: Path, project: Path) -> Process:
    options = [
        *MODES[mode],
        "--recordings",
        str(folder.parent / "recordings"),
        "--jobs",
        str(jobs),
        "--out",
        str(folder),
        "--no-history",
        "--no-baseline",
    ]
    program = [sys.executable, "-m", "lab", "run", "keyword-spotting", *options]
    return Process(program, folder.parent, project)


def _handles_signals(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return bool(int(status.partition(_CAUGHT)[2].split()[0], 16) >> signal.SIGTERM - 1 & 1)


def _was_over(code: int, result: Mapping[str, Any]) -> bool:
    """Whether it had nothing left to do: its exit code is that of a whole result."""
    return bool(result) and {0: "passed", 1: "failed"}.get(code) == result["verdict"]


def _differences(result: Mapping[str, Any], truth: Mapping[str, Any]) -> Iterator[str]:
    """What a result has that a run which was let alone has otherwise."""
    if not result:
        return
    (run,), (whole,) = result["runs"], truth["runs"]
    if result["verdict"] != "interrupted":
        if (result["verdict"], result["fingerprint"]) != (truth["verdict"], truth["fingerprint"]):
            yield f"verdict {result['verdict']}, fingerprint {result['fingerprint']}"
        if run["metrics"] != whole["metrics"]:
            yield f"metrics {run['metrics']}"
    elif result["fingerprint"] is not None or run["checks"]:
        yield "an interrupted run was judged"
    clips = {clip["clip"]: clip for clip in whole["clips"]}
    yield from (f"{clip['clip']} differs" for clip in run["clips"] if clip != clips[clip["clip"]])
    parts = {part["number"]: part for part in (whole["stream"] or {"parts": []})["parts"]}
    for part in (run["stream"] or {"parts": []})["parts"]:
        if part != parts[part["number"]]:
            yield f"part {part['number']} differs"


def _said(text: str) -> Iterator[str]:
    yield from (word for word in ("Traceback", "Exception ignored", "KeyboardInterrupt") if word in text)


def _left(folder: Path) -> Iterator[str]:
    if folder.exists():
        names = (file.name for file in folder.iterdir() if file.name != ".lab-run")
        yield from (f"{name} is half-written" for name in names if name.startswith("."))


def _drawn(seed: int) -> Iterator[float]:
    draw = random.Random(seed)  # noqa: S311 - moments, no secrets
    while True:
        yield draw.random()


def main() -> int:
    """Print how each run ended, and counts of all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", choices=MODES, action="append")
    given = parser.parse_args()
    ends: Counter[tuple[str, int, str, int, str]] = Counter()
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        moments = islice(_drawn(given.seed), given.count)
        for one in interrupted(moments, given.count, Path(name), REAL, given.mode or list(MODES), (1, 2)):
            ends[one.mode, one.jobs, one.number.name, one.code, one.result] += 1
            faults += bool(one.faults)
            print(one, flush=True)
    for (mode, jobs, signal_name, code, result), number in sorted(ends.items()):
        print(f"{number:4}  {mode:6} --jobs {jobs}  {signal_name:7}  exit {code:3}  result {result}")
    print(f"{faults} of {given.count} went wrong")
    return faults != 0


if __name__ == "__main__":
    sys.exit(main())
