"""How fast the engines run keyword spotting, and where a recording's time goes on the built-in one."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from lab import building, target, workload
from lab.engines import selection
from lab.engines.renode import installation
from lab.engines.renode.engine import RenodeEngine
from lab.engines.renode.installation import Installation
from lab.measuring.host import Host
from lab.measuring.parameters import Parameters
from lab.measuring.playback import Board
from lab.model import Model
from lab.recordings import sounds

Clip = NDArray[np.int16]


def main() -> None:
    """Play recordings one after the other and print what was counted a second."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--clips", type=int, default=24, help="recordings to play (default 24)")
    parser.add_argument("--target", default="nano33ble", help="board (default nano33ble)")
    options = parser.parse_args()
    work, board_type = workload.load("keyword-spotting"), target.load(options.target)
    model = Model.read(work.model_path)
    build = building.build(work, board_type, model)
    entries = list(sounds.read(work.folder / work.recordings.folder, work.labels))
    entries = entries[:: max(1, len(entries) // options.clips)][: options.clips]
    clips = [sounds.load(entry.path, work.input.rate_hz, work.input.frames).samples for entry in entries]
    host = Host(work, model)
    parameters = Parameters("clip", work.input.frames)
    with Board(selection.select("builtin"), board_type, work, build.firmware, parameters) as board:
        board.listen(clips[0])  # the first recording pays for the translation of the firmware's code
        whole = statistics.median(_seconds(board.listen, clip, time.process_time) for clip in clips)
        restoring = statistics.median(_seconds(board.restart, clip, time.process_time) for clip in clips)
        mips = statistics.median(_inference_mips(board, clip) for clip in clips)
    on_host = statistics.median(_seconds(host.expect, clip, time.process_time) for clip in clips)
    title = f"built-in engine, {board_type.name}, {len(clips)} recordings, processor time of one core"
    table = Table("what", "value", title=title, title_justify="left")
    table.add_row("counted instructions a second, on the inference", f"{mips:.0f} million")
    table.add_row("recordings a second: play, features, inference", f"{1 / whole:.1f}")
    table.add_row("ratio to real time", f"{work.input.window_s / whole:.1f}")
    table.add_row("of it: back to the snapshot after boot", f"{restoring * 1e3:.2f} ms")
    table.add_row("host reference, beside it", f"{on_host * 1e3:.1f} ms")
    Console().print(table)
    found = installation.look()
    if found is None:
        Console().print("No Renode is installed to compare with: `lab setup renode`, or RENODE_PATH.")
        return
    engines = (selection.select("builtin"), RenodeEngine(found))
    Console().print(
        _compared([Board(engine, board_type, work, build.firmware, parameters) for engine in engines], clips, found)
    )


def _compared(boards: Sequence[Board], clips: Sequence[Clip], renode: Installation) -> Table:
    """The built-in engine and Renode on each recording in turn, so that whatever else the machine does hits both."""
    with boards[0], boards[1]:
        for board in boards:
            board.listen(clips[0])
        took = [[_seconds(board.listen, clip) for board in boards] for clip in clips]
    builtin, real = (statistics.median(of_one) for of_one in zip(*took, strict=True))
    ratio = statistics.median(beside / alone for alone, beside in took)
    title = f"engines, one process each, {len(clips)} recordings in turn"
    table = Table("recordings a second", "value", title=title, title_justify="left")
    table.add_row("built-in engine", f"{1 / builtin:.1f}")
    table.add_row(f"Renode {renode.version}, reset and boot included", f"{1 / real:.1f}")
    table.add_row("the built-in engine is faster by", f"{ratio:.1f}")
    return table


def _seconds(action: Callable[[Clip], object], clip: Clip, clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    action(clip)
    return clock() - began


def _inference_mips(board: Board, clip: Clip) -> float:
    """Millions of counted instructions a second of the host's core in the middle half of the inference.

    Virtual time is deterministic, so a first play tells when the inference runs and a second one is stopped there.
    """
    board.listen(clip)
    begins, ends = (mark.counters.time_ns for mark in board.machine.marks()[-2:])
    quarter = (ends - begins) / 4e9
    machine = board.machine
    board.restart(clip)
    machine.run(limit=(begins - machine.counters().time_ns) / 1e9 + quarter)
    before = machine.counters().instructions
    began = time.process_time()
    machine.run(limit=2 * quarter)
    return (machine.counters().instructions - before) / (time.process_time() - began) / 1e6


if __name__ == "__main__":
    main()
