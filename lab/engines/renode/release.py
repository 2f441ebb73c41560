"""The release of Renode that the lab is made for, and the folder of its own."""

from __future__ import annotations

from pathlib import Path

from lab import places

VERSION = (1, 17, 0)
NUMBER = ".".join(map(str, VERSION))


def home() -> Path:
    """Where the lab unpacks it: a folder of the user's cache."""
    return places.cache() / "renode" / NUMBER
