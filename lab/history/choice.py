"""Which runs of the history are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import get_args

from lab import target, workload
from lab.errors import UnknownName, UsageError
from lab.history import commits
from lab.history.entries import Entry
from lab.metrics import METRICS
from lab.verdict.result import Verdict

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True)
class Choice:
    """What a run must be; empty is anything. `commit` is whatever git takes for one, or the start of a hash."""

    workloads: Sequence[str] = ()
    targets: Sequence[str] = ()
    verdict: str | None = None
    since: datetime | None = None
    commit: str | None = None

    def of(self, entries: Sequence[Entry]) -> list[int]:
        """Where in `entries` those are that are asked for.

        Raises UnknownName for a name that neither a run nor the project has, UsageError for an unknown commit.
        """
        _check("workload", self.workloads, [*workload.names(), *(entry.workload for entry in entries)])
        _check("target", self.targets, [*target.names(), *(entry.target for entry in entries)])
        _check("verdict", [self.verdict] if self.verdict else [], get_args(Verdict))
        known = {entry.commit for entry in entries if entry.commit}
        wanted = commits.named(self.commit, known) if self.commit else known | {None}
        return [index for index, entry in enumerate(entries) if self._takes(entry) and entry.commit in wanted]

    def _takes(self, entry: Entry) -> bool:
        return (
            (not self.workloads or entry.workload in self.workloads)
            and (not self.targets or entry.target in self.targets)
            and self.verdict in (None, entry.verdict)
            and (self.since is None or entry.time >= self.since)
        )


def moment(text: str, now: datetime) -> datetime:
    """What `--since` means: `12h`, `3d`, `2w` before now, or a date in UTC, with a time or without.

    Raises UsageError for anything else.
    """
    if age := re.fullmatch(r"(\d{1,4})([hdw])", text):
        return now - int(age[1]) * _UNITS[age[2]]
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is no time.",
            remedy="Give an age (12h, 3d, 2w) or a date in UTC (2026-11-01, 2026-11-01T18:00).",
        ) from None
    return given if given.tzinfo else given.replace(tzinfo=timezone.utc)


def metrics(entries: Sequence[Entry], wanted: Sequence[str], usual: Sequence[str] | None) -> list[str]:
    """The metrics to show: those wanted, else the usual ones that there are, None for all. Raises UnknownName."""
    known = list(dict.fromkeys(name for entry in entries for name in entry.metrics))
    _check("metric", wanted, [*METRICS, *known])
    return list(dict.fromkeys(wanted)) or [name for name in usual or known if name in known]


def _check(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    each = set(known)
    for name in names:
        if name not in each:
            raise UnknownName(kind, name, each)
