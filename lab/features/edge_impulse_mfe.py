"""How loud mel bands of sound are, in decibels: what Edge Impulse calls MFE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features._edge_impulse_sound import EdgeImpulseSound
from lab.features._features import Constant
from lab.signals.input import Input

_PRE_EMPHASIS = 0.98
_FULL_SCALE = 32_768
_LOUDEST_DB = 12


class Settings(EdgeImpulseSound):
    """A value is 0 at `noise_floor_db` and 1 at 12 dB, in steps of 1/256.

    The block "MFE" of edgeimpulse/processing-blocks, implementation version 4. Left out, settings are the block's.
    """

    kind: Literal["edge-impulse-mfe"] = "edge-impulse-mfe"
    window_ms: int = Field(default=20, gt=0, le=1_000)
    step_ms: int = Field(default=10, gt=0, le=1_000)
    points: Literal[32, 64, 128, 256, 512, 1024, 2048] = 256
    bands: int = Field(default=40, ge=2, le=256)
    lower_hz: float = Field(default=0.0, ge=0)
    noise_floor_db: int = Field(default=-52, ge=-200, le=0)
    scale: float = Field(default=1 / 256, gt=0, allow_inf_nan=False)
    zero_point: int = Field(default=-128, ge=-128, le=127)

    def shape(self, heard: Input) -> tuple[int, int]:
        """Rows and bands."""
        return self.rows(heard), self.bands

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/edge_impulse_mfe.h names them."""
        return {
            **self._sound_constants(heard),
            "kPreEmphasis": _PRE_EMPHASIS,
            "kFullScale": _FULL_SCALE,
            "kNoiseFloor": self.noise_floor_db,
            "kLoudest": _LOUDEST_DB,
        }
