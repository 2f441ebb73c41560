"""Google's speech embedding, which a teacher stands on: speech as a few vectors, whoever says it.

A convolutional network that learned to tell thousands of spoken words apart: Lin, Kilgour, Roblek, Sharifi, Training
Keyword Spotters with Limited and Synthesized Speech Data, 2020, arXiv 2002.01322; Apache-2.0. The Python package
openwakeword carries it as ONNX, in two files: from samples to mel spectrogram, and from that to vectors.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from lab import onnx, packages, store

PACKAGE = "openwakeword==0.4.0"
_RATE_HZ = 16_000
_MEL = ("melspectrogram.onnx", "ba2b0e0f8b7b875369a2c89cb13360ff53bac436f2895cced9f479fa65eb176f")
_VECTORS = ("embedding_model.onnx", "ba754db3cd768a524c655ea90655ee5e6055a43b8dfd29366a11e93716ae9e51")

_CHANNELS = 32
_WINDOW = 76
"""Frames that a vector is computed from: 775 ms."""
_STEP = 12
"""Frames from one vector to the next: 120 ms."""
_FRAME, _HOP = 512, 160
_MARGIN = _RATE_HZ // 4
"""Silence put before and after a clip, so that a word at its edge is whole in a window."""
_SHORTEST = _FRAME + (_WINDOW - 1) * _HOP


@dataclass(frozen=True)
class Embedding:
    """The network in memory: two onnxruntime sessions, of one thread each and safe to share."""

    mel: Any
    vectors: Any

    def of(self, samples: NDArray[np.int16], rate_hz: int) -> NDArray[np.float16]:
        """int16 [clips, samples] as float16 [clips, windows, 96]: six windows for a second."""
        heard = np.asarray(soxr.resample(samples.T.astype(np.float32), rate_hz, _RATE_HZ).T)
        margin = max(_MARGIN, (_SHORTEST - heard.shape[1] + 1) // 2)
        # One clip at a time: what is 80 dB below the loudest of a whole batch is cut off.
        decibels = np.stack([onnx.answer(self.mel, np.pad(clip, margin)[np.newaxis]) for clip in heard])
        spectrum = decibels.reshape(len(heard), -1, _CHANNELS) / 10 + 2  # as openwakeword has it
        starts = range(0, spectrum.shape[1] - _WINDOW + 1, _STEP)
        windows = np.stack([spectrum[:, start : start + _WINDOW] for start in starts], axis=1)
        vectors = onnx.answer(self.vectors, windows.reshape(-1, _WINDOW, _CHANNELS, 1))
        return vectors.reshape(len(heard), len(starts), -1).astype(np.float16)


def load() -> Embedding:
    """The embedding, fetched into the cache at the first use.

    Raises ToolMissing without onnxruntime, DownloadError when pip cannot fetch the package, StorageError.
    """
    folder = store.entry("speech-embedding", lambda: store.key(PACKAGE, *_MEL, *_VECTORS), _fetch)
    return Embedding(onnx.session(folder / _MEL[0]), onnx.session(folder / _VECTORS[0]))


def _fetch(folder: Path) -> None:
    packages.from_wheel(
        PACKAGE, {f"openwakeword/resources/models/{name}": sha for name, sha in (_MEL, _VECTORS)}, folder
    )
