"""Bringing one file of known size and hash over HTTP, going on where an earlier attempt was cut off."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import requests
import urllib3

from lab import disk
from lab.errors import DownloadError

Progress = Callable[[int, int], None]
"""Called with the bytes that are here and those that there will be."""

_CHUNK = 1 << 16
_TIMEOUT_S = (10.0, 30.0)  # to connect, and between two chunks
_FRUITLESS_ATTEMPTS = 3
_MAY_PASS = (requests.codes.request_timeout, requests.codes.too_many_requests)


@dataclass(frozen=True)
class Asset:
    """A file somewhere: its address, size in bytes and SHA-256."""

    url: str
    size: int
    sha256: str


def fetch(asset: Asset, file: Path, on_progress: Progress, pause_s: float = 1.0) -> None:
    """Bring the asset to `file`; what is there of it beforehand is kept and completed if the server can.

    A broken connection is tried again, after `pause_s` seconds and then twice as long each time, as long as every few
    attempts bring something. Ended half-way, `file` stays for the next time.
    Raises DownloadError if the server fails or sends something else, StorageError for a full disk.
    """
    had_some = _size(file) > 0
    _bring(asset, file, on_progress, pause_s)
    found = _sha256(file)
    if found != asset.sha256 and had_some:  # what was there may have been of another file: once more from its start
        file.unlink()
        _bring(asset, file, on_progress, pause_s)
        found = _sha256(file)
    if found != asset.sha256:
        file.unlink()
        raise DownloadError(
            f"{asset.url} is not what it should be: its SHA-256 is {found}, not {asset.sha256}.",
            remedy="A proxy or a sign-in page may have answered in its place: try another network.",
            code="checksum",
        )


def _bring(asset: Asset, file: Path, on_progress: Progress, pause_s: float) -> None:
    """Repeat until the file has its size, or several attempts in a row brought nothing."""
    fruitless = 0
    while (before := _size(file)) < asset.size:
        reason = _attempt(asset, file, on_progress)
        fruitless = 0 if _size(file) > before else fruitless + 1
        if fruitless == _FRUITLESS_ATTEMPTS:
            raise _failed(asset, reason)
        if _size(file) < asset.size:
            time.sleep(pause_s * 2**fruitless)
    if _size(file) > asset.size:
        file.unlink()
        raise _failed(asset, f"it is larger than the {asset.size:,} bytes that it should have")


def _attempt(asset: Asset, file: Path, on_progress: Progress) -> str:
    """Ask for what is missing and add it to the file; returns why that may not be all."""
    have = _size(file)
    # Without "identity" a server may send the archive compressed once more, and offsets would mean something else.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        with requests.get(asset.url, headers=headers, stream=True, timeout=_TIMEOUT_S) as response:
            answer = f"the server answers {response.status_code} {response.reason}"
            if response.status_code == requests.codes.range_not_satisfiable:
                file.unlink()
                return answer
            if response.status_code in _MAY_PASS or response.status_code >= 500:
                return answer
            if not response.ok:
                raise _failed(asset, answer)
            resumed = response.headers.get("Content-Range", "").startswith(f"bytes {have}-")
            _add(response, asset, file, have if resumed else 0, on_progress)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        return _in_short(error)
    return "the server sends less than it should"


def _add(response: requests.Response, asset: Asset, file: Path, have: int, on_progress: Progress) -> None:
    """Write what comes, from `have` on; stops when it is more than it should be."""
    with disk.writing(file, elsewhere=disk.FOR_THE_CACHE), file.open("r+b" if have else "wb") as output:
        output.seek(have)
        output.truncate()
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            output.write(chunk)
            have += len(chunk)
            on_progress(have, asset.size)
            if have > asset.size:
                return


def _failed(asset: Asset, reason: str) -> DownloadError:
    return DownloadError(
        f"{asset.url} could not be fetched: {reason}.",
        remedy="Check the network and the proxy (HTTP_PROXY, HTTPS_PROXY), then start it again to go on from there.",
        code="download-failed",
    )


def _in_short(error: BaseException) -> str:
    """The system's own words where there are some; the libraries wrap them several times."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return str(error)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
