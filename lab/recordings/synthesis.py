"""Words spoken by synthesisers: espeak-ng, flite and festival, as Debian has them, and Kokoro, a neural one.

A synthesiser of the same version speaks the same samples every time: none of the first three draws random numbers, and
Kokoro repeats itself on one kind of processor.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from lab.errors import InfrastructureError, ToolMissing
from lab.recordings import kokoro

EngineName = Literal["espeak-ng", "flite", "festival", "kokoro"]

WORDS_PER_MINUTE = 155
"""espeak-ng's speed that is called rate 1.0: its own default, 175, slurs a word that stands alone."""

FESTIVAL_F0 = 110.0
"""Mean fundamental of festival's two male diphone voices, Hz."""


@dataclass(frozen=True)
class Voice:
    """A voice as its engine names it: `en-gb+f4` (accent and variant), `slt`, `ked_diphone`, `af_sky+am_puck`."""

    engine: EngineName
    name: str

    def __str__(self) -> str:
        return f"{self.engine} {self.name}"


@dataclass(frozen=True)
class Manner:
    """How a voice speaks, each relative to its habit: tempo, fundamental, and length of the vocal tract's resonances.

    `size` scales the spectrum as a smaller (above 1) or larger speaker would, without changing the tempo. Kokoro has no
    setting for `pitch`, which there goes with the size.
    """

    rate: float = 1.0
    pitch: float = 1.0
    size: float = 1.0


NATURAL = Manner()


def speak(voice: Voice, word: str, manner: Manner, rate_hz: int) -> NDArray[np.float64]:
    """The word as mono samples in -1..1 at `rate_hz`, the silence around it cut off.

    Raises ToolMissing without the engine, InfrastructureError if it fails or says nothing.
    """
    # What is spoken slower and then played faster by `size` keeps its tempo.
    tempo, pitch = manner.rate / manner.size, manner.pitch / manner.size
    if voice.engine == "kokoro":
        samples, spoken_hz = kokoro.speak(voice.name, word, tempo), kokoro.RATE_HZ
    else:
        samples, spoken_hz = _run(voice, word, tempo, pitch)
    samples = _trimmed(soxr.resample(samples, spoken_hz * manner.size, rate_hz, quality="VHQ"), rate_hz)
    if not len(samples):
        raise _silent(voice, word)
    return samples


def _run(voice: Voice, word: str, tempo: float, pitch: float) -> tuple[NDArray[np.float64], int]:
    if shutil.which(voice.engine) is None:
        raise ToolMissing(
            f"{voice.engine} is not installed; it speaks the synthetic recordings.",
            remedy="Type: apt-get install espeak-ng flite festival festvox-kallpc16k festvox-kdlpc16k",
        )
    with tempfile.TemporaryDirectory(prefix="lab-voice-") as folder:
        spoken = Path(folder) / "spoken.wav"
        done = subprocess.run(
            _COMMANDS[voice.engine](voice.name, word, tempo, pitch, spoken),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not spoken.exists():
            raise _silent(voice, word, done.stderr)
        samples, spoken_hz = soundfile.read(spoken, dtype="float64")
    return samples, spoken_hz


def _silent(voice: Voice, word: str, said: str = "") -> InfrastructureError:
    return InfrastructureError(
        f"{voice} did not say {word!r}.",
        remedy=f"Try it by hand: is the voice {voice.name} of {voice.engine} installed?",
        details=said,
        code="voice-failed",
    )


def versions() -> dict[str, str]:
    """Versions of everything that shapes a file's bytes, by name; what is missing is absent.

    numpy is not among them: 2.2, 2.4 and 2.5 were seen to give the same.
    """
    found = {"soxr": soxr.__version__, "libsndfile": soundfile.__libsndfile_version__}
    with suppress(metadata.PackageNotFoundError):
        found["onnxruntime"] = metadata.version("onnxruntime")
    for engine in _COMMANDS:
        if shutil.which(engine):
            said = subprocess.run([engine, "--version"], capture_output=True, text=True, check=False)
            number = re.search(r"\d+\.[\w.-]+", said.stdout + said.stderr)
            found[engine] = number[0] if number else "unknown"
    return found


def _espeak(voice: str, word: str, tempo: float, pitch: float, spoken: Path) -> list[str]:
    speed = round(WORDS_PER_MINUTE * tempo)
    # 0..99 around 50; ten steps move the fundamental by about 9 %.
    adjustment = min(99, max(0, round(50 + 110 * (pitch - 1))))
    return ["espeak-ng", "-z", "-v", voice, "-s", str(speed), "-p", str(adjustment), "-w", str(spoken), word]


def _flite(voice: str, word: str, tempo: float, pitch: float, spoken: Path) -> list[str]:
    settings = ["--setf", f"duration_stretch={1 / tempo:.4f}", "--setf", f"f0_shift={pitch:.4f}"]
    return ["flite", "-voice", voice, *settings, "-t", word, "-o", str(spoken)]


def _festival(voice: str, word: str, tempo: float, pitch: float, spoken: Path) -> list[str]:
    fundamental = f"((target_f0_mean {FESTIVAL_F0 * pitch:.1f}) (target_f0_std 14)"
    return [
        "festival",
        "-b",
        f"(begin (voice_{voice}) (Parameter.set 'Duration_Stretch {1 / tempo:.4f})"
        f" (set! int_lr_params '{fundamental} (model_f0_mean 170) (model_f0_std 34)))"
        f' (utt.save.wave (utt.synth (Utterance Text "{word}")) "{spoken}" \'riff))',
    ]


_COMMANDS = {"espeak-ng": _espeak, "flite": _flite, "festival": _festival}


def _trimmed(samples: NDArray[np.float64], rate_hz: int) -> NDArray[np.float64]:
    """Without what is 40 dB below the peak at either end, but with 20 ms of it kept."""
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max(initial=0.0))
    if not len(loud):
        return samples[:0]
    margin = rate_hz // 50
    return samples[max(0, loud[0] - margin) : loud[-1] + margin]
