"""The formats that charts are drawn in, told by the ending of the file's name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lab import disk
from lab.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ENDINGS = (".png", ".svg", ".pdf")


def check(file: Path) -> None:
    """Raises UsageError unless a chart can be drawn into a file of that name."""
    if file.suffix.lower() not in _ENDINGS:
        raise UsageError(
            f"A chart cannot be drawn into {file}: its name does not end in {', '.join(_ENDINGS)}.",
            remedy="Give a name such as changes.png.",
        )


def check_place(file: Path) -> None:
    """As `check` does, for a chart at the end of hours; raises StorageError too, unless the file can be there."""
    check(file)
    disk.check_writable(file, elsewhere="name another file")


def kind(file: Path) -> str:
    """What Matplotlib calls the format of a file whose name `check` took."""
    return file.suffix.removeprefix(".").lower()


def save(figure: Figure, file: Path, *, elsewhere: str, dpi: int = 150) -> None:
    """Draw a figure into a file whose name `check` took. Raises StorageError.

    Without dates and random names in it, the same figure gives the same file.
    """
    from matplotlib import rc_context  # noqa: PLC0415 - takes a while

    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(file.suffix.lower())
    with (
        rc_context({"svg.hashsalt": "lab", "svg.fonttype": "none"}),
        disk.replacing(file, elsewhere=elsewhere) as stream,
    ):
        figure.savefig(stream, format=kind(file), dpi=dpi, metadata=metadata)
