"""The files beside the report, which it links to."""

from __future__ import annotations

from pathlib import Path

from lab.reporting import run_folder, stream_files

_CAPTIONS = {
    "log.html": "Robot log",
    run_folder.JUNIT: "JUnit",
    run_folder.CLIPS: "CSV of recordings",
    run_folder.SUMMARY: "Markdown summary",
    "device.log": "Device log",
    stream_files.WAV: "Sound of the stream",
    stream_files.CSV: "Signal of the stream",
    stream_files.HAPPENED: "What was played",
    stream_files.HEARD: "Detections",
    run_folder.RESULT: "result.json",
}


def links(folder: Path) -> list[tuple[str, str]]:
    """Name and caption of those that are there."""
    return [(name, caption) for name, caption in _CAPTIONS.items() if (folder / name).is_file()]
