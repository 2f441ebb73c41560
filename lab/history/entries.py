"""What the history holds, as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from math import isfinite
from pathlib import Path
from typing import Any, Literal, cast, get_args

from sqlalchemy import Column, ColumnElement, Connection, Integer, RowMapping, exists, func, literal_column, select

from lab.history import database
from lab.history.database import Damaged
from lab.history.tables import METRICS, RUNS
from lab.metrics import Mode, Quantity
from lab.outcomes.variant import is_of_stream
from lab.verdict.result import Bounds, Verdict

FolderState = Literal["there", "gone", "overwritten"]

_COMMIT_DIGITS = 7
_AT_ONCE = 10_000
_AS_ADDED = literal_column("rowid", Integer)
_NEWEST_FIRST = (RUNS.c.time.desc(), RUNS.c.id.desc())

Condition = ColumnElement[bool]
"""What a row of `runs` must be."""


@dataclass(frozen=True)
class Entry:
    """One run; `id` is its row. `metrics` is empty for one that did not finish, `limits` are what they were held to."""

    id: int
    time: datetime
    folder: Path
    overwritten: bool
    """Whether a later run used the same folder."""
    workload: str
    target: str
    variant: str
    engine: str
    verdict: Verdict
    error: str | None
    fingerprint: str | None
    commit: str | None
    dirty: bool
    model: str | None
    toolchain_hash: str | None
    cost_model: str | None
    source: str
    stimuli: str
    metrics: Mapping[str, Quantity]
    limits: Mapping[str, Bounds]

    @property
    def series(self) -> tuple[str, str, str]:
        """What it shares with the runs that it is seen in line with."""
        return self.workload, self.target, self.variant

    @property
    def mode(self) -> Mode:
        """What was played."""
        return "stream" if is_of_stream(self.variant) else "clip"

    @property
    def commit_shown(self) -> str:
        """`e5059d7`, with a star if there were uncommitted changes; nothing outside of git."""
        return f"{self.commit[:_COMMIT_DIGITS]}{'*' * self.dirty}" if self.commit else ""

    @property
    def folder_state(self) -> FolderState:
        """Whether the run's files are still where it left them."""
        if self.overwritten:
            return "overwritten"
        return "there" if self.folder.is_dir() else "gone"


@dataclass(frozen=True)
class Known:
    """What the runs of a history have, whichever are shown: names, commits, and how many runs there are."""

    runs: int
    workloads: frozenset[str]
    targets: frozenset[str]
    commits: frozenset[str]
    metrics: tuple[str, ...]


@dataclass(frozen=True)
class Earlier:
    """A value of an earlier run, with what decides whether another one compares with it."""

    value: float
    toolchain_hash: str | None
    stimuli: str
    cost_model: str | None


