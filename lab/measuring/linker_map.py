"""The map that GNU ld writes beside an image: what lies where, and which library it came from.

PyPI's mapfile-parser was tried: its sizes of merged string literals do not add up to those of the sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab import files

_MOST_BYTES = 256 * files.MEGABYTE
_MEMORY_MAP = "\nLinker script and memory map\n"
_SECTION = re.compile(r"^([^\s*]\S*)(?=\s+0x)", re.MULTILINE)
_INPUT = re.compile(r"^ ([^\s*]\S*)\s+0x([0-9a-f]+) +0x([0-9a-f]+) (.+)$", re.MULTILINE)
_LITERALS = re.compile(r"\.str\d+\.\d+$")
_ARCHIVE = re.compile(r"([^/]+)\([^()]+\)$")
_OBJECT = re.compile(r"CMakeFiles/[^/]+\.dir/(.+)\.(?:obj|o)$")
_NOT_NAMED_AFTER_ITS_FOLDER = {"runtime/model.S": "model"}


@dataclass(frozen=True)
class Input:
    """A part of a section that came from one object; `literals` tells string literals from all else."""

    address: int
    size: int
    library: str
    literals: bool


def read(path: Path | None) -> dict[str, list[Input]]:
    """What each section is made of, in the map's order; nothing if there is no map, or none of GNU ld."""
    if path is None or not path.is_file():
        return {}
    text = files.content(path, _MOST_BYTES).decode("utf-8", "replace")
    names = _SECTION.split(text.partition(_MEMORY_MAP)[2])[1:]
    return {name: list(_inputs(text)) for name, text in zip(names[::2], names[1::2], strict=True)}


def _inputs(text: str) -> Iterator[Input]:
    for name, address, size, file in _INPUT.findall(text):
        if int(size, 16):
            yield Input(int(address, 16), int(size, 16), library_of(file), bool(_LITERALS.search(name)))


def library_of(file: str) -> str:
    """What a reader knows an object by: its archive (`libtflm.a`), or the folder of `firmware/` that it is from."""
    archive = _ARCHIVE.search(file)
    if archive:
        return archive[1]
    ours = _OBJECT.search(file)
    if not ours:
        return file.rpartition("/")[2]
    return _NOT_NAMED_AFTER_ITS_FOLDER.get(ours[1]) or ours[1].rpartition("/")[0] or ours[1]
