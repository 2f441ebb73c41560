"""Files on the web that suites of Renode name: `https://host/folder/firmware.elf-s_1234-<SHA-1>`.

Such a name has the size and the SHA-1 of what it stands for, so a copy in the cache is good for ever, and one that
comes from elsewhere is found out. Nothing else is downloaded.
"""

from __future__ import annotations

import re
from pathlib import Path

from lab import disk, download, places
from lab.errors import ConfigurationError

_NAME = re.compile(r"https?://\S+/(\w[\w.+-]{0,199})-s_(\d{1,10})-([0-9a-f]{40})", re.ASCII)
_LARGEST = 1 << 28


def bring(url: str) -> Path:
    """The file. Raises ConfigurationError for a name that says neither size nor SHA-1, DownloadError, StorageError."""
    found = _NAME.fullmatch(url)
    if found is None or int(found[2]) > _LARGEST:
        raise ConfigurationError(
            f"{url} would have to be downloaded, but its name does not end with its size and SHA-1.",
            remedy="Download it, and name the file.",
            code="file-on-the-web",
        )
    name, size, digest = found[1], int(found[2]), found[3]
    file = places.cache() / "renode-files" / digest / name
    if not file.is_file():
        part = file.with_name(f"{name}.part")
        with download.alone(part, lambda: None):
            if not file.is_file():
                download.fetch(download.Asset(url, "", size, sha1=digest), part, lambda _have, _all: None)
                with disk.writing(file, elsewhere=disk.FOR_THE_CACHE):
                    part.replace(file)
    return file
