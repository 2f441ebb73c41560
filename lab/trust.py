"""Whose projects are used: a project is code, so one that another user can write is refused, as git does.

A project runs as whoever types `lab` in it: its Robot suites are programs, and its build files name compilers. It is
found from any folder below it, so that without a check, somebody else's `firmware/ models/ renode_platforms/
robot_tests/` in a shared folder would run as everybody who works below that folder. SECURITY.md has the whole boundary.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterable
from pathlib import Path

from lab.errors import UsageError

ALLOWED = "LAB_TRUSTED_PROJECTS"
"""The environment variable with folders of projects that are used whoever owns them, with colons between."""


def check(project: Path, parts: Iterable[str]) -> None:
    """Raises UsageError for a project of which another user owns the folder or one of its `parts`, or may write it.

    The superuser, who can change the lab itself, is no other user; neither is, for the superuser, who called sudo.
    """
    if project in _allowed():
        return
    for folder in (project, *(project / part for part in parts)):
        state = folder.stat()
        if state.st_uid not in _trusted_users():
            reason = f"{_owner(state.st_uid)} owns {folder}, and you are {_owner(os.geteuid())}"
        elif state.st_mode & stat.S_IWOTH:
            reason = f"every user may write to {folder}"
        else:
            continue
        raise UsageError(
            f"The project {project} is not used: {reason}. Its suites and build files would run as you.",
            remedy=f"If you trust it: export {ALLOWED}={project}, or LAB_PROJECT for this one alone."
            + (f" Or: chmod o-w {folder}" if state.st_uid == os.geteuid() else ""),
            code="not-trusted",
        )


def _allowed() -> set[Path]:
    named = os.environ.get(ALLOWED, "").split(os.pathsep)
    return {Path(folder).resolve() for folder in named if folder}


def _trusted_users() -> set[int]:
    user = os.geteuid()
    called_sudo = os.environ.get("SUDO_UID", "")
    return {0, user, int(called_sudo)} if user == 0 and called_sudo.isdecimal() else {0, user}


def _owner(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
