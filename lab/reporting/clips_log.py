"""Tables in Robot's log of what speaks against a metric: recordings decided wrongly, events that were missed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from robot.api import logger

from lab.output import one_line
from lab.reporting import speaking
from lab.verdict.result import Run

_SHOWN = 20


def write(metric: str, run: Run) -> None:
    """Write what speaks against `metric`, if anything does."""
    listed = speaking.against(metric, run)
    if listed is None:
        return
    rows = listed.rows
    caption = f"{len(rows)} {listed.what}" + (f"; the first {_SHOWN}:" if len(rows) > _SHOWN else ":")
    lines = [_row("th", listed.headings), *(_row("td", row) for row in rows[:_SHOWN])]
    logger.info(f"<p>{caption}</p><table>{''.join(lines)}</table>", html=True)


def _row(cell: str, texts: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<{cell}>{escape(one_line(text))}</{cell}>' for text in texts)}</tr>"
