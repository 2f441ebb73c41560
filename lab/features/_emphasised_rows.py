"""What kinds of features have in common whose header stands on firmware/runtime/features/emphasised_rows.h."""

from __future__ import annotations

from abc import ABC

from lab.features._rows_of_sound import RowsOfSound


class EmphasisedRows(RowsOfSound, ABC):
    """Of each frame of sound a share of the one before is taken off."""

    @property
    def remember(self) -> bool:
        """The first row depends on the frame before it."""
        return True
