"""The files beside the report, which it links to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lab.reporting import run_folder, stream_files
from lab.verdict.result import Run

_CAPTIONS = {
    "log.html": "Robot log",
    run_folder.JUNIT: "JUnit",
    run_folder.CLIPS: "CSV of recordings",
    run_folder.SUMMARY: "Markdown summary",
    "device.log": "Device log",
    stream_files.WAV: "Sound of the stream",
    stream_files.CSV: "Signal of the stream",
    stream_files.HAPPENED: "What was played",
    stream_files.HEARD: "What the device said",
    run_folder.RESULT: "result.json",
}


def links(folder: Path, runs: Sequence[Run]) -> list[tuple[str, str]]:
    """Name and caption of those that are there and have something of the runs in them."""
    empty = () if any(run.clips for run in runs) else (run_folder.CLIPS,)
    return [(name, said) for name, said in _CAPTIONS.items() if name not in empty and (folder / name).is_file()]
