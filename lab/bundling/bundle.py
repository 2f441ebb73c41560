"""A bundle as a value, and as a ZIP archive of a few members with fixed names.

A bundle is from a stranger until it is checked. Members are read by their names, each up to its own size, and none is
unpacked to a path; the board is one that is installed, of which the bundle only names which; and of the firmware
nothing runs but on the emulated board.
"""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from lab import disk, files, npy, zips
from lab.configuration import read_toml
from lab.elf import Firmware
from lab.errors import UsageError
from lab.image import Image
from lab.images.formats import elf
from lab.measuring.foreign import adapter as adapters
from lab.measuring.foreign.adapter import Adapter
from lab.measuring.request import Brought
from lab.metrics import Mode
from lab.verdict.result import Written
from lab.workload import Workload

_MANIFEST, _WORKLOAD, _MODEL = "manifest.json", "workload.toml", "model.tflite"
_ELF, _FIRMWARE = "firmware.elf", "firmware.image"
"""A bundle has the first, or the second where its firmware is no ELF."""
_SAMPLES, _LOG = "samples.npy", "device.log"
_ADAPTER, _ARRIVED = "adapter.toml", "arrived.json"
_MOST = {
    _MANIFEST: 64 * 1024,
    _WORKLOAD: 256 * 1024,
    _ELF: 64 * files.MEGABYTE,
    _FIRMWARE: 64 * files.MEGABYTE,
    _MODEL: 64 * files.MEGABYTE,
    _SAMPLES: 256 * files.MEGABYTE,  # two hours of sound
    _LOG: 64 * files.MEGABYTE,
    _ADAPTER: 256 * 1024,
    _ARRIVED: 8 * files.MEGABYTE,
}
"""Bytes of each member at most, unpacked."""
_MAY_BE_MISSING = (_ELF, _FIRMWARE, _ADAPTER, _ARRIVED)
_MOST_BYTES = 256 * files.MEGABYTE
_NEVER = (1980, 1, 1, 0, 0, 0)
"""The time of all members: the same content is the same bytes."""

