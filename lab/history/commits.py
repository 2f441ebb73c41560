"""What git knows of the commits in a history, where there is a git and it knows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timezone

from lab import git
from lab.errors import UsageError

_FEWEST = 4


def named(revision: str, known: Collection[str]) -> set[str]:
    """The commits that a revision means: those of `known` that begin with it, else what git takes it for.

    Raises UsageError if it means nothing.
    """
    matching = {commit for commit in known if commit.startswith(revision.lower())}
    if matching and len(revision) >= _FEWEST:
        return matching
    found = git.ask(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]).strip()
    if not found:
        raise UsageError(
            f"No run in the history is of a commit {revision!r}, and git does not know it.",
            remedy="`lab history` lists the commits that were run.",
            code="unknown-commit",
        )
    return {found}


def times(commits: Iterable[str]) -> dict[str, datetime]:
    """When each commit was made; those that git does not know are left out."""
    listed = git.ask(["rev-list", "--no-walk", "--ignore-missing", "--timestamp", "--stdin"], "\n".join(commits))
    pairs = (line.split() for line in listed.splitlines())
    return {commit: datetime.fromtimestamp(int(seconds), timezone.utc) for seconds, commit in pairs}
