"""Finding the Renode that this machine has."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lab.engines.renode import release, renode_run, version
from lab.errors import ToolMissing, UsageError

OLDEST = (1, 16, 1)
SETUP = "`lab setup renode` installs one for the lab alone; RENODE_PATH or --renode names one that you have."

_PACKAGE = Path("/opt/renode")
"""Where Debian's package has what its program in PATH starts."""

_RACE = f"may start over and over instead of booting an nRF52840 (renode#954); {release.NUMBER} does not"
_UNTRIED = f"is newer than the {release.NUMBER} that this lab was made with; nobody has tried them together"


@dataclass(frozen=True)
class Installation:
    """A Renode that the lab can drive; `origin` says in words how it was found."""

    path: Path
    version: str
    origin: str
    build: str = ""
    """What it calls its build, such as `1.17.0+20261001gitdc52b24c1`; not every Renode says."""
    warning: str = ""
    """What to expect of this version, as a sentence; empty for the one that the lab was made with."""

    @property
    def command(self) -> tuple[str, ...]:
        """What starts it, to which arguments are added."""
        return (str(self.path),)


def find(explicit: Path | None = None) -> Installation:
    """The Renode to use: `explicit` (`--renode`) or what `RENODE_PATH` names, else the first of the usual places.

    Those are what renode-run has installed, PATH, and the lab's own folder; a Renode there that is broken or too old
    is passed over. Each is started once for its version, which the cache keeps.
    Raises UsageError if the one that is named is no Renode or too old, ToolMissing if there is none.
    """
    for named, origin in ((explicit, "--renode"), (os.environ.get("RENODE_PATH"), "RENODE_PATH")):
        if named:
            return _named(Path(named), origin)
    amiss: list[tuple[Path, version.NoVersion]] = []
    for path, origin in _candidates():
        try:
            return _examined(path, origin)
        except version.NoVersion as reason:
            amiss.append((path, reason))
    raise ToolMissing(
        " ".join(["No Renode was found that the lab can drive.", *(f"{path} {reason}." for path, reason in amiss)]),
        remedy=SETUP,
        details="\n".join(reason.details for _, reason in amiss if reason.details),
        code="renode-missing",
    )


def look() -> Installation | None:
    """What `find` would give, or None if there is none. Raises UsageError for a bad `RENODE_PATH`."""
    try:
        return find()
    except ToolMissing:
        return None


def files(explicit: Path | None = None) -> Path | None:
    """The folder with the platforms/ and scripts/ that come with Renode, None if there is none; nothing is started.

    That of `explicit`, or of what `RENODE_PATH` names, be it a program, its folder, or a copy of Renode's sources; else
    the first of the usual places. Raises UsageError if the one that is named has no such folder.
    """
    for named, origin in ((explicit, "--renode"), (os.environ.get("RENODE_PATH"), "RENODE_PATH")):
        if named:
            found = _files_of(Path(named))
            if found is None:
                raise UsageError(
                    f"{origin} is {named}, where no platforms/ of Renode is.",
                    remedy="Name the folder of a Renode, or of its sources, in which platforms/ and scripts/ are.",
                    code="renode-unusable",
                )
            return found
    usual = (_files_of(path) for path, _ in _candidates())
    return next(filter(None, usual), _files_of(_PACKAGE))


def _files_of(renode: Path) -> Path | None:
    """Where a Renode has its files: its folder, or one above the program."""
    program = renode.resolve()
    return next((folder for folder in (program, *list(program.parents)[:2]) if (folder / "platforms").is_dir()), None)


def of_release() -> Installation | None:
    """The first in the usual places that is of the release that the lab is made for."""
    for path, origin in _candidates():
        with suppress(version.NoVersion):
            if (found := _examined(path, origin)).version == release.NUMBER:
                return found
    return None


def _candidates() -> Iterator[tuple[Path, str]]:
    for program in renode_run.installed():
        yield program, "renode-run"
    if found := shutil.which("renode"):
        yield Path(found), "PATH"
    if (own := release.home() / "renode").is_file():
        yield own, "the lab's own folder"


def _named(path: Path, origin: str) -> Installation:
    try:
        return _examined((path / "renode" if path.is_dir() else path).absolute(), origin)
    except version.NoVersion as reason:
        raise UsageError(
            f"{origin} is {path}, which {reason}.",
            remedy=f"Name the program `renode` of version {_dotted(OLDEST)} or newer, or the folder that it is in; "
            "`lab setup renode` installs one.",
            details=reason.details,
            code="renode-unusable",
        ) from reason


def _examined(path: Path, origin: str) -> Installation:
    number, build = version.of(path)
    if number < OLDEST:
        raise version.NoVersion(f"is version {_dotted(number)}; {_dotted(OLDEST)} or newer is needed")
    return Installation(path, _dotted(number), origin, build, _warning(number))


def _warning(number: version.Version) -> str:
    if number == release.VERSION:
        return ""
    reason = _RACE if number < release.VERSION else _UNTRIED
    return f"Renode {_dotted(number)} {reason}."


def _dotted(number: version.Version) -> str:
    return ".".join(map(str, number))
