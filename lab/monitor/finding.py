"""Where the files are that monitor commands name: as written, or among those that come with a Renode."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from lab.engines.renode import installation
from lab.errors import ConfigurationError

_WEB = ("http:", "https:")
_RENODES = ("platforms", "scripts", "tests")
"""What is in Renode's own folder, as paths in its suites begin."""


class Files:
    """Looks from the current folder, then in Renode's own, as Renode does: `@platforms/cpus/nrf52840.repl` is there.

    `renode` is the folder that somebody named; without it that of an installed Renode is taken, and looked for only if
    a file is not found otherwise.
    """

    def __init__(self, renode: Path | None = None) -> None:
        self._named = renode

    @cached_property
    def renode(self) -> Path | None:
        """The folder with Renode's platforms and scripts, if there is one. Raises UsageError for a wrong one."""
        return installation.files(self._named)

    def folders(self) -> tuple[Path, ...]:
        """Where files are looked for. Raises UsageError as `renode` does."""
        return (Path.cwd(), *([self.renode] if self.renode else []))

    def find(self, named: Path) -> Path:
        """The file, or where it would be; one on the web is downloaded.

        Raises ConfigurationError for one that only Renode's own folder would have and none was found, UsageError as
        `renode` does, and as `web.bring` does.
        """
        if named.parts and named.parts[0].lower() in _WEB:
            from lab.monitor import web  # noqa: PLC0415 - few suites need it

            scheme, *rest = named.parts  # a path has lost one of the slashes
            return web.bring(f"{scheme}//{'/'.join(rest)}")
        if named.is_absolute() or _exists(named):
            return named
        if self.renode is not None and _exists(self.renode / named):
            return self.renode / named
        if named.parts and named.parts[0] in _RENODES:
            raise _nowhere(named, self.renode)
        return named


def _exists(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have is none."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _nowhere(named: Path, renode: Path | None) -> ConfigurationError:
    where = f"nor in {renode}, with the files of Renode" if renode else "and no Renode was found that may have it"
    return ConfigurationError(
        f"{named} cannot be read: it is not in the current folder, {where}.",
        remedy="If it is one of Renode's own, name the folder that has Renode's platforms/ and scripts/: "
        "`lab test --renode DIR`, or RENODE_PATH.",
        code="file-unreadable",
    )
