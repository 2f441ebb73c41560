"""Where TFLM's sources come from: the crate `tfmicro`, pinned by a committed lock file, or a tree of today.

A tree is upstream's as `lab setup tflm` brings it, or one that the user names.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lab import disk, files, places, processes, store
from lab.building import tools, upstream
from lab.errors import CHECK_NETWORK, ConfigurationError, DownloadError, ToolMissing, UsageError
from lab.store import OnStage, silently

AUTO, CRATE, UPSTREAM = NAMES = ("auto", "crate", "upstream")

_CRATE = "tfmicro"
_PIN = re.compile(
    rf'name = "{_CRATE}"\nversion = "(?P<version>[^"]+)"\nsource = "[^"]+"\nchecksum = "(?P<checksum>[0-9a-f]{{64}})"'
)
_RESTORE = "Restore the file: `git checkout` it, or install the lab again."
_KEPT = ("submodules/tensorflow", "examples/models", "LICENSE-APACHE")
SOURCES = {".c", ".cc", ".cpp", ".h", ".hpp", ".inc", ".S"}
_MARKER = "tensorflow/lite/micro/micro_interpreter.h"


@dataclass(frozen=True)
class Source:
    """A tree of TFLM sources: `root` contains `tensorflow/lite/micro`; `version` is for people.

    `frontend` is the root of the audio frontend's sources, always the pinned crate's: trees of today have none, and
    device and host must share one. `pinned` is a hash of the content where that was verified when it was fetched.
    """

    root: Path
    version: str
    frontend: Path
    is_crate: bool = False
    pinned: str = ""

    @property
    def settings(self) -> dict[str, Path]:
        """What the CMake projects are told of it."""
        return {"LAB_TFLM_ROOT": self.root, "LAB_FRONTEND_ROOT": self.frontend}

    @cached_property
    def key(self) -> str:
        """A hash of the content."""
        _, checksum = _pin()
        if self.is_crate:
            return store.key(checksum)
        files = (path for path in self.root.rglob("*") if path.suffix in SOURCES and path.is_file())
        return store.key(checksum, self.pinned or store.content_of(self.root, files))


def source(tflm_root: Path | None = None, on_stage: OnStage = silently) -> Source:
    """The tree at `tflm_root`, or the pinned crate, fetched into the cache at the first use.

    Raises ConfigurationError if the folder holds no TFLM, ToolMissing without cargo, DownloadError when cargo fails.
    """
    return _given(tflm_root, on_stage) if tflm_root else _pinned(on_stage)


def root(choice: str = AUTO, given: Path | None = None, usual: str = AUTO) -> Path | None:
    """What `source` is to be asked for: the tree `given`, or what `choice`, one of NAMES, stands for.

    `auto` is what the environment's LAB_TFLM says, else what is `usual`, a workload's own, and else upstream where it
    is installed. Raises UsageError for two choices at once or another name, ToolMissing for upstream that is not
    installed.
    """
    if given is not None:
        if choice != AUTO:
            raise UsageError(f"--tflm {choice} and --tflm-root {given} name two TFLMs.", remedy="Leave one out.")
        return given
    name = next((name for name in (choice, os.environ.get("LAB_TFLM", AUTO), usual) if name != AUTO), AUTO)
    if name not in NAMES:
        raise UsageError(f"There is no TFLM {name!r}.", remedy=f"Name one of: {', '.join(NAMES)}.", code="tflm-name")
    tree = None if name == CRATE else upstream.installed()
    if name == UPSTREAM and tree is None:
        raise ToolMissing(
            f"{upstream.VERSION}, today's TFLM, is not installed.", remedy="Type: lab setup tflm", code="tflm-missing"
        )
    return tree


def pinned_version() -> str:
    """The crate's version as the lock file has it. Raises ConfigurationError for a broken lock file."""
    return _pin()[0]


def fetched() -> Path | None:
    """Where the pinned crate is in the cache, or None before the first fetch."""
    folder = places.cache() / "tflm" / _entry_name(*_pin())
    return folder if folder.is_dir() else None


def _given(folder: Path, on_stage: OnStage) -> Source:
    root = folder.expanduser().resolve()
    if not (root / _MARKER).is_file():
        raise ConfigurationError(
            f"{folder} holds no TFLM: there is no {_MARKER} in it.",
            remedy="Name the folder that contains tensorflow/lite/micro, as create_tflm_tree.py writes it.",
            code="tflm-tree",
        )
    frontend = _pinned(on_stage).root
    if root == upstream.installed():
        return Source(root, upstream.VERSION, frontend, pinned=upstream.key())
    return Source(root, f"tree {root.name}", frontend)


def _pinned(on_stage: OnStage) -> Source:
    version, checksum = _pin()

    def make(folder: Path) -> None:
        cargo = tools.require(tools.CARGO)
        on_stage(f"fetching TFLM (crate {_CRATE} {version}), once")
        _fetch(folder, cargo)

    folder = store.entry("tflm", lambda: _entry_name(version, checksum), make)
    root = folder / "submodules" / "tensorflow"
    return Source(root, f"{_CRATE} {version}", frontend=root, is_crate=True)


def _manifest() -> Path:
    return places.project() / "firmware" / "third_party" / _CRATE


def _pin() -> tuple[str, str]:
    """Version and SHA-256 of the crate, from the committed lock file."""
    lock = _manifest() / "Cargo.lock"
    try:
        pin = _PIN.search(files.text(lock))
    except (OSError, UnicodeDecodeError) as error:
        reason = files.why_unread(error)
        raise ConfigurationError(
            f"{lock} cannot be read: {reason}.", remedy=_RESTORE, code="file-unreadable"
        ) from error
    if pin is None:
        raise ConfigurationError(f"{lock} does not pin the crate {_CRATE}.", remedy=_RESTORE, code="lock-file")
    return pin["version"], pin["checksum"]


def _entry_name(version: str, checksum: str) -> str:
    return f"{_CRATE}-{version}-{checksum[:12]}"


def _fetch(folder: Path, cargo: tools.Tool) -> None:
    """Vendor the crate with cargo and keep its C++ sources; the Rust crates it depends on are of no use here."""
    work = folder / "vendoring"
    shutil.copytree(_manifest(), work)
    done = processes.run([cargo.path, "vendor", "--locked", "--quiet", "--versioned-dirs", "crates"], folder=work)
    disk.check_ended(folder, done.status, done.output, elsewhere=disk.FOR_THE_CACHE)
    if done.status != 0:
        raise DownloadError(
            f"cargo could not fetch the crate {_CRATE}, which carries TFLM.",
            remedy=CHECK_NETWORK,
            details=done.output,
            code="tflm-fetch",
        )
    version, checksum = _pin()
    crate = work / "crates" / f"{_CRATE}-{version}"
    _check(crate, checksum)
    for kept in _KEPT:
        (folder / kept).parent.mkdir(parents=True, exist_ok=True)
        (crate / kept).rename(folder / kept)
    shutil.rmtree(work)


def _check(crate: Path, checksum: str) -> None:
    """Cargo verifies what it downloads; a source replacement in the user's cargo configuration might not be."""
    try:
        content = files.parsed_json(files.content(crate / ".cargo-checksum.json", files.MEGABYTE))
    except (OSError, files.NotJson):
        content = None
    recorded = content.get("package") if isinstance(content, dict) else None
    if recorded != checksum:
        raise DownloadError(
            f"cargo brought a {_CRATE} with checksum {recorded}, not {checksum}.",
            remedy="Look for a source replacement in cargo's configuration.",
            code="checksum",
        )
