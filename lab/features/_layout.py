"""How the values of features are laid out in a picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """What a side of a picture goes over, from `first` to `last` in `unit`, which is "" for a count."""

    name: str
    first: float
    last: float
    unit: str = ""


@dataclass(frozen=True)
class Layout:
    """A picture of features [rows, values]: `across` goes to the right, and its lines have `names` from the top down.

    Where they have no names, `up` is what the lines go over, from the bottom. The rows are the columns of the picture
    if `rows_across`, else its lines.
    """

    across: Scale
    names: tuple[str, ...] = ()
    up: Scale | None = None
    rows_across: bool = True

    def place(self, index: int, shape: tuple[int, int]) -> tuple[int, int]:
        """Column and line of the picture, counted from its upper left, in which the value of a flat index stands."""
        row, value = divmod(index, shape[1])
        column, line = (row, value) if self.rows_across else (value, row)
        lines = shape[1] if self.rows_across else shape[0]
        return column, line if self.names else lines - 1 - line
