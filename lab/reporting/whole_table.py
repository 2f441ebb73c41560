"""A table of numbers in a terminal of any width: a number that is cut says something else."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

_WIDEST = 1000


def natural_width(table: Table, console: Console) -> int:
    """How many columns the table takes if nothing in it is broken or cut."""
    return console.measure(table, options=console.options.update(max_width=_WIDEST)).maximum


def print_whole(table: Table, console: Console) -> None:
    """Print the table as wide as it is; where the terminal is narrower, its lines go on in the next."""
    table.width = natural_width(table, console)
    console.print(table, crop=False)


def print_fitting(table: Table, console: Console) -> None:
    """Print the table as wide as the terminal, if breaking the columns that may be broken is enough; else whole."""
    breakable = [column for column in table.columns if not column.no_wrap]
    widths = [(column, max((cell_len(str(cell)) for cell in column.cells), default=0)) for column in breakable]
    spare = sum(width - (column.min_width or 1) for column, width in widths)
    if natural_width(table, console) - console.width > spare:
        print_whole(table, console)
    else:
        console.print(table)
