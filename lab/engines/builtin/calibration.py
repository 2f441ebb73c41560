"""What a project knows of a board of its own: how many cycles that takes for one that is modelled."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import geometric_mean

from pydantic import Field

from lab.configuration import Frozen, read_toml
from lab.engines.builtin.cost_table import Ratios
from lab.errors import ConfigurationError
from lab.toml_lines import quoted

FEWEST, MOST = 0.1, 10.0
"""Cycles of a board for a modelled one; beyond these a time is in another unit, or of another thing."""


class Calibration(Frozen):
    """`factor` cycles of the board for one by the `tables` of that name. `ratios` is what is left of that, the fewest
    and the most cycles for a calibrated one, in so many `figures`; None where one figure alone cannot tell.
    """

    tables: str
    factor: float = Field(ge=FEWEST, le=MOST)
    ratios: Ratios | None = None
    figures: int = Field(ge=1)

    @classmethod
    def of(cls, tables: str, ratios: Sequence[float]) -> Calibration:
        """From how many cycles the board took for a modelled one, in each figure."""
        factor = round(geometric_mean(ratios), 4)
        spread = (round(min(ratios) / factor, 4), round(max(ratios) / factor, 4))
        return cls(
            tables=tables,
            factor=factor,
            ratios=spread if len(ratios) > 1 else None,
            figures=len(ratios),
        )

    @classmethod
    def load(cls, path: Path, tables: str) -> Calibration:
        """That of a file. Raises ConfigurationError for one that cannot be read, or is of other tables."""
        found = read_toml(path, cls)
        if found.tables != tables:
            raise ConfigurationError(
                f"{path} is of cycles by {found.tables!r}, and the target's are by {tables!r}.",
                remedy="Take `calibration` out of target.toml, and calibrate again: lab bench --against … --calibrate.",
                code="calibration",
            )
        return found

    @property
    def error(self) -> str:
        """What it says of its error, as the end of a sentence."""
        if self.ratios is None:
            return "calibrated by one timing of a board"
        low, high = (round((ratio - 1) * 100) for ratio in self.ratios)
        return f"from which {self.figures} timings of a board are {low:+d} to {high:+d} % off"

    def to_toml(self) -> str:
        """The text of its file."""
        lines = [
            '# Written by `lab bench --calibrate`; target.toml names it: calibration = "<this file>".',
            f"tables = {quoted(self.tables)}",
            f"factor = {self.factor}  # cycles of the board for a modelled one",
            f"figures = {self.figures}",
        ]
        if self.ratios is not None:
            lines.append(f"ratios = [{self.ratios[0]}, {self.ratios[1]}]  # and for a calibrated one")
        return "\n".join(lines) + "\n"
