"""Pack a recording of a run, or a replay, into one file that shows the same anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab.bundling import bundle, making, replayed
from lab.bundling.bundle import Bundle
from lab.errors import UsageError
from lab.output import note, say
from lab.reporting import run_folder

GROUP = "Look at results"
EXAMPLES = (
    "lab bundle",
    "lab bundle runs/latest --recording yes/1.flac --out bug-42.bundle",
    "lab bundle runs/20261129T162402Z-replay-keyword-spotting-nano33ble --out lost-go.bundle",
)


def command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run, or of a replay.")] = run_folder.LATEST,
    recording: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The recording of a run, as results name it.",
            show_default="the first that differs from the host, or is wrong",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file.", show_default="WORKLOAD-TARGET.bundle")
    ] = None,
) -> int:
    """Pack firmware, model, the samples of a recording or a replay and the device log into one file.

    `lab reproduce` plays it again, anywhere, and says whether the board does the same.
    """
    made = _made(run, recording)
    file = out or Path(f"{made.manifest.workload}-{made.manifest.target}.bundle")
    bundle.write(made, file)
    say(f"{file}: {made.manifest.recording}\nlab reproduce {file}")
    return 0


def _made(folder: Path, recording: str | None) -> Bundle:
    if not (folder / run_folder.REPLAY).is_file():
        return making.of_run(folder, recording, note)
    if recording is not None:
        raise UsageError(f"{folder} is of a replay, which has no recordings.", remedy="Leave --recording out.")
    return replayed.of_replay(folder, note)
