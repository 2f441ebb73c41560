"""Write the adapter of a firmware that the lab did not build, from what it prints."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Annotated

import typer

from lab import disk, executing, workload
from lab.booting import adopting, drafting, fitting
from lab.cli._image import Address, ImageFile, image, number
from lab.cli._options import WorkloadBoard, WorkloadOption
from lab.engines.builtin import BuiltinEngine
from lab.errors import ConfigurationError, UsageError
from lab.image import Image
from lab.measuring import Request, chosen
from lab.output import note, one_line, say
from lab.recordings import reading

GROUP = "Test firmware"
EXAMPLES = (
    "lab adopt firmware.elf --workload keyword-spotting",
    "lab adopt firmware.elf --workload keyword-spotting --recordings my-recordings --out heard.toml",
)
_OF_EACH = 3
_LONG_S = 90.0


def command(
    file: ImageFile,
    name: WorkloadOption,
    board: WorkloadBoard = None,
    address: Address = None,
    recordings: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A folder of recordings.", show_default="those that ship"),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Worker processes.", show_default="one per core")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The adapter to write.", show_default="FILE with .toml")
    ] = None,
) -> int:
    """Boot a firmware, play it a few recordings of each label, and write how the lab reads what it prints.

    The adapter is a beginning: look it over, then give it to `lab run`. A file that exists is not written over.
    Of a firmware that fits no board it writes the description of one to begin with, as `lab boot --draft` does.
    Exit code 1 if the firmware printed no line with a label.
    """
    wanted = workload.load(name)
    firmware = image(file, address)
    adapter = out or Path(f"{file.stem}.toml")
    if adapter.exists():
        raise UsageError(f"{adapter} is there already.", remedy="Name another file with --out.", code="file-exists")
    try:
        target = fitting.board(firmware, board)
    except ConfigurationError as error:
        if error.code != "no-board-fits":
            raise
        raise _drafted(firmware, adapter.with_suffix(".repl"), error) from error
    request = Request(wanted, target, recordings=recordings)
    found = chosen.recordings(request, note)
    entries = [one for label in wanted.labels for one in [e for e in found.entries if e.label == label][:_OF_EACH]]
    note(f"playing {len(entries)} recordings to {file.name} on {target.name}, {_OF_EACH} of each label at most")
    played = [
        adopting.LabelledRecording(index, entry.label, reading.load(entry, wanted.input))
        for index, entry in enumerate(entries)
    ]
    at = number(address)
    with executing.processes(jobs or executing.suitable(BuiltinEngine())) as executor:
        seen = adopting.listen(
            file, target, wanted, played, executor, address=at, on_heard=_telling([one.name for one in entries])
        )
    text = adopting.adapter(seen, wanted, firmware, at)
    with disk.replacing(adapter, elsewhere="name another file with --out") as stream:
        stream.write(text.encode())
    say(text.rstrip("\n"))
    note(f"wrote {adapter}: lab run {wanted.name} --target {target.name} --firmware {file} --adapter {adapter}")
    return 0


def _drafted(firmware: Image, file: Path, error: ConfigurationError) -> ConfigurationError:
    """The same error after a description of a board was written, or found."""
    if file.exists():
        what = f"{file} is there already, a description of its board"
    else:
        found = drafting.write(firmware, file, "--out")
        what = f"{file} was written: its core, its memories and {found.blocks} blocks of registers that it goes to"
    return ConfigurationError(
        f"{error.message} {what}.",
        remedy=f"Replace its tags by devices until `lab boot {firmware.path} --repl {file}` shows what it prints, and "
        "make it a target with its sensor: docs/adding-a-target.md.",
        code="no-board-fits",
    )


def _telling(names: Sequence[str]) -> Callable[[adopting.LabelledRecording], None]:
    """Says what was played, and how long the rest takes: a firmware that polls may take minutes."""
    began, done = time.monotonic(), count(1)

    def tell(played: adopting.LabelledRecording) -> None:
        so_far = next(done)
        left_s = (time.monotonic() - began) / so_far * (len(names) - so_far)
        to_go = f", about {left_s / 60:.0f} minutes to go" if left_s > _LONG_S else ""
        note(f"{so_far} of {len(names)}: {one_line(names[played.number])}{to_go}")

    return tell