Plain = Annotated[str, Field(pattern=re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"))]
Hash = Annotated[str, Field(pattern=re.compile(r"^[0-9a-f]{64}$"))]
Seconds = Annotated[float, Field(ge=0, le=10_000_000)]


class ExpectedThen(Written):
    """What a replay was expected to report from `start_s` to `end_s` of its trace; with no label no event."""

    label: str | None = Field(max_length=200)
    start_s: Seconds
    end_s: Seconds


class ArrivedThen(Written):
    """Bytes that arrived at the board's UART, so long after the first sample."""

    time_s: Seconds
    hex: Annotated[str, Field(pattern=re.compile(r"^(?:[0-9a-f]{2})+$"), max_length=2 * files.MEGABYTE)]


_ALL_ARRIVED = TypeAdapter(Annotated[tuple[ArrivedThen, ...], Field(max_length=100_000)])


class Manifest(Written):
    """What a bundle is of."""

    schema_: Literal["tinyml-device-lab/bundle/1"] = Field(default="tinyml-device-lab/bundle/1", alias="schema")
    workload: Plain
    target: Plain
    mode: Mode
    """`clip`: one decision for the samples; `stream`: the board goes on and on, as in a replay."""
    mips: int | None = Field(default=None, ge=1, le=10_000)
    """Instructions that the core executed in a microsecond; None as many as the platform description says."""
    recording: str = Field(max_length=1_000)
    """What the samples are of, in words."""
    from_s: Seconds = 0.0
    """Of a replay, the second of its trace at which the samples begin."""
    until: int | None = Field(default=None, ge=0, le=1_000_000_000)
    """Of a replay, the number of the inference with which it ended; None if that was the end of the samples."""
    expected: tuple[ExpectedThen, ...] = Field(default=(), max_length=1_000)
    platform: Hash
    """SHA-256 over the platform's files."""
    engine: Plain
    provenance: dict[str, str]


@dataclass(frozen=True)
class Bundle:
    """`firmware` is a file of any format, an ELF where the lab built it. `samples` are int16 [frames, channels],
    `log` the lines that the device printed while it was played them.

    `arrived` is what its UART received meanwhile, in order of time. `adapter` is the file that reads a firmware which
    the lab did not build, None for one that speaks its protocol.
    """

    manifest: Manifest
    workload: str
    firmware: bytes
    model: bytes
    samples: NDArray[np.int16]
    log: tuple[str, ...]
    adapter: str | None = None
    arrived: tuple[ArrivedThen, ...] = ()

    @contextmanager
    def opened(self) -> Iterator[tuple[Workload, Image, Adapter | None]]:
        """Workload, firmware and adapter, of files in a folder that is gone afterwards.

        Raises ConfigurationError and UsageError for what cannot be one.
        """
        with tempfile.TemporaryDirectory(prefix="lab-bundle-") as name:
            folder = Path(name) / self.manifest.workload
            folder.mkdir()
            (folder / _WORKLOAD).write_text(self.workload, encoding="utf-8")
            file = folder / self.firmware_name
            file.write_bytes(self.firmware)
            workload = read_toml(folder / _WORKLOAD, Workload, name=self.manifest.workload, folder=folder)
            adapter = self._adapter(folder / _ADAPTER, workload)
            yield workload, Brought(file, adapter).image() if adapter else Firmware(file), adapter

    @property
    def firmware_name(self) -> str:
        """The member that it is in."""
        return _ELF if elf.recognises(self.firmware) else _FIRMWARE

    def _adapter(self, file: Path, workload: Workload) -> Adapter | None:
        if self.adapter is None:
            return None
        file.write_text(self.adapter, encoding="utf-8")
        return adapters.load(file, workload)


def write(bundle: Bundle, file: Path) -> None:
    """Write it whole or not at all; the same bundle is the same bytes. Raises StorageError."""
    samples = io.BytesIO()
    np.save(samples, bundle.samples)
    members = {
        _MANIFEST: bundle.manifest.model_dump_json(indent=2, by_alias=True).encode(),
        _WORKLOAD: bundle.workload.encode(),
        bundle.firmware_name: bundle.firmware,
        _MODEL: bundle.model,
        _SAMPLES: samples.getvalue(),
        _LOG: "".join(f"{line}\n" for line in bundle.log).encode(),
        **({} if bundle.adapter is None else {_ADAPTER: bundle.adapter.encode()}),
        **({_ARRIVED: _ALL_ARRIVED.dump_json(bundle.arrived, indent=1)} if bundle.arrived else {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _NEVER), content, zipfile.ZIP_DEFLATED)
    disk.write(file, packed.getvalue(), elsewhere="name another file with --out")


def read(file: Path) -> Bundle:
    """The bundle in a file. Raises UsageError, with what is wrong with it."""
    try:
        packed = io.BytesIO(files.content(file, _MOST_BYTES))
        with zipfile.ZipFile(packed) as archive:
            found = {name: _member(file, archive, name) for name in _MOST}
        members = {name: content for name, content in found.items() if content is not None}
        return _checked(file, members)
    except OSError as error:
        raise _broken(file, f"cannot be read: {error.strerror or error}") from error
    except (*zips.DAMAGED, ValueError) as error:
        raise _broken(file, f"is no whole archive ({error})") from error


def _member(file: Path, archive: zipfile.ZipFile, name: str) -> bytes | None:
    found = [member for member in archive.infolist() if member.filename == name]
    if not found and name in _MAY_BE_MISSING:
        return None
    if len(found) != 1:
        raise _broken(file, f"has {len(found)} members named {name}, where there has to be one")
    with archive.open(found[0]) as stream:  # what the directory says of its size is the stranger's word
        content = stream.read(_MOST[name] + 1)
    if len(content) > _MOST[name]:
        raise _broken(file, f"has a {name} of more than {_MOST[name]:,} bytes")
    return content


def _checked(file: Path, members: dict[str, bytes]) -> Bundle:
    with _named(file, _MANIFEST):
        manifest = Manifest.model_validate_json(members[_MANIFEST])
    with _named(file, _ARRIVED):
        arrived = _ALL_ARRIVED.validate_json(members.get(_ARRIVED, b"[]"))
    try:
        samples = npy.parsed(members[_SAMPLES], lambda dtype, shape: dtype == np.int16 and len(shape) == 2)
    except ValueError as error:
        raise _broken(file, f"has {_SAMPLES} that are no int16 [frames, channels]: {error}") from error
    try:
        workload, log = members[_WORKLOAD].decode(), members[_LOG].decode()
        adapter = members[_ADAPTER].decode() if _ADAPTER in members else None
    except UnicodeDecodeError as error:
        raise _broken(file, "has text that is not UTF-8") from error
    lines = tuple(log.removesuffix("\n").split("\n")) if log else ()
    in_order = tuple(sorted(arrived, key=lambda one: one.time_s))
    firmware = [members[name] for name in (_ELF, _FIRMWARE) if name in members]
    if len(firmware) != 1:
        raise _broken(file, f"has {len(firmware)} members that hold a firmware, where there has to be one")
    what_was_tested = firmware[0], members[_MODEL]
    return Bundle(manifest, workload, *what_was_tested, samples.astype(np.int16), lines, adapter, in_order)


@contextmanager
def _named(file: Path, member: str) -> Iterator[None]:
    """Raises UsageError for a member that is not what it has to be."""
    try:
        yield
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"])) or "it"
        raise _broken(file, f"has a {member} that is none: {where}: {problem['msg']}") from error


def _broken(file: Path, what: str) -> UsageError:
    return UsageError(
        f"{file} is no bundle: it {what}.",
        remedy="`lab bundle` writes bundles; ask whoever sent this one for it again.",
        code="bundle-broken",
    )
