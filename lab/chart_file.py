"""The formats that charts are drawn in, told by the ending of the file's name."""

from __future__ import annotations

from pathlib import Path

from lab.errors import UsageError

_ENDINGS = (".png", ".svg", ".pdf")


def check(file: Path) -> None:
    """Raises UsageError unless a chart can be drawn into a file of that name."""
    if file.suffix.lower() not in _ENDINGS:
        raise UsageError(
            f"A chart cannot be drawn into {file}: its name does not end in {', '.join(_ENDINGS)}.",
            remedy="Give a name such as changes.png.",
        )


def kind(file: Path) -> str:
    """What Matplotlib calls the format of a file whose name `check` took."""
    return file.suffix.removeprefix(".").lower()
