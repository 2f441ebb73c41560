"""A firmware image as an argument, with the address that a plain memory image needs."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from lab.cli._options import FIRMWARE
from lab.errors import UsageError
from lab.image import Image
from lab.images import read

ImageFile = Annotated[Path, typer.Argument(metavar="FILE", help="ELF, Intel HEX, UF2, S-records, Espressif's or BIN.")]
Address = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="Where a BIN belongs, such as 0x10000.", rich_help_panel=FIRMWARE)
]


def image(file: Path, address: str | None) -> Image:
    """The image in that file. Raises UsageError for an address that is none, and as `read` does."""
    return read(file, number(address))


def number(address: str | None) -> int | None:
    """The address as a number; None for none. Raises UsageError."""
    if address is None:
        return None
    with suppress(ValueError):
        if (found := int(address, 0)) >= 0:
            return found
    raise UsageError(f"{address!r} is no address.", remedy="Write it like 0x10000, or in decimal.")