class History:
    """A file of runs that is open for reading. Only what is asked for is read: a file may have years of runs."""

    def __init__(self, connection: Connection, file: Path) -> None:
        self._connection = connection
        self._file = file

    def known(self) -> Known:
        """Names and number of all runs."""
        return Known(
            runs=self.count(),
            workloads=frozenset(self._distinct(RUNS.c.workload)),
            targets=frozenset(self._distinct(RUNS.c.target)),
            commits=frozenset(self._distinct(RUNS.c.git_commit)),
            metrics=tuple(
                self._connection.execute(
                    select(METRICS.c.name).group_by(METRICS.c.name).order_by(func.min(_AS_ADDED))
                ).scalars()
            ),
        )

    def count(self, *wanted: Condition) -> int:
        """How many runs are as wanted."""
        return self._connection.execute(select(func.count()).select_from(RUNS).where(*wanted)).scalar_one()

    def newest(self, *wanted: Condition, limit: int | None = None) -> list[Entry]:
        """The newest runs that are as wanted, newest first."""
        later = RUNS.alias()
        is_later = (later.c.time > RUNS.c.time) | ((later.c.time == RUNS.c.time) & (later.c.id > RUNS.c.id))
        overwritten = exists().where(later.c.folder == RUNS.c.folder, is_later).label("overwritten")
        chosen = select(RUNS, overwritten).where(*wanted).order_by(*_NEWEST_FIRST).limit(limit)
        rows = self._connection.execute(chosen).mappings().all()
        metrics, limits = self._metrics({row["id"] for row in rows})
        return [_entry(row, self._file, metrics.get(row["id"], {}), limits.get(row["id"], {})) for row in rows]

    def earlier(self, entry: Entry, metric: str, *alike: Condition) -> Earlier | None:
        """The latest value of a metric in a run of the entry's series before it."""
        columns = (METRICS.c.value, RUNS.c.toolchain_hash, RUNS.c.stimuli, RUNS.c.cost_model)
        before = (RUNS.c.time < _stored(entry)) | ((RUNS.c.time == _stored(entry)) & (RUNS.c.id < entry.id))
        series = zip((RUNS.c.workload, RUNS.c.target, RUNS.c.variant), entry.series, strict=True)
        found = self._connection.execute(
            select(*columns)
            .join(METRICS, METRICS.c.run_id == RUNS.c.id)
            .where(METRICS.c.name == metric, METRICS.c.value.is_not(None), before, *(c == v for c, v in series), *alike)
            .order_by(*_NEWEST_FIRST)
            .limit(1)
        ).first()
        if found is None:
            return None
        value, *identity = found
        return Earlier(_number(value, entry.id, metric) or 0, *identity)

    def _distinct(self, column: Column[Any]) -> Iterable[str]:
        return self._connection.execute(select(column).where(column.is_not(None)).distinct()).scalars()

    def _metrics(self, runs: set[int]) -> tuple[dict[int, dict[str, Quantity]], dict[int, dict[str, Bounds]]]:
        """Metrics and limits by run, in the order in which they were measured."""
        metrics: dict[int, dict[str, Quantity]] = {}
        limits: dict[int, dict[str, Bounds]] = {}
        bounds: dict[tuple[float | None, float | None], Bounds] = {}  # few differ, and years of runs have many
        for some in _portions(sorted(runs)):
            rows = self._connection.execute(select(METRICS).where(METRICS.c.run_id.in_(some)).order_by(_AS_ADDED))
            for run, name, value, unit, kind, at_least, at_most in rows:
                metrics.setdefault(run, {})[name] = Quantity(_number(value, run, name), unit, kind)
                limit = _number(at_least, run, name), _number(at_most, run, name)
                if limit != (None, None):
                    limits.setdefault(run, {})[name] = bounds.setdefault(
                        limit, Bounds(at_least=limit[0], at_most=limit[1])
                    )
        return metrics, limits


@contextmanager
def opened(file: Path) -> Iterator[History | None]:
    """The history in a file; None if there is no file. Raises StorageError, for a damaged one too."""
    if not file.exists():
        yield None
        return
    with database.reading(file) as connection:
        yield History(connection, file)


def read(file: Path) -> list[Entry]:
    """Every run, newest first; none if there is no file. Raises StorageError."""
    with opened(file) as history:
        return [] if history is None else history.newest()


def _portions(runs: Sequence[int]) -> Iterator[Sequence[int]]:
    """As many at once as SQLite takes in one statement."""
    yield from (runs[at : at + _AT_ONCE] for at in range(0, len(runs), _AT_ONCE))


def _stored(entry: Entry) -> datetime:
    return entry.time.replace(tzinfo=None)


def _entry(row: RowMapping, file: Path, metrics: dict[str, Quantity], limits: dict[str, Bounds]) -> Entry:
    texts = {name: _text(row, name) for name in ("workload", "target", "variant", "engine", "source", "stimuli")}
    known = {
        name: _text(row, name, or_none=True)
        for name in ("error", "fingerprint", "model", "toolchain_hash", "cost_model")
    }
    verdict = _text(row, "verdict")
    if verdict not in get_args(Verdict):
        raise _damaged(row, "verdict")
    if row["time"] is None:
        raise _damaged(row, "time")
    return Entry(
        id=row["id"],
        time=row["time"].replace(tzinfo=timezone.utc),
        folder=file.parent / (_text(row, "folder") or ""),
        overwritten=bool(row["overwritten"]),
        verdict=cast(Verdict, verdict),
        commit=_text(row, "git_commit", or_none=True),
        dirty=bool(row["dirty"]),
        metrics=metrics,
        limits=limits,
        **cast(Any, texts),
        **cast(Any, known),
    )


def _text(row: RowMapping, name: str, *, or_none: bool = False) -> str | None:
    value = row[name]
    if not isinstance(value, str) and not (value is None and or_none):
        raise _damaged(row, name)
    return value


def _number(value: object, run: int, name: str) -> float | None:
    if value is not None and not (isinstance(value, int | float) and isfinite(value)):
        raise Damaged(f"{name} of run {run} is {value!r:.40}")
    return value


def _damaged(row: RowMapping, name: str) -> Damaged:
    return Damaged(f"{name} of run {row['id']} is {row[name]!r:.40}")
