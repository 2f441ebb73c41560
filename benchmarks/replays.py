"""How much faster than real time `lab replay` plays a trace, beside the engine alone.

A ratio is seconds of the trace to processor seconds.

`python -m benchmarks.replays --workload machine-vibration --minutes 60` has another workload's.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lab.asked import Asked
from lab.composing.compose import compose
from lab.composing.stream import Stream
from lab.engines import selection
from lab.measuring import built, chosen, pace
from lab.measuring.request import Request
from lab.measuring.streaming import listening
from lab.reporting import stream_files


def main() -> None:
    """Compose a stream, replay it, and print what that took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replays", description=__doc__)
    parser.add_argument("--workload", default="keyword-spotting", help="default keyword-spotting")
    parser.add_argument("--target", default="nano33ble", help="board (default nano33ble)")
    parser.add_argument("--minutes", type=float, default=3.0, help="of the trace (default 3)")
    options = parser.parse_args()
    asked = Asked.of(workload=options.workload, target=options.target, engine="builtin", mode="stream")
    request = asked.but(minutes=options.minutes).request()
    stream = compose(chosen.recordings(request, print), request.workload, request.evaluation)
    alone_s, instructions = _engine_alone(request, stream)
    with tempfile.TemporaryDirectory() as folder:
        replay_s, peak_kib = _replayed(request, _trace(stream, Path(folder)))
    title = f"{options.minutes:g} minutes of {options.workload} on {options.target}, processor time of one core"
    table = Table("what", "value", title=title, title_justify="left")
    table.add_row("instructions in a second of the trace", f"{instructions / stream.seconds / 1e6:.1f} million")
    table.add_row("the engine alone, ratio to real time", f"{stream.seconds / alone_s:.1f}")
    table.add_row("of it: instructions a second", f"{instructions / alone_s / 1e6:.0f} million")
    table.add_row("`lab replay`, ratio to real time", f"{stream.seconds / replay_s:.1f}")
    table.add_row("of it: peak memory", f"{peak_kib / 1024:.0f} MiB")
    Console().print(table)


def _engine_alone(request: Request, stream: Stream) -> tuple[float, int]:
    """Processor seconds and instructions of the same board, fed all of it at once and asked for nothing."""
    engine, sensor = selection.select("builtin"), request.workload.input.sensor
    subject = built.subject(request, print)
    image = subject.image
    beginning = next(stream.signals(round(pace.TRIAL_S * stream.played.rate_hz)))
    with listening(engine, request.target, request.workload, image) as board:
        mips = pace.modelled(board.machine, sensor, beginning, request.target, subject.waits).mips
    with listening(engine, request.target, request.workload, image, mips) as board:
        for signal in stream.signals():
            board.machine.play(signal, sensor)
        before, began = board.machine.counters(), time.process_time()
        for minute in range(math.ceil(stream.seconds / 60)):
            board.machine.run(limit=min(60.0, stream.seconds - 60.0 * minute))
            board.machine.take()  # a run may hold so many marks and no more
        return time.process_time() - began, board.machine.counters().instructions - before.instructions


def _trace(stream: Stream, folder: Path) -> Path:
    name, write = (
        (stream_files.WAV, stream_files.write_wav)
        if stream.played.is_sound
        else (stream_files.CSV, stream_files.write_table)
    )
    file = folder / name
    with file.open("wb") as written:
        write(stream.signals(), written)
    return file


def _replayed(request: Request, trace: Path) -> tuple[float, int]:
    """Processor seconds of `lab replay` and all that it starts, and the most memory in KiB that one of them had."""
    named = ("--workload", request.workload.name, "--target", request.target.name, "--engine", "builtin")
    command = [sys.executable, "-m", "lab", "replay", str(trace), *named, "--out", str(trace.with_name("replay"))]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime, used.ru_maxrss


if __name__ == "__main__":
    main()
