"""The release of Renode that the lab is made for."""

from __future__ import annotations

from pathlib import Path

from lab import places

VERSION = (1, 17, 0)


def home() -> Path:
    """Where the lab puts that release: a folder of the user's cache."""
    return places.cache() / "renode" / ".".join(map(str, VERSION))
