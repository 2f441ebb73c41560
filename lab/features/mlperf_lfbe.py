"""How loud mel bands of sound are, in decibels, as the streaming wake word of MLPerf Tiny has it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features import _tables
from lab.features._emphasised_rows import EmphasisedRows
from lab.features._features import Constant
from lab.signals.input import Input

_PRE_EMPHASIS = 1 - 2**-5
_FULL_SCALE = 32_768


class Settings(EmphasisedRows):
    """A value is 0 at -52 dB and 1 at 12 dB: log filter bank energies.

    Left out, settings are the benchmark's, scale and zero point those of its int8 model.
    As `get_lfbe_func` in benchmark/training/streaming_wakeword/get_dataset.py in mlcommons/tiny has them.
    """

    kind: Literal["mlperf-lfbe"] = "mlperf-lfbe"
    window_ms: int = Field(default=64, gt=0, le=1_000)
    step_ms: int = Field(default=32, gt=0, le=1_000)
    bands: int = Field(default=40, ge=2, le=256)
    lower_hz: float = Field(default=0.0, ge=0)
    upper_hz: float = Field(default=8000.0, gt=0)
    scale: float = Field(default=0.003701043, gt=0, allow_inf_nan=False)
    zero_point: int = Field(default=-128, ge=-128, le=127)

    def shape(self, heard: Input) -> tuple[int, int]:
        """Rows and bands."""
        return self.rows(heard), self.bands

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/mlperf_lfbe.h names them."""
        window = self.window_frames(heard)
        points = _tables.power_of_two(window)
        edges = _tables.mel_edges(self.bands, self.lower_hz, self.upper_hz)
        turns = [2 * math.pi * frame / (window - 1) for frame in range(window)]
        return {
            "kWindow": window,
            "kStep": self.step_frames(heard),
            "kRows": self.rows(heard),
            "kPoints": points,
            "kPowerDivisor": window,
            "kPreEmphasis": _PRE_EMPHASIS,
            "kFullScale": _FULL_SCALE,
            "kBands": self.bands,
            "kStepsPerUnit": 1 / self.scale,
            "kZeroPoint": self.zero_point,
            "kHamming": tuple(0.54 - 0.46 * math.cos(turn) for turn in turns),
            **_tables.turns(points),
            **_tables.filters(_tables.triangles(points, heard.rate_hz, edges)),
        }
