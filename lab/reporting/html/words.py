"""Sizes, shares and verdicts as this page puts them; what other files say too is in `lab.reporting.wording`."""

from __future__ import annotations

from markupsafe import Markup, escape

from lab.reporting import wording
from lab.reporting.wording import plural
from lab.verdict.result import Run

MINUS = "\N{MINUS SIGN}"


def kib(size: int) -> str:
    """Bytes as a size that can be read at a glance; below 10 KiB to the byte."""
    if size >= 1 << 20:
        return f"{size / (1 << 20):,.2f} MiB"
    return f"{size / 1024:,.1f} KiB" if size >= 10 * 1024 else f"{size:,} B"


def growth(size: int) -> str:
    """More or fewer bytes, with their sign."""
    return f"{'+' if size > 0 else MINUS}{abs(size):,}" if size else "="


def percent(share: float) -> str:
    """0.938 as `93.8 %`; nothing is rounded to none or to all, so that `100 %` means every one."""
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    if 0 < share < 0.001:
        return "< 0.1 %"
    return "> 99.9 %" if 0.999 < share < 1 else f"{share * 100:.1f} %"


def room(left: float) -> str:
    """How far from a limit, as a share of it: `2.5 %`, `none`, or beyond it `missed by 3.1 %`."""
    if left == 0:
        return "none"
    return percent(left) if left > 0 else f"missed by {percent(-left)}"


def name(run: Run) -> str:
    """A run among others; the variant is said where it is not the usual one."""
    variant = f", {run.variant}" if run.variant not in ("", "default") else ""
    return f"{run.workload} on {run.target}{variant}"


def verdict_line(run: Run) -> str:
    """What came of the run, beside a stamp that says `failed`."""
    if run.verdict == "interrupted":
        return f"Interrupted after {wording.heard(run)}; no limit was checked"
    if run.error:
        return f"Ended early: {run.error.code}"
    broken, checks = len(run.failed_checks), plural(len(run.checks), "check")
    return f"{broken} of {checks} failed" if broken else f"{checks} passed"


def with_code(text: str) -> Markup:
    """A sentence with what stands in backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick that is not closed
        return escape(text)
    return Markup().join(
        Markup("<code>{}</code>").format(part) if place % 2 else escape(part) for place, part in enumerate(parts)
    )
