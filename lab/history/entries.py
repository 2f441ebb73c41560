"""What the history holds, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal, cast

from sqlalchemy import Connection, Integer, literal_column, select

from lab.history import database
from lab.history.tables import METRICS, RUNS
from lab.measuring.measurement import Metric
from lab.verdict.result import Bounds, Verdict

FolderState = Literal["there", "gone", "overwritten"]

_COMMIT_DIGITS = 7
_AS_ADDED = literal_column("rowid", Integer)


@dataclass(frozen=True)
class Entry:
    """One run. `metrics` is empty for one that did not finish; `limits` are those that its metrics were held to."""

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
    metrics: Mapping[str, Metric]
    limits: Mapping[str, Bounds]

    @property
    def series(self) -> tuple[str, str, str]:
        """What it shares with the runs that it is seen in line with."""
        return self.workload, self.target, self.variant

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


def read(file: Path) -> list[Entry]:
    """Every run, newest first; none if there is no file. Raises StorageError."""
    if not file.exists():
        return []
    with database.reading(file) as connection:
        metrics, limits = _metrics(connection)
        rows = connection.execute(select(RUNS).order_by(RUNS.c.time.desc(), RUNS.c.id.desc())).mappings().all()
    folders: set[str] = set()
    entries = []
    for row in rows:
        place = row["folder"]
        entries.append(_entry(row, file, place in folders, metrics.get(row["id"], {}), limits.get(row["id"], {})))
        folders.add(place)
    return entries


def _metrics(connection: Connection) -> tuple[dict[int, dict[str, Metric]], dict[int, dict[str, Bounds]]]:
    """Metrics and limits by run, in the order in which they were measured."""
    metrics: dict[int, dict[str, Metric]] = {}
    limits: dict[int, dict[str, Bounds]] = {}
    for run, name, value, unit, kind, at_least, at_most in connection.execute(select(METRICS).order_by(_AS_ADDED)):
        metrics.setdefault(run, {})[name] = Metric(value, unit, kind)
        if at_least is not None or at_most is not None:
            limits.setdefault(run, {})[name] = Bounds(at_least=at_least, at_most=at_most)
    return metrics, limits


def _entry(
    row: Mapping[Any, Any], file: Path, overwritten: bool, metrics: dict[str, Metric], limits: dict[str, Bounds]
) -> Entry:
    return Entry(
        time=row["time"].replace(tzinfo=timezone.utc),
        folder=file.parent / row["folder"],
        overwritten=overwritten,
        workload=row["workload"],
        target=row["target"],
        variant=row["variant"],
        engine=row["engine"],
        verdict=cast(Verdict, row["verdict"]),
        error=row["error"],
        fingerprint=row["fingerprint"],
        commit=row["git_commit"],
        dirty=row["dirty"],
        model=row["model"],
        toolchain_hash=row["toolchain_hash"],
        cost_model=row["cost_model"],
        source=row["source"],
        stimuli=row["stimuli"],
        metrics=metrics,
        limits=limits,
    )
