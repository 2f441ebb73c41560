"""The folder that a run leaves: `runs/<UTC time>-<workload>-<target>/`, or one that the user names.

A run of several workloads or targets has a folder for each of them in it, `<workload>-<target>/`, and on top the files
that show all of them together. Every file is written whole or not at all: into a temporary file beside it that then
takes its name. docs/results.md describes them.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from lab import disk
from lab.errors import UsageError
from lab.measuring.measurement import Measurement
from lab.output import visible
from lab.reporting import result_json, stream_files
from lab.reporting.shown import shown
from lab.verdict.result import Result, Run

RESULT = result_json.NAME
LATEST = Path("runs", "latest")
REPORT, JUNIT, SUMMARY, CLIPS = "report.html", "junit.xml", "summary.md", "clips.csv"
DEVICE_LOG = "device.log"
REPLAY, WATCHED = "replay.json", "watch.csv"
TIMELINE, TRACE_EVENTS, PLAYED = "timeline.html", "timeline.trace.json", "played.flac"
PLAYED_VALUES, ADAPTER = "played.npy", "adapter.toml"
_EVIDENCE = "clips"
_OF_A_RESULT = (RESULT, REPORT, JUNIT, SUMMARY, CLIPS, REPLAY, WATCHED, TIMELINE, TRACE_EVENTS, PLAYED, PLAYED_VALUES)
_OF_ROBOT = ("output.xml", "log.html")
_LOCK = ".lab-run"


def new(name: str, base: Path = LATEST.parent) -> Path:
    """Make a folder below `base` that no other run has: the time and `name`. Raises StorageError."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    with disk.writing(base, elsewhere=disk.FOR_A_RUN):
        base.mkdir(parents=True, exist_ok=True)
        for folder in _free_names(base / f"{stamp}-{name}"):
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    raise AssertionError("names do not run out")


@contextmanager
def chosen(name: str, out: Path | None) -> Iterator[Path]:
    """The folder that the user named, or a new one below `runs/` called so. Raises as `new` and `claimed`."""
    if out is None:
        folder = new(name)
        try:
            yield folder
        finally:
            with suppress(OSError):  # of one that ended before it began there is nothing to keep
                folder.rmdir()
        return
    with claimed(out) as folder:
        yield folder


def point_latest_to(folder: Path) -> None:
    """Point `latest` beside the folder to it, in one step, unless something of that name is not ours."""
    link = folder.with_name(LATEST.name)
    if link.exists() and not link.is_symlink():
        return
    made = folder.with_name(f".{LATEST.name}-{folder.name}")
    with suppress(OSError):  # a convenience, which not every file system offers
        made.symlink_to(folder.name)
        made.replace(link)


def discard(folder: Path) -> None:
    """Remove what a run that did not begin has left, and the folder unless it holds something else."""
    forget(folder)
    for name in (*_OF_ROBOT, _LOCK):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()


@contextmanager
def claimed(folder: Path) -> Iterator[Path]:
    """Use a folder of the user's choice; no second run can have it at the same time.

    What an earlier run left stays until `forget` is called. Raises UsageError if it holds anything but an earlier run,
    or if a run is writing to it, and StorageError.
    """
    with disk.writing(folder, elsewhere=disk.FOR_A_RUN):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not _is_of_a_run(folder):
            raise UsageError(
                f"{folder} is not empty and not a folder of an earlier run; nothing in it was touched.",
                remedy="Name an empty or new folder with --out.",
                code="folder-in-use",
            )
    try:
        with FileLock(folder / _LOCK, timeout=0):
            with disk.writing(folder, elsewhere=disk.FOR_A_RUN):
                disk.remove_drafts(folder)
            yield folder
    except Timeout:
        raise UsageError(
            f"Another run is writing to {folder}.",
            remedy="Wait for it, or name another folder with --out.",
            code="run-in-progress",
        ) from None


def forget(folder: Path) -> None:
    """Remove what an earlier result left, so that nothing shows it if this run leaves none: call it as a run begins.

    Raises StorageError.
    """
    with disk.writing(folder, elsewhere=disk.FOR_A_RUN):
        for name in _OF_A_RESULT:
            (folder / name).unlink(missing_ok=True)


def part(folder: Path, name: str) -> Path:
    """Make the folder of one workload on one target within that of a run. Raises StorageError."""
    own = folder / name
    with disk.writing(own, elsewhere=disk.FOR_A_RUN):
        own.mkdir(exist_ok=True)
        forget(own)
    return own


def part_names(runs: Sequence[Run]) -> list[str]:
    """How the folders of several runs are named: by the variant too where one workload ran on one target in several."""
    pairs = Counter((run.workload, run.target) for run in runs)
    return [
        f"{run.workload}-{run.target}" + (f"-{run.variant}" if pairs[run.workload, run.target] > 1 else "")
        for run in runs
    ]


