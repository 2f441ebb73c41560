"""Getting this machine a Renode of the release that the lab is made for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lab import download
from lab.download import Progress
from lab.engines.renode import installation, portable, release, renode_run
from lab.engines.renode.installation import Installation


def set_up(by_hand: Path | None, on_progress: Progress, say: Callable[[str], None]) -> Installation:
    """Install the release, unless it is here, and return the Renode that the lab will use, which another may precede.

    The archive is fetched, or is `by_hand`; its SHA-256 is checked. The user's renode-run gets it, so that it is listed
    and removed there; without one, it is unpacked to the lab's own folder. What is not quite done leaves nothing.
    Raises UsageError, DownloadError, StorageError, and ToolMissing if what was installed does not start.
    """
    with download.alone(portable.file(), on_wait=lambda: say("Another lab is installing Renode: waiting.")):
        if installation.of_release() is None:
            file = portable.check(by_hand) if by_hand else portable.fetch(on_progress)
            say(f"Unpacking {file.name}")
            renode_run.install(file, release.NUMBER, say)
            if installation.of_release() is None:
                portable.unpack(file)
            portable.file().unlink(missing_ok=True)
    return installation.find()
