"""Makes the synthetic recordings of keyword spotting, in the layout of Speech Commands.

    python models/keyword-spotting/synthesise.py evaluation models/keyword-spotting/recordings
    python models/keyword-spotting/synthesise.py training some/folder

`evaluation` is the set that ships: a second of speech in a room, with noise. `training` has other voices, dry and
clean, because training adds its own noise. Both lists of voices are in voices.toml. With the same versions of
espeak-ng, flite, festival, soxr and libsndfile the files come out the same, byte for byte; made.json beside
them says which versions those were, and for each file who spoke how.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import soundfile
from numpy.typing import NDArray
from pydantic import Field

from lab.configuration import Frozen, read_toml
from lab.recordings import acoustics, synthesis
from lab.recordings.acoustics import Samples
from lab.recordings.synthesis import NATURAL, EngineName, Manner, Voice

RATE_HZ = 16_000
LENGTH = RATE_HZ
LONGEST_WORD = round(0.85 * LENGTH)
WORDS = ("yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go")
NOISES = ("white", "pink", "brown", "hum", "babble")
LOUDEST = 0.95
MADE = "made.json"

SetName = Literal["evaluation", "training"]


class Cast(Frozen):
    """Who speaks in a set, how many clips of each word by which engine, and which words count as unknown.

    `mumbled` are words that an engine does not say well enough to learn from.
    """

    seed: int
    clips: dict[EngineName, int]
    mumbled: dict[EngineName, tuple[str, ...]] = Field(default_factory=dict)
    silence: int
    unknown: tuple[str, ...]
    voices: dict[EngineName, tuple[str, ...]]


class Voices(Frozen):
    """voices.toml."""

    evaluation: Cast
    training: Cast


@dataclass(frozen=True)
class Background:
    """Noise of a kind, at a level: decibels below the word, or below full scale where no word is."""

    kind: str
    decibels: float


@dataclass(frozen=True)
class Room:
    """How long it takes to fade by 60 dB, seconds, and its energy relative to the direct sound."""

    decay_s: float
    wet: float


@dataclass(frozen=True)
class Take:
    """One recording to be made. `level_db` is the word's, below full scale; `at` where it starts in the spare time."""

    path: str
    seed: str
    word: str = ""
    voice: Voice | None = None
    manner: Manner = NATURAL
    level_db: float = 0.0
    at: float = 0.5
    background: Background | None = None
    room: Room | None = None


def cast(name: SetName) -> Cast:
    """The list of voices.toml for that set."""
    voices = read_toml(Path(__file__).parent / "voices.toml", Voices)
    return voices.evaluation if name == "evaluation" else voices.training


def plan(name: SetName) -> list[Take]:
    """Every recording of the set; each draws from its own seed, so that any one can be made alone."""
    members = cast(name)
    takes = [
        _spoken(name, members, label, word, voice, index)
        for label, words in {**{word: (word,) for word in WORDS}, "_unknown_": members.unknown}.items()
        for index, (voice, word) in enumerate(zip(_voices(members, label), cycle(words), strict=False))
    ]
    return takes + [_silent(members, index) for index in range(members.silence)]


def render(take: Take) -> NDArray[np.int16]:
    """The recording's samples."""
    random = _random(take.seed, "sound")
    if take.voice is None:
        assert take.background is not None  # noqa: S101 - what nobody speaks in is noise, see _silent
        sound = acoustics.at_level(_noise(take.background.kind, random), take.background.decibels)
    else:
        sound = _scene(take, random)
    sound = sound * min(1.0, LOUDEST / np.abs(sound).max())
    return np.asarray(np.round(sound * 32768), dtype=np.int16)


def make(take: Take, folder: Path) -> None:
    """Write the recording below the folder, as FLAC."""
    file = folder / take.path
    file.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(file, render(take), RATE_HZ, subtype="PCM_16", format="FLAC")


def _voices(members: Cast, label: str) -> Iterator[Voice]:
    """As many voices as the label has clips; each label starts elsewhere in the list, so that all get their turn."""
    start = int(_random(str(members.seed), label).integers(1000))
    for engine, count in members.clips.items():
        if label in members.mumbled.get(engine, ()):
            continue
        names = members.voices[engine]
        for name in islice(cycle(names), start % len(names), start % len(names) + count):
            yield Voice(engine, name)


