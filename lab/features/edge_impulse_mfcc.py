"""Cepstral coefficients of sound, as Edge Impulse has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features import _tables
from lab.features._edge_impulse_sound import EdgeImpulseSound, mirrored
from lab.features._features import Constant
from lab.signals.input import Input


class Settings(EdgeImpulseSound):
    """The lowest `coefficients` of a row, of which the first is its energy; each normalised among `neighbours` rows.

    The block "MFCC" of edgeimpulse/processing-blocks, implementation version 4, with a pre-emphasis by one frame. Left
    out, settings are the block's. Its "normalization window size" is `neighbours`; 0 normalises nothing.
    """

    kind: Literal["edge-impulse-mfcc"] = "edge-impulse-mfcc"
    window_ms: int = Field(default=20, gt=0, le=1_000)
    step_ms: int = Field(default=20, gt=0, le=1_000)
    points: Literal[32, 64, 128, 256, 512, 1024, 2048] = 256
    bands: int = Field(default=32, ge=2, le=256)
    lower_hz: float = Field(default=0.0, ge=0)
    coefficients: int = Field(default=13, ge=2, le=256)
    pre_emphasis: float = Field(default=0.98, ge=0, le=1)
    neighbours: int = Field(default=101, ge=0, le=10_001)

    def shape(self, heard: Input) -> tuple[int, int]:
        """Rows and coefficients."""
        return self.rows(heard), self.coefficients

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/edge_impulse_mfcc.h names them."""
        neighbours = max(1, self.neighbours)
        return {
            **self._sound_constants(heard),
            "kPowers": self.points // 2 + 1,
            "kPreEmphasis": self.pre_emphasis,
            "kFullScale": 1,
            "kCoefficients": self.coefficients,
            "kNeighbours": neighbours,
            "kCepstrum": _tables.cepstrum(range(1, self.coefficients), self.bands),
            **mirrored(self.rows(heard), neighbours),
        }

    def problem(self, heard: Input) -> str | None:
        """There are as many coefficients as bands, and as many neighbours before a row as after it."""
        if self.coefficients > self.bands:
            return f"{self.bands} bands have as many coefficients, not {self.coefficients}"
        if self.neighbours and self.neighbours % 2 == 0:
            return f"neighbours = {self.neighbours} is even: as many come before a row as after it"
        return super().problem(heard)

    @property
    def _value(self) -> str:
        return "coefficient"
