"""What several actions of `lab trace` are given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from lab import traces
from lab.output import note, say
from lab.signals.dataset import Dataset
from lab.traces import Trace, writing

UNSAID = "What the file does not say"
WRITTEN = "What is written"

TraceFile = Annotated[Path, typer.Argument(metavar="FILE", help="A trace, its format by its ending.")]
OutFile = Annotated[Path, typer.Argument(metavar="OUT", help="The file to write, its format by its ending.")]


class Encoding(str, Enum):
    """As what a value is stored, little-endian."""

    INT8 = "int8"
    INT16 = "int16"
    INT24 = "int24"
    INT32 = "int32"
    FLOAT32 = "float32"
    FLOAT64 = "float64"


@dataclass(frozen=True)
class Unsaid:
    """In the place of what a file and dataset.toml say of it, or do not."""

    labels: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Labels as Audacity writes them.",
            show_default="those beside the trace",
            rich_help_panel=UNSAID,
        ),
    ] = None
    rate: Annotated[
        float | None,
        typer.Option(
            metavar="HZ", min=1e-3, max=1e7, help="Frames a second.", show_default="as it says", rich_help_panel=UNSAID
        ),
    ] = None
    encoding: Annotated[
        Encoding | None,
        typer.Option(
            help="As what raw samples are stored.", show_default="as dataset.toml says", rich_help_panel=UNSAID
        ),
    ] = None
    channels: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, max=1_000, help="Of raw samples.", show_default="1", rich_help_panel=UNSAID),
    ] = None

    def read(self, path: Path) -> Trace:
        """The trace of a file; what reading it changed is said. Raises RecordingError and ConfigurationError."""
        given = {"rate_hz": self.rate, "encoding": self.encoding, "channels": self.channels}
        said = {name: value.value if isinstance(value, Enum) else value for name, value in given.items() if value}
        described = Dataset.model_validate({**traces.described_by(path).model_dump(exclude_unset=True), **said})
        found = traces.read(path, described, self.labels)
        for one in found.notes:
            note(f"{path.name}: {one}")
        return found


@dataclass(frozen=True)
class Written:
    """How a trace is written."""

    lossy: Annotated[
        bool,
        typer.Option("--lossy", help="Lose what the format has no room for, and say what.", rich_help_panel=WRITTEN),
    ] = False
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.", rich_help_panel=WRITTEN)] = (
        False
    )

    def write(self, trace: Trace, path: Path) -> None:
        """Write it and say where. Raises UsageError, RecordingError and StorageError."""
        for lost in writing.write(trace, path, lossy=self.lossy, force=self.force):
            note(f"{path.name} lost {lost}")
        say(path)
