"""A table of numbers in a terminal of any width: a number that is cut says something else."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

_WIDEST = 1000


def print_whole(table: Table, console: Console) -> None:
    """Print the table as wide as it is; where the terminal is narrower, its lines go on in the next."""
    table.width = console.measure(table, options=console.options.update(max_width=_WIDEST)).maximum
    console.print(table, crop=False)
