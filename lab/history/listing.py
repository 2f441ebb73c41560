"""The history as a table for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from lab.history.changes import Changes
from lab.history.entries import Entry, FolderState
from lab.metrics import Mode, defined, spelled
from lab.reporting import comparison_words
from lab.verdict.result import Bounds, Change, Standing, Verdict

_VERDICTS: dict[Verdict, str] = {"passed": "green", "failed": "bold red", "error": "bold red", "interrupted": "yellow"}
_STANDINGS: dict[Standing, str] = {"better": "green", "same": "dim", "worse": "bold red", "not comparable": "dim"}
_FOLDERS: dict[FolderState, str] = {"there": "", "gone": "folder gone", "overwritten": "folder reused"}
_WIDTH_FOR_LINES = 110
_WIDTH_FOR_FOLDERS = 160


def tables(entries: Sequence[Entry], changes: Sequence[Changes], metrics: Sequence[str], width: int) -> list[Table]:
    """One table for each workload on each target, of streams another one, newest runs first.

    A table has the columns that its runs can have values in. Changes stand below values where it is narrow.
    """
    rows: dict[tuple[str, str, Mode], list[tuple[Entry, Changes]]] = {}
    for entry, changed in zip(entries, changes, strict=True):
        rows.setdefault((entry.workload, entry.target, entry.mode), []).append((entry, changed))
    return [_table(*of, own, metrics, width) for of, own in rows.items()]


def _table(
    workload: str,
    target: str,
    mode: Mode,
    rows: Sequence[tuple[Entry, Changes]],
    metrics: Sequence[str],
    width: int,
) -> Table:
    gap = " " if width >= _WIDTH_FOR_LINES else "\n"
    with_folder = width >= _WIDTH_FOR_FOLDERS
    measured = {name for entry, _ in rows for name in entry.metrics}
    always = {name for name, metric in defined(mode).items() if not metric.asks}
    shown = [name for name in metrics if name in measured | always]
    variants = {entry.variant for entry, _ in rows if entry.variant}
    table = _headed(f"{workload} on {target}{', stream' * (mode == 'stream')}", shown, gap, with_folder=with_folder)
    for entry, changed in rows:
        variant = [entry.variant] if len(variants) > 1 else []
        table.add_row(
            "\n".join((f"{entry.time:%Y-%m-%d %H:%M}", *variant, *_notes(entry, changed, shown))),
            entry.commit_shown,
            Text(entry.error or entry.verdict, _VERDICTS[entry.verdict]),
            *(_value(entry, name, changed.get(name), gap) for name in shown),
            *([_path(entry)] if with_folder else ()),
        )
    return table


def _headed(title: str, metrics: Sequence[str], gap: str, *, with_folder: bool) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, show_edge=False)
    table.padding = (0, 1 if gap == " " else 0, 0, 0)
    for name in ("time (UTC)", "commit", "verdict"):
        table.add_column(name, no_wrap=True)
    for name in metrics:
        table.add_column(name.replace("_", gap), justify="right", no_wrap=True)
    if with_folder:
        table.add_column("folder", overflow="fold")
    return table


def _notes(entry: Entry, changed: Changes, metrics: Sequence[str]) -> list[str]:
    """What keeps the run from being compared, and whether its files are gone."""
    reasons = [changed[name].why for name in metrics if name in changed and _is_apart(changed[name])]
    return [*dict.fromkeys(reasons), *filter(None, [_FOLDERS[entry.folder_state]])]


def data(entry: Entry, changed: Changes, metrics: Sequence[str]) -> dict[str, Any]:
    """The run as plain values, with those of its metrics that are named."""
    return {
        "time": f"{entry.time:%Y-%m-%dT%H:%M:%SZ}",
        "commit": entry.commit,
        "dirty": entry.dirty,
        "workload": entry.workload,
        "target": entry.target,
        "variant": entry.variant,
        "engine": entry.engine,
        "verdict": entry.verdict,
        "error": entry.error,
        "fingerprint": entry.fingerprint,
        "model": entry.model,
        "toolchain_hash": entry.toolchain_hash,
        "cost_model": entry.cost_model,
        "recordings": {"source": entry.source, "stimuli": entry.stimuli},
        "folder": str(entry.folder),
        "folder_state": entry.folder_state,
        "metrics": {
            name: {
                "value": metric.value,
                "unit": metric.unit,
                "kind": metric.kind,
                "limit": entry.limits.get(name, Bounds()).model_dump(),
                "change": changed[name].model_dump(exclude={"metric", "now", "recordings"})
                if name in changed
                else None,
            }
            for name, metric in entry.metrics.items()
            if name in metrics
        },
    }


def _value(entry: Entry, name: str, change: Change | None, gap: str) -> Text:
    """A value, red if it broke its limit, and how it changed."""
    metric = entry.metrics.get(name)
    if metric is None or metric.value is None:
        return Text("")
    kept = entry.limits.get(name, Bounds()).hold(metric.value)
    value = Text(spelled(metric.value, name), "" if kept else "bold red")
    if change is None or _is_apart(change):
        return value
    return Text.assemble(value, gap, (comparison_words.change(change), _STANDINGS[change.standing]))


def _is_apart(change: Change) -> bool:
    return change.before is None or change.now is None


def _path(entry: Entry) -> str:
    """The folder as one would type it here; nothing if it is gone."""
    if entry.folder_state != "there":
        return ""
    here, whole = Path.cwd(), entry.folder.resolve()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else whole)
