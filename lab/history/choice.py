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
from lab.history.entries import Condition, Known
from lab.history.tables import RUNS
from lab.metrics import by_name
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

    def conditions(self, known: Known) -> list[Condition]:
        """What a row must be.

        Raises UnknownName for a name that neither a run nor the project has, UsageError for an unknown commit.
        """
        _check("workload", self.workloads, [*workload.names(), *known.workloads])
        _check("target", self.targets, [*target.names(), *known.targets])
        _check("verdict", [self.verdict] if self.verdict else [], get_args(Verdict))
        found: list[Condition] = []
        if self.workloads:
            found.append(RUNS.c.workload.in_(self.workloads))
        if self.targets:
            found.append(RUNS.c.target.in_(self.targets))
        if self.verdict:
            found.append(RUNS.c.verdict == self.verdict)
        if self.since:
            found.append(RUNS.c.time >= self.since.astimezone(timezone.utc).replace(tzinfo=None))
        if self.commit:
            found.append(RUNS.c.git_commit.in_(commits.named(self.commit, set(known.commits))))
        return found

    @property
    def is_gapless(self) -> bool:
        """Whether, of each series, the runs that are asked for follow each other without one that is not."""
        return not self.verdict and not self.commit


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


def metrics(known: Known, wanted: Sequence[str], usual: Sequence[str] | None) -> list[str]:
    """The metrics to show: those wanted, else the usual ones that there are, None for all. Raises UnknownName."""
    _check("metric", wanted, [*by_name(), *known.metrics])
    return list(dict.fromkeys(wanted)) or [name for name in usual or known.metrics if name in known.metrics]


def _check(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    each = set(known)
    for name in names:
        if name not in each:
            raise UnknownName(kind, name, each)
