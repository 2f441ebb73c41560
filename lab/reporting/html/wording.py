"""Numbers, sizes and verdicts in words."""

from __future__ import annotations

from pathlib import Path

from lab.verdict.result import Bounds, Run, spelled

MINUS = "\N{MINUS SIGN}"
_LINKED = {
    "log.html": "Robot log",
    "junit.xml": "JUnit",
    "clips.csv": "CSV of recordings",
    "summary.md": "Markdown summary",
    "device.log": "Device log",
    "result.json": "result.json",
}


def links(folder: Path) -> list[tuple[str, str]]:
    """Name and caption of the files beside the report that are there."""
    return [(name, caption) for name, caption in _LINKED.items() if (folder / name).is_file()]


def number(value: float | None) -> str:
    """A metric's value as the terminal spells it."""
    return "not counted" if value is None else spelled(value)


def bounds(limit: Bounds) -> str:
    """A limit in signs: `≤ 155,000`."""
    signs = (("≥", limit.at_least), ("≤", limit.at_most))
    return " ".join(f"{sign} {spelled(bound)}" for sign, bound in signs if bound is not None)


def kib(size: int) -> str:
    """Bytes as a size that can be read at a glance; below 10 KiB to the byte."""
    if size >= 1 << 20:
        return f"{size / (1 << 20):,.2f} MiB"
    return f"{size / 1024:,.1f} KiB" if size >= 10 * 1024 else f"{size:,} B"


def percent(share: float) -> str:
    """0.938 as `93.8 %`; nothing is rounded to none or to all, so that `100 %` means every one."""
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    if share < 0.001:
        return "< 0.1 %"
    return "> 99.9 %" if 0.999 < share < 1 else f"{share * 100:.1f} %"


def sign(change: float) -> str:
    """Plus or minus, or both for no change."""
    return "+" if change > 0 else MINUS if change < 0 else "±"


def signed_percent(change: float) -> str:
    """0.02 as `+2.0 %`; two decimals for a change below one percent."""
    size = abs(change) * 100
    text = f"{size:,.0f}" if size >= 100 else f"{size:.2f}" if 0 < size < 1 else f"{size:.1f}"
    return f"{sign(change)}{text} %"


def plural(count: int, noun: str) -> str:
    """`1 recording`, `2 recordings`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def verdict_line(run: Run) -> str:
    """What came of the run, in a few words."""
    if run.verdict == "interrupted":
        return f"Interrupted after {plural(run.recordings.count, 'recording')}; no limit was checked"
    if run.error:
        return f"Ended by {run.error.kind}"
    broken = len(run.failed_checks)
    checks = plural(len(run.checks), "check")
    return f"{broken} of {checks} failed" if broken else f"{checks} passed"