def parts(runs: Sequence[Run], folder: Path) -> Iterator[tuple[Run, Path]]:
    """Each run with the folder of its files: that of the result, or of several runs one for each within it."""
    if len(runs) == 1:
        yield runs[0], folder
        return
    for run, name in zip(runs, part_names(runs), strict=True):
        yield run, folder / name


def write_result(result: Result, folder: Path) -> None:
    """Write `result.json`. Raises StorageError, and then leaves what was there before."""
    write(folder / RESULT, result_json.dump(result))


def read_result(folder: Path) -> Result:
    """The `result.json` of a folder, or the file itself. Raises UsageError if it is none."""
    return result_json.load(folder)


def write_reports(result: Result, folder: Path) -> None:
    """Write everything that shows a result, next to the evidence that the folder has. Raises StorageError."""
    from lab.reporting import clips_csv, html, junit, markdown, stream_timeline  # noqa: PLC0415 - for this alone

    result = shown(result)
    pages: dict[str, Callable[[], str | bytes]] = {
        JUNIT: lambda: junit.render(result),
        SUMMARY: lambda: markdown.render(result),
        CLIPS: lambda: clips_csv.render(result),
        REPORT: lambda: html.render(result, folder),
    }
    files: list[tuple[Path, Callable[[], str | bytes]]] = [(folder / name, page) for name, page in pages.items()]
    for run, own in parts(result.runs, folder):
        below = "" if own == folder else f"{own.name}/"
        files += ((own / name, page) for name, page in stream_timeline.files(run, own, below))
    disk.each((file, partial(_write_page, file, page)) for file, page in files)


def write_evidence(measurement: Measurement, folder: Path) -> None:
    """Write the device log, the firmware and its map, and the signal of a stream, whatever of it can be written.

    Of an earlier run nothing of it is left. Raises StorageError that names what is missing.
    """
    log = visible("".join(_device_log(measurement)))
    evidence: dict[str, Callable[[], object]] = {DEVICE_LOG: lambda: write(folder / DEVICE_LOG, log)}
    of_stream = stream_files.of(measurement.stream)
    evidence |= {name: partial(_write_by, write_it, folder / name) for name, write_it in of_stream.items()}
    for source in filter(None, (measurement.firmware, measurement.map)):
        evidence[source.name] = partial(disk.copy, source, folder / source.name, elsewhere=disk.FOR_A_RUN)
    if measurement.own_limits is not None:
        adapter = measurement.own_limits.file
        evidence[ADAPTER] = partial(disk.copy, adapter, folder / ADAPTER, elsewhere=disk.FOR_A_RUN)
    for name in (*stream_files.NAMES, *evidence):
        (folder / name).unlink(missing_ok=True)
    disk.each((folder / name, write_it) for name, write_it in evidence.items())


def copy_evidence(source: Path, folder: Path) -> None:
    """Bring signals, features and scores that another folder of the same run keeps. Raises StorageError."""
    if source.resolve() == folder.resolve():
        return
    with disk.writing(folder, elsewhere=disk.FOR_A_RUN):
        shutil.rmtree(folder / _EVIDENCE, ignore_errors=True)
        if (source / _EVIDENCE).is_dir():
            shutil.copytree(source / _EVIDENCE, folder / _EVIDENCE)
        for name in (stream_files.CSV, stream_files.INFERENCES):
            (folder / name).unlink(missing_ok=True)
            if (source / name).is_file():
                shutil.copyfile(source / name, folder / name)


def _write_by(write_it: Callable[[BinaryIO], None], file: Path) -> None:
    with disk.replacing(file, elsewhere=disk.FOR_A_RUN) as stream:
        write_it(stream)


def _write_page(file: Path, page: Callable[[], str | bytes]) -> None:
    write(file, page())


def write(file: Path, content: str | bytes) -> None:
    """Write a file whole or not at all. Raises StorageError."""
    disk.write(file, content, elsewhere=disk.FOR_A_RUN)


def _is_of_a_run(folder: Path) -> bool:
    result = folder / RESULT
    return (folder / _LOCK).exists() or (folder / REPLAY).exists() or result_json.is_one(result)


def _device_log(measurement: Measurement) -> Iterator[str]:
    for clip in measurement.clips:
        yield f"== {clip.clip}: {clip.label}, decided {clip.decided}\n"
        yield from (f"{line}\n" for line in clip.log)
        if clip.difference:
            yield f"-- differs from the host: {clip.difference}\n"
    for part in measurement.stream.parts if measurement.stream else ():
        yield f"== part {part.number}, from {part.start_s:g} s\n"
        yield from (f"{line}\n" for line in part.log)
    for skipped in measurement.skipped:
        yield f"== {skipped.clip}: not played: {skipped.reason}\n"
    if measurement.error:
        yield f"== ended by: {measurement.error.message}\n"
        yield f"{measurement.error.details.rstrip()}\n"
    if measurement.interrupted:
        yield "== interrupted\n"


def _free_names(folder: Path) -> Iterator[Path]:
    yield folder
    number = 2
    while True:
        yield folder.with_name(f"{folder.name}-{number}")
        number += 1
