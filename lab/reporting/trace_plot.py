"""A trace as a picture: sound as waveform and spectrogram, other signals axis by axis. Loads Matplotlib.

Hours are drawn in bounded memory: of each column of the picture the lowest and the highest value, and the mean power.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from lab import chart_file
from lab.output import one_line
from lab.traces import timing, writing
from lab.traces.trace import RecordedSignal, Trace, Values

# Okabe and Ito's colours, which colour-blind people can tell apart.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_GAP, _MARK = "#dddddd", "#444444"
_WIDTH, _WAVE, _SPECTROGRAM, _AXES, _RECEIVED = 12.0, 1.6, 2.4, 2.4, 0.6
"""Inches; all but the first are heights."""
_COLUMNS = 2_000
_MOST_POINTS = 4_000
_MOST_TEXTS = 60
_BLOCK = 2**16
_WINDOW_S = 0.025
_PICTURE_COLUMNS = 1_200
_RANGE_DB = 80.0
_LEAST_OF_SOUND_HZ = 2_000


@dataclass(frozen=True)
class _Panel:
    height: float
    signal: RecordedSignal | None
    is_spectrogram: bool = False


def save(trace: Trace, file: Path, title: str, from_s: float = 0.0) -> None:
    """Draw a trace that begins at `from_s` of another into a file. Raises UsageError, StorageError, RecordingError."""
    chart_file.check(file)
    chart_file.save(figure(trace, title, from_s), file, elsewhere=writing.ELSEWHERE)


def figure(trace: Trace, title: str, from_s: float = 0.0) -> Figure:
    """The panels of all signals, one below the other on one axis of time in seconds."""
    panels = list(_panels(trace))
    heights = [panel.height for panel in panels]
    drawn = Figure(figsize=(_WIDTH, sum(heights) + 0.9), layout="constrained")
    drawn.suptitle(one_line(title), fontsize=11, x=0.01, ha="left", parse_math=False)
    every: list[Axes] = list(drawn.subplots(len(panels), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0])
    for axes, panel in zip(every, panels, strict=True):
        if panel.signal is None:
            _received(axes, trace, from_s)
        elif panel.is_spectrogram:
            _spectrogram(axes, panel.signal, from_s)
        else:
            _curves(axes, panel.signal, from_s)
        if not panel.is_spectrogram:
            _gaps(axes, panel.signal, from_s)
        axes.tick_params(labelsize=8)
    _events([axes for axes, panel in zip(every, panels, strict=True) if not panel.is_spectrogram], trace, from_s)
    every[-1].set_xlabel("seconds", fontsize=9)
    begin_s = min((signal.begin_s for signal in trace.signals), default=0.0)
    every[-1].set_xlim(begin_s + from_s, max(trace.end_s, begin_s + 1e-6) + from_s)
    return drawn


def _panels(trace: Trace) -> Iterator[_Panel]:
    for signal in trace.signals:
        if _is_sound(signal):
            yield _Panel(_WAVE, signal)
            yield _Panel(_SPECTROGRAM, signal, is_spectrogram=True)
        else:
            yield _Panel(_AXES, signal)
    if trace.received:
        yield _Panel(_RECEIVED, None)


def _is_sound(signal: RecordedSignal) -> bool:
    return not any(signal.units) and signal.rate_hz >= _LEAST_OF_SOUND_HZ and signal.times_s is None


def _times(signal: RecordedSignal, first: int, count: int) -> NDArray[np.float64]:
    if signal.times_s is not None:
        return signal.times_s[first : first + count]
    return signal.start_s + np.arange(first, first + count) / signal.rate_hz


# Curves


def _curves(axes: Axes, signal: RecordedSignal, from_s: float) -> None:
    names = [f"{axis} ({unit})" if unit else axis for axis, unit in zip(signal.axes, signal.units, strict=True)]
    colours = [colour for colour, _ in zip(cycle(_COLOURS), names, strict=False)]
    if len(signal.frames) <= _MOST_POINTS:
        times, values = _points(signal)
        for column, name, colour in zip(values.T, names, colours, strict=True):
            axes.plot(times + from_s, column, color=colour, linewidth=0.8, label=one_line(name))
    else:
        times, lowest, highest = _envelope(signal)
        for at, (name, colour) in enumerate(zip(names, colours, strict=True)):
            axes.fill_between(
                times + from_s,
                lowest[:, at],
                highest[:, at],
                color=colour,
                alpha=0.7,
                linewidth=0.3,
                label=one_line(name),
            )
    if names != ["sound"]:
        legend = axes.legend(loc="upper right", fontsize=7, ncols=min(6, len(names)), framealpha=0.8)
        for text in legend.get_texts():
            text.set_parse_math(False)
    axes.set_ylabel(one_line(signal.name)[:30], fontsize=8, parse_math=False)
    axes.spines[["top", "right"]].set_visible(False)


def _points(signal: RecordedSignal) -> tuple[NDArray[np.float64], Values]:
    """Times and values, with a break of the line in each gap."""
    times, values = _times(signal, 0, len(signal.frames)), signal.frames.read(0, len(signal.frames))
    found = timing.gaps(times) if signal.times_s is not None else ()
    after = np.searchsorted(times, [gap.end_s for gap in found])
    return np.insert(times, after, [gap.start_s for gap in found]), np.insert(values, after, np.nan, axis=0)


def _envelope(signal: RecordedSignal) -> tuple[NDArray[np.float64], Values, Values]:
    """The lowest and highest values of each column of the picture; NaN where there are none."""
    begin_s, end_s = signal.begin_s, signal.end_s
    lowest = np.full((_COLUMNS, len(signal.axes)), np.inf)
    highest = -lowest
    for first in range(0, len(signal.frames), _BLOCK):
        block = signal.frames.read(first, _BLOCK)
        places = (_times(signal, first, len(block)) - begin_s) * (_COLUMNS / (end_s - begin_s))
        columns = np.minimum(places.astype(np.int64), _COLUMNS - 1)
        begins = np.flatnonzero(np.diff(columns, prepend=-1))
        lowest[columns[begins]] = np.minimum(lowest[columns[begins]], np.minimum.reduceat(block, begins))
        highest[columns[begins]] = np.maximum(highest[columns[begins]], np.maximum.reduceat(block, begins))
    empty = lowest > highest
    lowest[empty] = highest[empty] = np.nan
    return begin_s + (np.arange(_COLUMNS) + 0.5) * (end_s - begin_s) / _COLUMNS, lowest, highest


# Spectrogram


def _spectrogram(axes: Axes, signal: RecordedSignal, from_s: float) -> None:
    power = _powers(signal)
    decibels = 10 * np.log10(np.maximum(power, 1e-20))
    top = float(decibels.max())
    axes.imshow(
        decibels.T,
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=top - _RANGE_DB,
        vmax=top,
        extent=(signal.begin_s + from_s, signal.end_s + from_s, 0, signal.rate_hz / 2_000),
    )
    axes.set_ylabel("kHz", fontsize=8)


def _powers(signal: RecordedSignal) -> Values:
    """[columns, frequencies]: the mean power of the windows of each column, of the mean of all channels."""
    length = max(16, 2 ** round(np.log2(_WINDOW_S * signal.rate_hz)))
    hops = max(1, (len(signal.frames) - length) // (length // 2) + 1)
    columns = min(_PICTURE_COLUMNS, hops)
    found, counts = np.zeros((columns, length // 2 + 1)), np.zeros(columns)
    window = np.hanning(length)
    for first in range(0, hops, _BLOCK // length):
        many = min(_BLOCK // length, hops - first)
        samples = signal.frames.read(first * (length // 2), (many + 1) * (length // 2)).mean(axis=1)
        samples = np.pad(samples, (0, max(0, (many + 1) * (length // 2) - len(samples))))
        halves = samples.reshape(many + 1, length // 2)
        windows = np.concatenate([halves[:-1], halves[1:]], axis=1) * window
        places = (np.arange(first, first + many) * columns) // hops
        np.add.at(found, places, np.abs(np.fft.rfft(windows)) ** 2)
        np.add.at(counts, places, 1)
    return found / counts[:, np.newaxis]


# What happened


def _gaps(axes: Axes, signal: RecordedSignal | None, from_s: float) -> None:
    if signal is not None and signal.times_s is not None:
        for gap in timing.gaps(signal.times_s):
            axes.axvspan(gap.start_s + from_s, gap.end_s + from_s, color=_GAP, linewidth=0, zorder=0)


def _events(every: Sequence[Axes], trace: Trace, from_s: float) -> None:
    texts = dict(zip(dict.fromkeys(one.text for one in trace.labels), cycle(_COLOURS), strict=False))
    for axes in every:
        for label in trace.labels:
            colour = texts[label.text]
            axes.axvspan(label.start_s + from_s, label.end_s + from_s, color=colour, alpha=0.15, linewidth=0, zorder=0)
        for mark in trace.marks:
            axes.axvline(mark.time_s + from_s, color=_MARK, linestyle=":", linewidth=1)
    spoken = [(one.start_s, one.text, texts[one.text]) for one in trace.labels]
    spoken += [(one.time_s, one.text, _MARK) for one in trace.marks]
    for time_s, text, colour in sorted(spoken)[:_MOST_TEXTS]:
        every[0].text(
            *(time_s + from_s, 1.0, one_line(text)[:40]),
            transform=every[0].get_xaxis_transform(),
            fontsize=7,
            color=colour,
            va="bottom",
            parse_math=False,
            clip_on=False,
        )


def _received(axes: Axes, trace: Trace, from_s: float) -> None:
    axes.eventplot([one.time_s + from_s for one in trace.received], colors=_MARK, linewidths=0.8)
    axes.set_yticks([])
    axes.set_ylabel("UART", fontsize=8)
