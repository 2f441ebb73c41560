"""What a replay leaves: its result, its timeline, the device log with times, the firmware."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from lab import disk
from lab.measuring.terminal import Terminal
from lab.output import visible
from lab.replaying.booting import Booted
from lab.replaying.evidence import Evidence
from lab.replaying.replay import OnBooted, OnInference, Replayed
from lab.replaying.result import ReplayResult
from lab.replaying.wanted import Prepared
from lab.reporting import replay_words
from lab.reporting.run_folder import (
    ADAPTER,
    DEVICE_LOG,
    PLAYED,
    PLAYED_VALUES,
    REPLAY,
    TIMELINE,
    TRACE_EVENTS,
    WATCHED,
    forget,
    write,
)
from lab.reporting.shown import shown
from lab.reporting.timeline import chrome_trace, page
from lab.reporting.timeline.lanes import Timeline
from lab.reporting.timeline.page import Head
from lab.reporting.timeline.played import PlayedSignal, keeping
from lab.store import OnStage

_CAPTIONS = {
    REPLAY: "replay.json",
    DEVICE_LOG: "Device log",
    WATCHED: "Variables",
    PLAYED: "Sound",
    PLAYED_VALUES: "Signal",
    TRACE_EVENTS: "For Perfetto",
}
"""Of what the timeline links to."""


def replay_into(
    folder: Path,
    prepared: Prepared,
    on_inference: OnInference,
    on_stage: OnStage,
    evidence: Evidence | None = None,
    terminal: Terminal | None = None,
    debug: OnBooted | None = None,
) -> tuple[ReplayResult, Replayed, PlayedSignal]:
    """Replay, and keep in the folder what the sensor delivers; what an earlier replay left there goes as it begins.

    Raises as `Prepared.run` does, and StorageError.
    """

    def begins(_board: Booted) -> None:
        forget(folder)

    with keeping(prepared, folder) as played:
        result, replayed = prepared.run(on_inference, on_stage, played.add, evidence, terminal, begins, debug)
    return result, replayed, played


def write_replay(result: ReplayResult, replayed: Replayed, timeline: Timeline, folder: Path) -> None:
    """Write all of it into the folder, whatever of it can be written. Raises StorageError that names what cannot."""
    log = visible("".join(f"{line.time_s:12.6f}  {line.text}\n" for line in replayed.outcome.log))
    files: dict[str, Callable[[], object]] = {
        REPLAY: lambda: write(folder / REPLAY, result.to_json()),
        DEVICE_LOG: lambda: write(folder / DEVICE_LOG, log),
        TRACE_EVENTS: lambda: write(folder / TRACE_EVENTS, chrome_trace.text(timeline)),
    }
    if result.watched:
        files[WATCHED] = lambda: write(folder / WATCHED, _watched(result))
    for source in filter(None, (replayed.subject.image.path, replayed.subject.map)):
        files[source.name] = partial(disk.copy, source, folder / source.name, elsewhere=disk.FOR_A_RUN)
    if replayed.subject.own_limits is not None:
        adapter = replayed.subject.own_limits.file
        files[ADAPTER] = partial(disk.copy, adapter, folder / ADAPTER, elsewhere=disk.FOR_A_RUN)
    files[TIMELINE] = lambda: write(
        folder / TIMELINE, page.render(timeline, _head(shown(result), folder), folder / PLAYED)
    )
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


def _head(result: ReplayResult, folder: Path) -> Head:
    error = result.error
    return Head(
        title=f"{result.trace}: {result.workload} on {result.target}",
        verdict=result.verdict,
        line=error.message if error else _line(result),
        facts=tuple(_facts(result)),
        links=[(name, caption) for name, caption in _CAPTIONS.items() if (folder / name).is_file()],
        remedy=error.remedy if error else "",
        bundle="lab bundle ." if result.verdict == "failed" else "",
    )


def _line(result: ReplayResult) -> str:
    if result.verdict == "interrupted":
        return "Interrupted"
    met = sum(one.passed for one in result.expectations)
    parts = [f"{met} of {len(result.expectations)} expectations met"] if result.expectations else []
    if result.comparison:
        parts.append(replay_words.comparison(result.comparison))
    return "; ".join(parts) or "Nothing was expected"


def _facts(result: ReplayResult) -> Iterator[str]:
    yield f"{result.from_s:.10g} to {result.to_s:.10g} s"
    yield replay_words.counted(result.inferences)
    yield f"{result.engine} engine"
    if result.pace is not None:
        yield f"{result.pace.clock_mhz:g} MHz at {result.pace.cycles_per_instruction:.2f} cycles an instruction"
    if result.fingerprint is not None:
        yield f"fingerprint {result.fingerprint[:12]}"
    yield from result.notes
