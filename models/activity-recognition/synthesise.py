"""Makes recordings of a wrist that nobody has: walking, jogging, climbing stairs, sitting, standing, kicking a ball.

    python models/activity-recognition/synthesise.py models/activity-recognition/recordings
    python models/activity-recognition/synthesise.py some/folder --seed 101 --people 3 --seconds 40

The first set is the one that ships, the second, of another seed, is trained on beside recordings of people. The same
options give the same files, byte for byte. It needs numpy alone.

All in g, at 20 Hz, in the axes of a watch: x along the forearm, y towards the thumb, z out of its face. A person has a
wrist (the sign of x), a strap that sits a little askew, a cadence, a vigour and a sensor's noise.

- walking: the arm hangs and swings at half the rate of steps, the body bobs at that rate and twice of it
- jogging: the elbow is bent, 2.4 to 2.9 steps a second are felt hard, and the watch saturates at 2 g
- stairs: a slower, less even cadence, a small swing, a soft bob with a short pulse as the foot is set down
- sitting: the forearm lies level and trembles by a few thousandths of g; seldom a fidget
- standing: the arm hangs and sways slowly; seldom a fidget
- unknown: kicking, every 1.2 to 2.5 s, two steps of run-up, a large swing against the leg, which fades
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 20
FINER = 5
"""Motions are computed at so many times the rate, and averaged down."""
MADE = "made.toml"
SHIPPED = {"seed": 1, "people": 5, "seconds": 8}

_STEP_S = 1 / (RATE_HZ * FINER)
_RUN_IN = 400
_ARM_M = 0.35
"""From the shoulder to where a swing is felt, less what the elbow gives."""
_STANDARD_GRAVITY = 9.80665
_ENDS = 2.0

Signal = NDArray[np.float64]
Generator = np.random.Generator


@dataclass(frozen=True)
class Person:
    """How somebody moves and wears a watch; angles in radians, `cadence` in steps a second, `noise` in g."""

    sign: int
    strap: Signal
    cadence: float
    vigour: float
    noise: float
    flexed: float
    rolled: float

    @classmethod
    def drawn(cls, rng: Generator) -> Person:
        """Somebody."""
        sign = 1 if rng.random() < 0.8 else -1
        strap = _rotation(np.deg2rad(rng.normal(0, [9, 6, 6])))
        cadence, vigour, noise = rng.uniform(1.75, 2.05), rng.uniform(0.85, 1.2), rng.uniform(0.004, 0.012)
        return cls(sign, strap, cadence, vigour, noise, _degrees(rng.uniform(8, 22)), _degrees(rng.normal(0, 20)))


def recordings(seed: int, people: int, seconds: int) -> list[dict[str, NDArray[np.int16]]]:
    """Of each person int16 [frames, axes] in mg, by label."""
    found = []
    for number in range(people):
        rng = np.random.default_rng([seed, number])
        person = Person.drawn(rng)
        found.append({label: _worn(move(rng, person, seconds), person, rng) for label, move in _MOTIONS.items()})
    return found


def _worn(felt: Signal, person: Person, rng: Generator) -> NDArray[np.int16]:
    """What the watch of that person delivers, in mg."""
    coarse = felt.reshape(-1, FINER, 3).mean(axis=1) @ person.strap.T
    coarse += rng.normal(0, person.noise, coarse.shape)
    coarse[:, 0] *= person.sign
    return np.rint(1000 * np.clip(coarse, -_ENDS, _ENDS)).astype(np.int16)


def _walking(rng: Generator, person: Person, seconds: int) -> Signal:
    step = _phase(rng, seconds, person.cadence, 0.02)
    swing = _degrees(rng.uniform(16, 26)) * person.vigour * np.sin(step / 2)
    turning = np.gradient(swing, _STEP_S)
    bob = rng.uniform(0.17, 0.25) * np.sin(step) + rng.uniform(0.06, 0.11) * np.sin(2 * step + _anywhere(rng))
    felt = _gravity(person.flexed + 0.8 * swing, person.rolled) * (1 + person.vigour * bob)[:, np.newaxis]
    felt[:, 0] += turning**2 * _ARM_M / _STANDARD_GRAVITY
    felt[:, 1] += np.gradient(turning, _STEP_S) * _ARM_M / _STANDARD_GRAVITY + 0.08 * np.sin(step + 1)
    felt[:, 2] += rng.uniform(0.06, 0.13) * np.sin(step / 2 + _anywhere(rng)) + 0.06 * np.sin(step + 2)
    return felt + _slow_noise(rng, seconds, 3, 0.04)[:, np.newaxis] * rng.normal(0, 1, 3)


def _jogging(rng: Generator, person: Person, seconds: int) -> Signal:
    step = _phase(rng, seconds, rng.uniform(2.45, 2.9), 0.015)
    swing = _degrees(rng.uniform(18, 30)) * np.sin(step / 2)
    hard = rng.uniform(1.0, 1.4) * person.vigour
    bob = hard * np.maximum(np.sin(step), -0.75) + 0.25 * hard * np.sin(2 * step + 0.7)
    felt = _gravity(_degrees(rng.uniform(50, 80)) + swing, person.rolled) * (1 + bob)[:, np.newaxis]
    felt[:, 0] += rng.uniform(0.35, 0.7) * np.sin(step + rng.uniform(-0.6, 0.6)) + 0.3 * np.sin(step / 2)
    felt[:, 2] += rng.uniform(0.3, 0.5) * np.sin(step / 2 + 1) + 0.2 * np.sin(step + 2)
    return felt + _slow_noise(rng, seconds, 5, 0.12)[:, np.newaxis] * rng.normal(0, 1, 3)


def _stairs(rng: Generator, person: Person, seconds: int) -> Signal:
    step = _phase(rng, seconds, person.cadence * rng.uniform(0.76, 0.88), 0.06)
    swing = _degrees(rng.uniform(4, 9)) * np.sin(step / 2) + _degrees(1) * _slow_noise(rng, seconds, 0.4, 5)
    strength = 1 + _slow_noise(rng, seconds, 0.5, 0.25)
    set_down = np.exp(-(((step / (2 * np.pi) % 1 - 0.3) / 0.09) ** 2)) - 0.16
    bob = rng.uniform(0.10, 0.16) * np.sin(step) + rng.uniform(0.22, 0.38) * set_down
    raised = person.flexed + _degrees(rng.uniform(5, 14))
    felt = _gravity(raised + swing, person.rolled) * (1 + person.vigour * strength * bob)[:, np.newaxis]
    felt[:, 1] += strength * rng.uniform(0.06, 0.12) * np.sin(step + 2) - 0.15 * set_down
    felt[:, 2] += strength * rng.uniform(0.05, 0.1) * np.sin(step / 2 + 1)
    return felt + _noise_of_axes(rng, seconds, 2.5, (0.06, 0.1))


def _sitting(rng: Generator, person: Person, seconds: int) -> Signal:  # noqa: ARG001  (anybody sits alike)
    flexed, rolled = _degrees(rng.uniform(72, 98)), _degrees(rng.uniform(55, 85))
    return _still(rng, flexed, rolled, _degrees(rng.uniform(0.4, 1.2)), seconds)


def _standing(rng: Generator, person: Person, seconds: int) -> Signal:
    flexed = person.flexed + _degrees(rng.uniform(-3, 8))
    rolled = person.rolled + _degrees(rng.normal(0, 8))
    return _still(rng, flexed, rolled, _degrees(rng.uniform(1.5, 3)), seconds)


def _still(rng: Generator, flexed: float, rolled: float, sway: float, seconds: int) -> Signal:
    felt = _gravity(
        flexed + _slow_noise(rng, seconds, 0.25, sway), rolled + _slow_noise(rng, seconds, 0.25, sway)
    ) + _noise_of_axes(rng, seconds, 6, (0.002, 0.006))
    times = _times(seconds)
    for _ in range(rng.poisson(0.06 * seconds)):
        since, lasting = times - rng.uniform(0, seconds), rng.uniform(0.15, 0.5)
        fidget = np.exp(-((since / lasting) ** 2)) * np.sin(2 * np.pi * rng.uniform(1, 3) * since)
        felt += fidget[:, np.newaxis] * rng.normal(0, 0.05, 3)
    return felt


def _kicking(rng: Generator, person: Person, seconds: int) -> Signal:
    times = _times(seconds)
    flexed = person.flexed + _degrees(rng.uniform(0, 6)) + _slow_noise(rng, seconds, 0.5, _degrees(3))
    pushed = np.zeros((len(times), 3))
    kick_s = rng.uniform(0, 1.5)
    while kick_s < seconds + 1:
        since, strength, lasting = times - kick_s, rng.uniform(0.85, 1.2) * person.vigour, rng.uniform(0.16, 0.22)
        near = np.exp(-((since / (1.5 * lasting)) ** 2))
        flexed = flexed + _degrees(rng.uniform(30, 48)) * strength * near * np.sin(since / lasting)
        hit = strength * rng.uniform(0.6, 1.0) * np.exp(-(((since - 0.05) / 0.08) ** 2))
        pushed += hit[:, np.newaxis] * np.array([1, -0.5, 0.3]) * rng.uniform(0.7, 1.3, 3)
        fading = np.where(since > 0, np.exp(-np.maximum(since, 0) / 0.3), 0)
        swing = fading * np.sin(2 * np.pi * rng.uniform(2, 3) * since)
        pushed += swing[:, np.newaxis] * rng.normal(0, 0.2, 3)
        for before_s in (0.45, 0.85):
            pushed[:, 0] += rng.uniform(0.08, 0.25) * np.exp(-(((since + before_s) / 0.09) ** 2))
        kick_s += rng.uniform(1.2, 2.5)
    rolled = person.rolled + _slow_noise(rng, seconds, 0.6, _degrees(5))
    return _gravity(flexed, rolled) + pushed + _noise_of_axes(rng, seconds, 2, (0.05, 0.05))


_MOTIONS: dict[str, Callable[[Generator, Person, int], Signal]] = {
    "walking": _walking,
    "jogging": _jogging,
    "stairs": _stairs,
    "sitting": _sitting,
    "standing": _standing,
    "unknown": _kicking,
}


def _gravity(flexed: Signal | float, rolled: Signal | float) -> Signal:
    """In the watch's axes: unflexed the arm hangs, at 90 degrees the forearm is level with the thumb up."""
    ways = (np.cos(flexed), -np.sin(flexed) * np.cos(rolled), np.sin(flexed) * np.sin(rolled))
    return np.stack(np.broadcast_arrays(*ways), axis=1)


