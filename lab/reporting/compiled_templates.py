"""Templates as compiled once, in the user's cache: to compile those of a page takes as long as several recordings."""

from __future__ import annotations

from contextlib import suppress

import jinja2
from jinja2.bccache import Bucket

from lab import places
from lab.errors import StorageError


class _Kept(jinja2.FileSystemBytecodeCache):
    def dump_bytecode(self, bucket: Bucket) -> None:
        """Where there is no room for it, it is compiled again the next time."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def kept() -> jinja2.BytecodeCache | None:
    """What a jinja2 environment takes as `bytecode_cache`; None where there is no cache folder."""
    try:
        folder = places.cache() / "pages"
        folder.mkdir(exist_ok=True)
    except (StorageError, OSError):
        return None
    return _Kept(str(folder))
