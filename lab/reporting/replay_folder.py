"""What a replay leaves: its result, the device log with times, the firmware."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from lab import disk
from lab.output import visible
from lab.replaying.replay import Replayed
from lab.replaying.result import ReplayResult
from lab.reporting.run_folder import DEVICE_LOG, REPLAY, WATCHED, write


def write_replay(result: ReplayResult, replayed: Replayed, folder: Path) -> None:
    """Write all of it into the folder, whatever of it can be written. Raises StorageError that names what cannot."""
    log = visible("".join(f"{line.time_s:12.6f}  {line.text}\n" for line in replayed.outcome.log))
    files: dict[str, Callable[[], object]] = {
        REPLAY: lambda: write(folder / REPLAY, result.to_json()),
        DEVICE_LOG: lambda: write(folder / DEVICE_LOG, log),
    }
    if result.watched:
        files[WATCHED] = lambda: write(folder / WATCHED, _watched(result))
    for source in filter(None, (replayed.subject.image.path, replayed.subject.map)):
        files[source.name] = partial(disk.copy, source, folder / source.name, elsewhere=disk.FOR_A_RUN)
    disk.each((folder / name, write_it) for name, write_it in files.items())


def _watched(result: ReplayResult) -> str:
    """A line for each inference: when it ended, and the variables; of an array or a structure its JSON."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["time (s)", "inference", *result.watched])
    for one in result.inferences:
        values = (json.dumps(value) if isinstance(value, list | dict) else value for value in one.watched)
        writer.writerow([f"{one.end_s:.6f}", one.number, *values])
    return table.getvalue()