def _phase(rng: Generator, seconds: int, hertz: float, uneven: float) -> Signal:
    """2 pi for each step, from anywhere; `uneven` is the deviation of the rate, as a share of it."""
    rate = hertz * (1 + _slow_noise(rng, seconds, 0.4, uneven))
    return np.asarray(2 * np.pi * (np.cumsum(rate) * _STEP_S + rng.random()))


def _slow_noise(rng: Generator, seconds: int, hertz: float, deviation: float) -> Signal:
    """Noise through two low-pass filters of that corner, [fine frames]."""
    values = rng.normal(0, 1, len(_times(seconds)) + _RUN_IN)
    keep = np.exp(-2 * np.pi * hertz * _STEP_S)
    for _ in range(2):
        state = 0.0
        for place, value in enumerate(values):
            state = keep * state + (1 - keep) * value
            values[place] = state
    settled = values[_RUN_IN:]
    return np.asarray(deviation * settled / settled.std())


def _noise_of_axes(rng: Generator, seconds: int, hertz: float, deviations: tuple[float, float]) -> Signal:
    return np.stack([_slow_noise(rng, seconds, hertz, rng.uniform(*deviations)) for _ in range(3)], axis=1)


def _times(seconds: int) -> Signal:
    return np.arange(seconds * RATE_HZ * FINER) * _STEP_S


