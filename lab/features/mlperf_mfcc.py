"""Cepstral coefficients of sound, as the keyword spotting of MLPerf Tiny has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features import _tables
from lab.features._features import Constant
from lab.features._rows_of_sound import RowsOfSound
from lab.signals.input import Input


class Settings(RowsOfSound):
    """The lowest `coefficients` of a row; scale and zero point are those of the benchmark's int8 model.

    As `feature_type` "mfcc" of benchmark/training/keyword_spotting/get_dataset.py in mlcommons/tiny has them, which is
    TensorFlow's tf.signal.stft, linear_to_mel_weight_matrix and mfccs_from_log_mel_spectrograms.
    """

    kind: Literal["mlperf-mfcc"] = "mlperf-mfcc"
    window_ms: int = Field(default=30, gt=0, le=1_000)
    step_ms: int = Field(default=20, gt=0, le=1_000)
    bands: int = Field(default=40, ge=2, le=256)
    lower_hz: float = Field(default=20.0, ge=0)
    upper_hz: float = Field(default=4000.0, gt=0)
    coefficients: int = Field(default=10, gt=0, le=256)
    scale: float = Field(default=0.5847029, gt=0, allow_inf_nan=False)
    zero_point: int = Field(default=83, ge=-128, le=127)

    def shape(self, heard: Input) -> tuple[int, int]:
        """Rows and coefficients."""
        return self.rows(heard), self.coefficients

    def frames(self, heard: Input) -> int:
        """The whole window of the input: the loudest of its frames is 1."""
        return heard.frames

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/mlperf_mfcc.h names them."""
        window = self.window_frames(heard)
        points = _tables.power_of_two(window)
        edges = _tables.mel_edges(self.bands, self.lower_hz, self.upper_hz)
        return {
            "kFrames": heard.frames,
            "kWindow": window,
            "kStep": self.step_frames(heard),
            "kRows": self.rows(heard),
            "kPoints": points,
            "kBands": self.bands,
            "kCoefficients": self.coefficients,
            "kStepsPerUnit": 1 / self.scale,
            "kZeroPoint": self.zero_point,
            "kHann": tuple(0.5 - 0.5 * math.cos(2 * math.pi * frame / window) for frame in range(window)),
            **_tables.turns(points),
            **_tables.filters(_tables.triangles(points, heard.rate_hz, edges)),
            "kCepstrum": _tables.cepstrum(range(self.coefficients), self.bands),
        }

    def problem(self, heard: Input) -> str | None:
        """There are as many coefficients as bands."""
        if self.coefficients > self.bands:
            return f"{self.bands} bands have as many coefficients, not {self.coefficients}"
        return super().problem(heard)

    @property
    def _value(self) -> str:
        return "coefficient"
