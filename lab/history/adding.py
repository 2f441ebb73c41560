"""From a result to rows of the history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from lab.errors import UsageError
from lab.history import database
from lab.history.tables import METRICS, RUNS
from lab.reporting import run_folder
from lab.verdict.result import Bounds, Result, Run

_DIRTY = "-dirty"


def add(result: Result, folder: Path) -> None:
    """See `lab.history.add`."""
    file = database.location()
    with database.writing(file) as connection:
        for run, own in run_folder.parts(result.runs, folder):
            row = {**_about(run, result), "folder": _stored(own, file), "fingerprint": _fingerprint(result, own)}
            _add(connection, row, run)


def _add(connection: Connection, row: dict[str, Any], run: Run) -> None:
    added = connection.execute(insert(RUNS).values(row).on_conflict_do_nothing().returning(RUNS.c.id)).scalar()
    metrics = list(_metrics(run))
    if added is not None and metrics:
        connection.execute(insert(METRICS), [{"run_id": added, **metric} for metric in metrics])


def _about(run: Run, result: Result) -> dict[str, Any]:
    git = result.provenance.get("git", "")
    return {
        "time": datetime.now(timezone.utc).replace(tzinfo=None),
        "content": sha256(f"{git}\n{run.model_dump_json()}".encode()).hexdigest(),
        "workload": run.workload,
        "target": run.target,
        "variant": run.variant,
        "engine": run.engine,
        "verdict": run.verdict,
        "error": run.error.code if run.error else None,
        "git_commit": git.removesuffix(_DIRTY) or None,
        "dirty": git.endswith(_DIRTY),
        "model": run.build.get("model"),
        "toolchain_hash": run.build.get("toolchain_hash"),
        "cost_model": run.build.get("cost_model"),
        "source": run.recordings.source,
        "stimuli": run.recordings.stimuli,
    }


def _metrics(run: Run) -> Iterator[dict[str, Any]]:
    """Those of a run that ended by itself; what is half measured would look like a change."""
    if run.error or run.verdict == "interrupted":
        return
    limits = {check.name: check.limit for check in run.checks if check.origin == "limit" and check.limit}
    for name, metric in run.metrics.items():
        limit = limits.get(name, Bounds())
        yield {
            "name": name,
            "value": metric.value,
            "unit": metric.unit,
            "kind": metric.kind,
            "at_least": limit.at_least,
            "at_most": limit.at_most,
        }


def _fingerprint(result: Result, own: Path) -> str | None:
    """That of one run; several together have one over all, and each its own in its own folder."""
    if len(result.runs) == 1:
        return result.fingerprint
    with suppress(OSError, UsageError):
        return run_folder.read_result(own).fingerprint
    return None


def _stored(folder: Path, file: Path) -> str:
    """The folder as the history names it, so that both can be moved together."""
    whole, home = folder.resolve(), file.parent.resolve()
    return (whole.relative_to(home) if whole.is_relative_to(home) else whole).as_posix()
