"""What `zipfile` raises where an archive is damaged, or packed in a way that Python cannot unpack."""

from __future__ import annotations

import lzma
import zipfile
import zlib

DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError)
