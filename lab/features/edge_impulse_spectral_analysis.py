"""How strong each axis is, how its values are spread, and the power of its bands: Edge Impulse's spectral analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lab.features import _butterworth, _tables
from lab.features._features import Constant, Features
from lab.features._layout import Layout, Scale
from lab.signals.input import Input

_STATISTICS = ("root mean square", "skewness", "kurtosis", "skewness of powers", "kurtosis of powers")


class Settings(Features):
    """Of each axis five statistics, then the power of each band that `filter` leaves, over the whole input's window.

    The block "Spectral features" of edgeimpulse/processing-blocks, implementation version 4, analysis type FFT, without
    decimation and without its features of low frequencies. Left out, settings are the block's. A value of the signal is
    in the input's unit, times `scale_axes`.
    """

    kind: Literal["edge-impulse-spectral-analysis"] = "edge-impulse-spectral-analysis"
    points: Literal[8, 16, 32, 64, 128, 256, 512, 1024] = 16
    scale_axes: float = Field(default=1.0, gt=0, allow_inf_nan=False)
    filter: Literal["low", "high", "none"] = "none"
    cutoff_hz: float = Field(default=3.0, gt=0)
    order: Literal[0, 2, 4, 6, 8] = 6
    logarithm: bool = True
    overlap: bool = True

    def shape(self, heard: Input) -> tuple[int, int]:
        """Axes, and values of one."""
        return heard.channels, len(_STATISTICS) + len(self._bands(heard))

    def frames(self, heard: Input) -> int:
        """Those of the input's window."""
        return heard.frames

    def constants(self, heard: Input) -> Mapping[str, Constant]:
        """As firmware/runtime/features/edge_impulse_spectral_analysis.h names them."""
        bands = self._bands(heard)
        return {
            "kChannels": heard.channels,
            "kFrames": heard.frames,
            "kUnit": self.scale_axes / heard.steps_per_unit,
            "kPoints": self.points,
            "kHop": self.points // 2 if self.overlap else self.points,
            "kFirstBand": bands.start,
            "kBands": len(bands),
            "kLogarithm": int(self.logarithm),
            "kStepsPerUnit": 1 / self.scale,
            "kZeroPoint": self.zero_point,
            **_butterworth.constants(self._sections(heard) or [_butterworth.PASSES]),
            **_tables.turns(self.points),
        }

    def place(self, index: int, heard: Input) -> str:
        """`axis y, kurtosis` or `axis y, power at 12.5 Hz`."""
        axis, value = divmod(index, self.shape(heard)[1])
        if value < len(_STATISTICS):
            return f"axis {heard.axes[axis]}, {_STATISTICS[value]}"
        band = self._bands(heard)[value - len(_STATISTICS)]
        return f"axis {heard.axes[axis]}, power at {band * heard.rate_hz / self.points:g} Hz"

    def layout(self, heard: Input) -> Layout:
        """A line for each axis."""
        return Layout(Scale("value", 0, self.shape(heard)[1]), heard.axes, rows_across=False)

    def problem(self, heard: Input) -> str | None:
        """The filter has to be one, and to leave something."""
        if self.filter != "none" and self.cutoff_hz >= heard.rate_hz / 2:
            return f"cutoff_hz = {self.cutoff_hz:g} is not below half of {heard.rate_hz:,} Hz"
        if not all(map(_butterworth.is_stable, self._sections(heard))):
            return f"a filter of order {self.order} at {self.cutoff_hz:g} Hz is not stable in floats of 32 bits"
        if not self._bands(heard):
            return f"cutoff_hz = {self.cutoff_hz:g} leaves none of the {self.points // 2} bands"
        return super().problem(heard)

    def _sections(self, heard: Input) -> list[_butterworth.Section]:
        if self.filter == "none":
            return []
        return _butterworth.sections(self.filter, self.order, self.cutoff_hz, heard.rate_hz)

    def _bands(self, heard: Input) -> range:
        """Those that the filter lets through, of which the constant part of the signal is none."""
        cutoff = self.cutoff_hz * self.points / heard.rate_hz
        first = max(1, int(cutoff - 0.5) + 1) if self.filter == "high" else 1
        last = int(cutoff + 0.5) if self.filter == "low" else self.points // 2
        return range(first, last + 1)