def _rotation(vector: Signal) -> Signal:
    """By the length of the vector, in radians, about its way."""
    angle = float(np.linalg.norm(vector))
    x, y, z = vector / angle
    crossed = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * crossed + (1 - np.cos(angle)) * crossed @ crossed)


def _degrees(angle: float) -> float:
    return float(np.deg2rad(angle))


def _anywhere(rng: Generator) -> float:
    return float(rng.uniform(0, 2 * np.pi))


def write(folder: Path, seed: int, people: int, seconds: int) -> None:
    """An archive for each person, and a file that says how they were made."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, made in enumerate(recordings(seed, people, seconds)):
        name = f"nobody_{number:02}"
        np.savez(folder / name, **made, fs=np.float64(RATE_HZ), unit="mg", subject=name)
    said = f"seed = {seed}\npeople = {people}\nseconds = {seconds}\n"
    (folder / MADE).write_text(f"# Made by models/activity-recognition/synthesise.py\n{said}", encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--seed", type=int, default=SHIPPED["seed"])
    options.add_argument("--people", type=int, default=SHIPPED["people"])
    options.add_argument("--seconds", type=int, default=SHIPPED["seconds"], help="of each label")
    chosen = options.parse_args()
    write(chosen.folder, chosen.seed, chosen.people, chosen.seconds)
