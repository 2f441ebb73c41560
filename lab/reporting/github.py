"""What GitHub Actions shows of a result: annotations at the lines that matter, and the summary of the job.

Annotations are workflow commands, lines of the form `::error file=F,line=N,title=T::MESSAGE` that the runner finds on
either output of a step; their escaping is that of the toolkit (actions/toolkit, packages/core/src/command.ts). GitHub
shows ten of each level for a step, so of more the last one tells how many there are. A summary has 1 MiB for a step.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

from lab import places
from lab.errors import LabError, StorageError
from lab.output import one_line, visible
from lab.reporting import wording
from lab.reporting.shown import shown
from lab.verdict.result import Check, Comparison, Error, Result, Run

MOST = 10
"""Annotations of a level that GitHub shows for a step."""
SUMMARY_BYTES = 1 << 20

_PLACE = re.compile(r"(?:(?<=[\s(`'])|^)(?P<file>[^\s:()`']+):(?P<line>\d+)", re.MULTILINE)
_COMPLAINT = re.compile(r"^(?P<file>[^\s:][^:\n]*):(?P<line>\d+)(?::\d+)?: (?:fatal )?error: ", re.MULTILINE)
_CUT = "\n\nThe summary is longer than GitHub shows: see `summary.md` in the folder of the run.\n"


@dataclass(frozen=True)
class _Annotation:
    level: Literal["error", "warning", "notice"]
    title: str
    message: str
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        place = {"file": self.file, "line": str(self.line or "")} if self.file else {}
        properties = {**place, "title": self.title}
        given = ",".join(f"{name}={_property(one_line(value))}" for name, value in properties.items() if value)
        return f"::{self.level} {given}::{_data(visible(self.message))}"


def annotate(result: Result, stream: TextIO) -> None:
    """Write an annotation for each check that failed, what ended a run, regressions let pass, recordings skipped."""
    _write([one for run in shown(result).runs for one in _of_run(run)], stream)


def annotate_error(error: LabError, stream: TextIO) -> None:
    """Write an annotation for an error that kept everything from starting."""
    _write([_of_error(Error.of(error), "lab")], stream)


def annotate_trace(name: str, message: str, file: Path, stream: TextIO) -> None:
    """Write an annotation for a trace that is not as expected, at the file that says what is."""
    _write([_Annotation("error", f"{name}: not as expected", message, _in_repository(str(file)))], stream)


def summarise(markdown: str) -> None:
    """Add to the job's summary, where there is one, as much as GitHub takes. Raises StorageError."""
    name = os.environ.get("GITHUB_STEP_SUMMARY")
    if not name:
        return
    file = Path(name)
    try:
        room = SUMMARY_BYTES - (file.stat().st_size if file.exists() else 0)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(_fitting(markdown, room))
    except OSError as error:
        raise StorageError(
            f"The summary of the job cannot be written to {file}: {error.strerror}.",
            remedy="GITHUB_STEP_SUMMARY must name a file that this step can write to.",
            code="not-writable",
        ) from error


def _of_run(run: Run) -> Iterator[_Annotation]:
    name = wording.name(run)
    if run.error:
        yield _of_error(run.error, name)
    for check in run.failed_checks:
        yield _of_check(check, name)
    if run.baseline:
        yield from _of_comparison(run.baseline, run, name)
    for skipped in run.skipped_recordings:
        yield _Annotation("warning", f"{name}: not played", f"{skipped.clip}: {skipped.reason}")


def _of_check(check: Check, name: str) -> _Annotation:
    what = {"limit": "limit broken", "baseline": "worse than its baseline", "suite": "Robot test failed"}[check.origin]
    title = f"{name}: {what}" if check.origin == "suite" else f"{name}: {check.name}, {what}"
    path, _, line = check.where.rpartition(":")
    if line.isdecimal():
        return _Annotation("error", title, str(check), _in_repository(path), int(line))
    return _Annotation("error", title, str(check), _in_repository(check.where))


def _of_comparison(comparison: Comparison, run: Run, name: str) -> Iterator[_Annotation]:
    """What no check says: that it is worse and let pass, or could not be compared, so that nothing is gated."""
    gated = {check.name for check in run.checks if check.origin == "baseline"}
    for change in comparison.changes:
        if change.standing == "worse" and change.metric not in gated:
            was, now = (wording.number(value, change.metric) for value in (change.before, change.now))
            said = f"{change.metric} is {now}, was {was}; {change.why}. The run was told not to fail for it."
            yield _Annotation("notice", f"{name}: {change.metric} is worse than its baseline", said)
    lost = [one for one in comparison.changes if one.standing == "not comparable" and one.before is not None]
    if lost or not comparison.changes:
        yield _Annotation("warning", f"{name}: not compared with the baseline", wording.standing(comparison))


def _of_error(error: Error, name: str) -> _Annotation:
    """At the source line that the compiler, the fault handler or the reader of a file names."""
    message = "\n".join(filter(None, (error.message, error.remedy)))
    found = (*_COMPLAINT.finditer(error.details), *_PLACE.finditer(error.message))
    for place in found:
        if file := _in_repository(place["file"]):
            return _Annotation("error", f"{name}: {error.code}", message, file, int(place["line"]))
    return _Annotation("error", f"{name}: {error.code}", message)


def _in_repository(file: str) -> str:
    """The file as GitHub names it, from the root of the repository; nothing for one that is not in it."""
    root = Path(os.environ.get("GITHUB_WORKSPACE") or places.project()).resolve()
    for folder in (places.project(), Path.cwd(), places.project() / "firmware"):
        path = (folder / file).resolve()
        if path.is_file() and path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return ""


def _write(annotations: Iterable[_Annotation], stream: TextIO) -> None:
    by_level: dict[str, list[_Annotation]] = {}
    for one in annotations:
        by_level.setdefault(one.level, []).append(one)
    for found in by_level.values():
        shown = found if len(found) <= MOST else found[: MOST - 1]
        if len(found) > len(shown):
            left = len(found) - len(shown)
            shown = [*shown, _Annotation(found[0].level, "and more", f"{left} more are in the summary and the report.")]
        for one in shown:
            stream.write(f"{one}\n")
    stream.flush()


def _fitting(markdown: str, room: int) -> str:
    if len(markdown.encode()) <= room:
        return markdown
    whole, _, _ = markdown.encode()[: max(0, room - len(_CUT.encode()))].rpartition(b"\n")
    return whole.decode() + _CUT if whole else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
