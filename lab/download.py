"""Bringing one file of known hash over HTTP, going on where an earlier attempt was cut off."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import urllib3
from filelock import FileLock, Timeout

from lab import disk, files
from lab.errors import DownloadError

Progress = Callable[[int, int | None], None]
"""Called with the bytes that are here and those that there will be, where the server says so."""

_CHUNK = 1 << 16
_LARGEST = 2**33  # bytes of a file that is hashed
_TIMEOUT_S = (10.0, 30.0)  # to connect, and between two chunks
_FRUITLESS_ATTEMPTS = 3
_HASHES = {"sha256": "SHA-256", "sha1": "SHA-1"}
_MAY_PASS = (requests.codes.request_timeout, requests.codes.too_many_requests)


@dataclass(frozen=True)
class Asset:
    """A file somewhere: its address, SHA-256, and size in bytes where that is known beforehand.

    Of what others publish only the `sha1` may be known.
    """

    url: str
    sha256: str
    size: int | None = None
    sha1: str = ""

    @property
    def hash(self) -> tuple[str, str]:
        """The name of the hash in `hashlib`, and its digits."""
        return ("sha1", self.sha1) if self.sha1 else ("sha256", self.sha256)

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.url.rpartition("/")[2]


def fetch(asset: Asset, file: Path, on_progress: Progress, pause_s: float = 1.0) -> None:
    """Bring the asset to `file`; what is there of it beforehand is kept and completed if the server can.

    A broken connection is tried again, after `pause_s` seconds and then twice as long each time, as long as every few
    attempts bring something. Ended half-way, `file` stays for the next time.
    Raises DownloadError if the server fails or sends something else, StorageError for a full disk.
    """
    had_some = _size(file) > 0
    algorithm, digits = asset.hash
    _bring(asset, file, on_progress, pause_s)
    found = _digest(file, algorithm)
    if found != digits and had_some:  # what was there may have been of another file: once more from its start
        file.unlink()
        _bring(asset, file, on_progress, pause_s)
        found = _digest(file, algorithm)
    if found != digits:
        file.unlink()
        raise DownloadError(
            f"{asset.url} is not what it should be: its {_HASHES[algorithm]} is {found}, not {digits}.",
            remedy="A proxy or a sign-in page may have answered in its place: try another network.",
            code="checksum",
        )


def _bring(asset: Asset, file: Path, on_progress: Progress, pause_s: float) -> None:
    """Repeat until the file is whole, or several attempts in a row brought nothing."""
    fruitless = 0
    while not _is_whole(asset, file):
        before = _size(file)
        reason = _attempt(asset, file, on_progress)
        if reason is None:
            break
        fruitless = 0 if _size(file) > before else fruitless + 1
        if fruitless == _FRUITLESS_ATTEMPTS:
            raise _failed(asset, reason)
        time.sleep(pause_s * 2**fruitless)
    if asset.size is not None and _size(file) > asset.size:
        file.unlink()
        raise _failed(asset, f"it is larger than the {asset.size:,} bytes that it should have")


def _is_whole(asset: Asset, file: Path) -> bool:
    """Whether nothing needs to be asked for."""
    if asset.size is not None:
        return _size(file) >= asset.size
    return file.exists() and _digest(file, asset.hash[0]) == asset.hash[1]


def _attempt(asset: Asset, file: Path, on_progress: Progress) -> str | None:
    """Ask for what is missing and add it to the file; returns why that is not all, or None if it is."""
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
            return _add(response, asset, file, have if resumed else 0, on_progress)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        return _in_short(error)


def _add(response: requests.Response, asset: Asset, file: Path, have: int, on_progress: Progress) -> str | None:
    """Write what comes, from `have` on; stops when it is more than it should be. Returns as `_attempt`."""
    announced = response.headers.get("Content-Length", "")
    size = asset.size or (have + int(announced) if announced.isdecimal() else None)
    with disk.writing(file, elsewhere=disk.FOR_THE_CACHE), file.open("r+b" if have else "wb") as output:
        output.seek(have)
        output.truncate()
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            output.write(chunk)
            have += len(chunk)
            on_progress(have, size)
            if asset.size is not None and have > asset.size:
                return None
    return "the server sends less than it should" if size is not None and have < size else None


@contextmanager
def alone(file: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Keep other processes from bringing the same file meanwhile; its folder is made.

    If another one is at it, `on_wait` is called once and that one is waited for. Raises StorageError.
    """
    with disk.writing(file, elsewhere=disk.FOR_THE_CACHE):
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file.with_name(f"{file.name}.lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            on_wait()
            lock.acquire()
    try:
        yield
    finally:
        lock.release()


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


def sha256(file: Path) -> str:
    """The file's SHA-256, in hexadecimal digits. Raises OSError as `files.opened` does."""
    return _digest(file, "sha256")


def _digest(file: Path, algorithm: str) -> str:
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with files.opened(file, _LARGEST) as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
