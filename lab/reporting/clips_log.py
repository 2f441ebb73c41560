"""Tables of recordings in Robot's log: which were taken for another label, which differ from the host."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from robot.api import logger

from lab.output import one_line
from lab.reporting import wording
from lab.verdict.checks import SKIPPED
from lab.verdict.result import Run

_SHOWN = 20


def write(metric: str, run: Run) -> None:
    """Write the recordings that speak against `metric`, if it is one of recordings and there are any."""
    if metric == "accuracy":
        wrong = [(clip.clip, clip.label, clip.decided) for clip in run.clips if not clip.correct]
        _table("recordings taken for another label", ("recording", "is", "decided"), wrong)
    elif metric == "bit_exact":
        differing = [(clip.clip, str(clip.difference)) for clip in run.clips if clip.difference]
        _table("recordings different from the host", ("recording", "first difference"), differing)
    elif metric == "miss_rate":
        _table(wording.missed_events(run), ("missed",), [(line,) for line in wording.misses(run)])
    elif metric == "false_accepts_per_hour":
        _table("false accepts", ("detected",), [(line,) for line in wording.false_accepts(run)])
    elif metric == SKIPPED:
        skipped = [(one.clip, one.reason) for one in run.skipped_recordings]
        _table("recordings not played", ("recording", "reason"), skipped)


def _table(what: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    caption = f"{len(rows)} {what}" + (f"; the first {_SHOWN}:" if len(rows) > _SHOWN else ":")
    lines = [_row("th", headings), *(_row("td", row) for row in rows[:_SHOWN])]
    logger.info(f"<p>{caption}</p><table>{''.join(lines)}</table>", html=True)


def _row(cell: str, texts: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{cell}>{escape(one_line(text))}</{cell}>' for text in texts)}</tr>"
