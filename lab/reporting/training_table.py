"""What a training found, as a table for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from lab.training import trained


def of(shown: trained.Table) -> Table:
    """The last row, of all others together, stands apart."""
    table = Table(title=shown.title, title_justify="left")
    for heading in shown.headings:
        table.add_column(heading, justify="left" if heading == shown.headings[0] else "right")
    *rows, total = shown.rows
    for row in rows:
        table.add_row(*row)
    table.add_section()
    table.add_row(*total)
    return table
