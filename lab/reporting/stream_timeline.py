"""The timeline of a run's stream, as a page and for Perfetto."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from lab.reporting import stream_files, wording
from lab.reporting.html import files as run_files
from lab.reporting.html import words
from lab.reporting.run_folder import REPORT, TIMELINE, TRACE_EVENTS
from lab.reporting.timeline import chrome_trace, of_stream, page
from lab.reporting.timeline.page import Head
from lab.verdict.result import Run


def files(run: Run, folder: Path, below: str) -> Iterator[tuple[str, Callable[[], str]]]:
    """Name and content of each; none of a run without a stream. `folder` is that of the run, `below` the report's."""
    stream = run.stream
    if stream is None:
        return
    timeline = cache(lambda: of_stream.timeline(run, stream, folder))
    yield TRACE_EVENTS, lambda: chrome_trace.text(timeline())
    yield TIMELINE, lambda: page.render(timeline(), _head(run, folder, below), folder / stream_files.WAV)


def _head(run: Run, folder: Path, below: str) -> Head:
    up = "../" * below.count("/")
    return Head(
        title=f"Stream: {words.name(run)}",
        verdict=run.verdict,
        line=words.verdict_line(run),
        facts=(wording.heard(run), f"{run.engine} engine", *run.notes),
        links=[(f"{up}{REPORT}", "Report"), *run_files.links(folder, (run,)), (TRACE_EVENTS, "For Perfetto")],
    )
