"""Sound and features as what a page can hold: data URIs and paths of an SVG."""

from __future__ import annotations

import io
import math
from base64 import b64encode

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lab.features import Layout
from lab.reporting.html.words import MINUS

WAVE_WIDTH, WAVE_HEIGHT = 320, 100
QUIETEST = 0.02  # of full scale: what is quieter is not blown up to look like speech

# Every thirty-second colour of "magma" by Nathaniel J. Smith and Stéfan van der Walt (CC0), from -128 to 127.
_MAGMA = (0x000004, 0x1C1044, 0x4F127B, 0x812581, 0xB5367A, 0xE55064, 0xFB8761, 0xFEC287, 0xFCFDBF)


def sound(flac: bytes) -> str:
    """A FLAC file as a data URI."""
    return f"data:audio/flac;base64,{b64encode(flac).decode()}"


def photo(jpeg: bytes) -> str:
    """A JPEG file as a data URI."""
    return f"data:image/jpeg;base64,{b64encode(jpeg).decode()}"


def waveform(values: NDArray[np.float64]) -> str:
    """The envelope of a sound in full scale, as a path in a box of WAVE_WIDTH x WAVE_HEIGHT, its peak at the edge."""
    columns = np.array_split(values, min(WAVE_WIDTH, len(values)) or 1)
    highs = [float(column.max(initial=0)) for column in columns]
    lows = [float(column.min(initial=0)) for column in columns]
    scale = max(*map(abs, highs), *map(abs, lows), QUIETEST)
    step = WAVE_WIDTH / len(columns)
    outline = [*enumerate(highs), *reversed(list(enumerate(lows)))]
    points = (f"{x * step:.0f} {WAVE_HEIGHT / 2 * (1 - y / scale):.0f}" for x, y in outline)
    return f"M{'L'.join(points)}Z"


def peak(values: NDArray[np.float64]) -> str:
    """The loudest sample against full scale, in dB."""
    loudest = float(np.abs(values).max(initial=0))
    return f"{20 * math.log10(loudest):.0f} dBFS".replace("-", MINUS) if loudest else "silence"


def features(values: NDArray[np.generic], layout: Layout) -> str:
    """int8 features [rows, values] as a PNG data URI, a pixel each."""
    lines = values.T if layout.rows_across else values
    upright = lines if layout.names else lines[::-1]
    image = Image.fromarray((upright.astype(np.int16) + 128).astype(np.uint8))
    image.putpalette(palette())
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{b64encode(file.getvalue()).decode()}"


def palette() -> bytes:
    """Red, green and blue of each of 256 values."""
    colours = np.array([[colour >> 16, colour >> 8 & 255, colour & 255] for colour in _MAGMA])
    places = np.linspace(0, len(_MAGMA) - 1, 256)
    channels = [np.interp(places, range(len(_MAGMA)), channel) for channel in colours.T]
    return bytes(np.stack(channels, axis=1).round().astype(np.uint8))