def _spoken(name: SetName, members: Cast, label: str, word: str, voice: Voice, index: int) -> Take:
    seed = f"{members.seed}/{label}/{index}"
    random = _random(seed, "plan")
    speaker = hashlib.sha256(str(voice).encode()).hexdigest()[:8]
    file = f"{speaker}_nohash_{index}.flac" if label == word else f"{word}_{speaker}_nohash_{index}.flac"
    word_alone = Take(
        path=f"{label}/{file}",
        seed=seed,
        word=word,
        voice=voice,
        manner=Manner(_between(random, 0.8, 1.15), _between(random, 0.87, 1.15), _between(random, 0.94, 1.06)),
        level_db=_between(random, -32, -16),
        at=_between(random, 0.2, 0.8),
    )
    if name == "training":
        return word_alone
    background = Background(str(random.choice(NOISES)), _between(random, 12, 32))
    in_a_room = random.random() < 0.3
    room = Room(_between(random, 0.15, 0.35), _between(random, 0.05, 0.25)) if in_a_room else None
    return replace(word_alone, background=background, room=room)


def _silent(members: Cast, index: int) -> Take:
    seed = f"{members.seed}/_silence_/{index}"
    kinds = [kind for kind in NOISES if kind != "babble"]
    kind = kinds[index % len(kinds)]
    level = _between(_random(seed, "plan"), -62, -26)
    return Take(f"_silence_/{kind}_{index:02}.flac", seed, background=Background(kind, level))


def _scene(take: Take, random: np.random.Generator) -> Samples:
    """The word in its second, with its room and its noise."""
    word = _word(take)
    start = round(take.at * (LENGTH - len(word)))
    sound = np.zeros(LENGTH)
    sound[start : start + len(word)] = acoustics.at_level(word, take.level_db)
    if take.room:
        sound = acoustics.reverberated(random, sound, RATE_HZ, take.room.decay_s, take.room.wet)[:LENGTH]
    if take.background:
        noise = _noise(take.background.kind, random)
        sound = acoustics.mixed(sound, noise, take.background.decibels, slice(start, start + len(word)))
    return sound


def _word(take: Take) -> Samples:
    """The word, spoken fast enough to fit."""
    assert take.voice is not None  # noqa: S101 - only called for takes with a voice
    manner = take.manner
    while len(word := synthesis.speak(take.voice, take.word, manner, RATE_HZ)) > LONGEST_WORD:
        manner = Manner(manner.rate * 1.1, manner.pitch, manner.size)
    return word


def _noise(kind: str, random: np.random.Generator) -> Samples:
    if kind == "hum":
        return acoustics.hum(random, LENGTH, RATE_HZ)
    if kind == "babble":
        members = cast("evaluation")
        voices = random.choice(members.voices["espeak-ng"], 6, replace=False)
        words = random.choice(members.unknown, 6)
        speak = partial(synthesis.speak, manner=NATURAL, rate_hz=RATE_HZ)
        return acoustics.babble(
            random,
            LENGTH,
            [speak(Voice("espeak-ng", str(voice)), str(word)) for voice, word in zip(voices, words, strict=True)],
        )
    return {"white": acoustics.white, "pink": acoustics.pink, "brown": acoustics.brown}[kind](random, LENGTH)


def _random(*seed: str) -> np.random.Generator:
    digest = hashlib.sha256("/".join(seed).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "little")))


def _between(random: np.random.Generator, low: float, high: float) -> float:
    return round(float(random.uniform(low, high)), 3)


def described(take: Take) -> dict[str, Any]:
    """As made.json has it: voices by name, and nothing that does not apply."""
    content = {name: value for name, value in asdict(take).items() if value not in (None, "")}
    return {**content, "voice": str(take.voice)} if take.voice else {**content}


def main() -> None:
    """Make the set that is asked for."""
    parser = argparse.ArgumentParser(description="Make synthetic recordings of keyword spotting.")
    parser.add_argument("set", choices=get_args(SetName))
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    takes = plan(arguments.set)
    with ProcessPoolExecutor() as workers:
        for _ in workers.map(partial(make, folder=arguments.folder), takes, chunksize=16):
            pass
    lines = ",\n    ".join(json.dumps(described(take)) for take in takes)
    tools = json.dumps(synthesis.versions())
    (arguments.folder / MADE).write_text(f'{{\n  "tools": {tools},\n  "clips": [\n    {lines}\n  ]\n}}\n')


if __name__ == "__main__":
    main()
