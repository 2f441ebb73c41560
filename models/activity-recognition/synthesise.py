"""Makes recordings of a wrist that nobody wore a watch on. Needs numpy alone.

    python models/activity-recognition/synthesise.py models/activity-recognition/recordings
    python models/activity-recognition/synthesise.py some/folder --seed 101 --people 2 --seconds 40

The first set is the one that ships; the second, of another seed, is among what the shipped model learned from. The same
seed and numbers give the same files, byte for byte.

An accelerometer in a watch feels gravity, which turns in its frame as the arm does, and what the arm and the body are
accelerated by. Its axes: x along the forearm, to the hand; y across it, to the thumb; z out of the watch's face. It
gives 20 values a second, each the mean over that time, and saturates at 2 g.

- walking: the arm hangs and swings like a pendulum, once in two steps; the tangential and the centripetal acceleration
  of 35 cm of arm; the body goes up and down once a step, with a second harmonic
- jogging: the elbow is bent, 2.4 to 2.9 steps a second, more than 1 g up and down, cut off where the foot has left the
  ground
- stairs: fewer steps than in walking and less regular, the arm swings little, each foot strikes with a short pulse
- sitting: the forearm lies level, with a tremor of a few mg and now and then a fidget
- standing: the arm hangs and sways slowly, with the same tremor and fidgets
- unknown: kicking a ball, every 1.2 to 2.5 s: two steps to it, one large swing of the arm against the leg, a pulse of
  the whole body, and what dies away after it

A person keeps their wrist (on one in five x points the other way), how the strap is turned, how the arm hangs, the
cadence, the vigour and the noise of the sensor from one activity to the next.

All of this was set by hand, after a look at means and deviations of people whose recordings train. So the set shows
that firmware, model and lab work together; how well activities are told shows on recordings of people.
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
"""Motion is computed at so many times the rate."""
LIMIT_G = 2.0
MADE = "made.toml"
SHIPPED = {"seed": 2024, "people": 4, "seconds": 14}

_STEP_S = 1 / (RATE_HZ * FINER)
_TURN = 2 * np.pi
_ARM_S2 = 0.35 / 9.81
"""Metres of arm over gravity: an angular acceleration times this is in g."""
_RUN_IN = 400

Signal = NDArray[np.float64]
Generator = np.random.Generator


@dataclass(frozen=True)
class Person:
    """Who wears the watch: `sign` of x, `strap` [3, 3], steps a second, vigour, noise in g, how the arm hangs."""

    sign: int
    strap: Signal
    steps_hz: float
    vigour: float
    noise: float
    flexed: float
    rolled: float

    @classmethod
    def drawn(cls, rng: Generator) -> Person:
        """Anybody."""
        return cls(
            sign=1 if rng.random() < 0.8 else -1,
            strap=_rotation(np.deg2rad(rng.normal(0, [9, 6, 6]))),
            steps_hz=rng.uniform(1.75, 2.05),
            vigour=rng.uniform(0.85, 1.2),
            noise=rng.uniform(0.004, 0.012),
            flexed=_degrees(rng, 8, 22),
            rolled=np.deg2rad(rng.normal(0, 20)),
        )


def recordings(seed: int, people: int, seconds: float) -> list[dict[str, NDArray[np.int16]]]:
    """Of each person, int16 [frames, axes] in mg by label."""
    found = []
    for number in range(people):
        rng = np.random.default_rng([seed, number])
        person = Person.drawn(rng)
        found.append({label: recording(rng, person, label, seconds) for label in ACTIVITIES})
    return found


def recording(rng: Generator, person: Person, label: str, seconds: float) -> NDArray[np.int16]:
    """An activity that goes on, int16 [frames, axes] in mg."""
    felt = ACTIVITIES[label](rng, person, round(seconds * RATE_HZ) * FINER)
    worn = felt.reshape(-1, FINER, 3).mean(axis=1) @ person.strap.T
    worn += rng.normal(0, person.noise, worn.shape)
    worn[:, 0] *= person.sign
    return np.asarray(np.rint(1000 * np.clip(worn, -LIMIT_G, LIMIT_G)), np.int16)


def _walking(rng: Generator, person: Person, count: int) -> Signal:
    step = _steps(rng, count, person.steps_hz, 0.02)
    swing = _degrees(rng, 16, 26) * person.vigour * np.sin(step / 2)
    turning = np.gradient(swing, _STEP_S)
    bob = rng.uniform(0.17, 0.25) * np.sin(step)
    bob += rng.uniform(0.06, 0.11) * np.sin(2 * step + rng.uniform(0, 6.3))
    felt = _gravity(person.flexed + 0.8 * swing, person.rolled) * (1 + person.vigour * bob)[:, np.newaxis]
    felt[:, 0] += _ARM_S2 * turning**2
    felt[:, 1] += _ARM_S2 * np.gradient(turning, _STEP_S) + 0.08 * np.sin(step + 1)
    felt[:, 2] += rng.uniform(0.06, 0.13) * np.sin(step / 2 + rng.uniform(0, 6.3)) + 0.06 * np.sin(step + 2)
    return felt + _wander(rng, count, 3, 0.04)[:, np.newaxis] * rng.normal(0, 1, 3)


def _jogging(rng: Generator, person: Person, count: int) -> Signal:
    step = _steps(rng, count, rng.uniform(2.45, 2.9), 0.015)
    swing = _degrees(rng, 18, 30) * np.sin(step / 2)
    strength = rng.uniform(1.0, 1.4) * person.vigour
    bob = strength * (np.maximum(np.sin(step), -0.75) + 0.25 * np.sin(2 * step + 0.7))
    felt = _gravity(_degrees(rng, 50, 80) + swing, person.rolled) * (1 + bob)[:, np.newaxis]
    felt[:, 0] += rng.uniform(0.35, 0.7) * np.sin(step + rng.uniform(-0.6, 0.6)) + 0.3 * np.sin(step / 2)
    felt[:, 2] += rng.uniform(0.3, 0.5) * np.sin(step / 2 + 1) + 0.2 * np.sin(step + 2)
    return felt + _wander(rng, count, 5, 0.12)[:, np.newaxis] * rng.normal(0, 1, 3)


def _stairs(rng: Generator, person: Person, count: int) -> Signal:
    step = _steps(rng, count, person.steps_hz * rng.uniform(0.76, 0.88), 0.06)
    swing = _degrees(rng, 4, 9) * np.sin(step / 2) + np.deg2rad(_wander(rng, count, 0.4, 5))
    uneven = 1 + _wander(rng, count, 0.5, 0.25)
    strike = np.exp(-(((step / _TURN % 1 - 0.3) / 0.09) ** 2)) - 0.16
    bob = rng.uniform(0.10, 0.16) * np.sin(step) + rng.uniform(0.22, 0.38) * strike
    lifted = person.flexed + _degrees(rng, 5, 14)
    felt = _gravity(lifted + swing, person.rolled) * (1 + person.vigour * uneven * bob)[:, np.newaxis]
    felt[:, 1] += uneven * rng.uniform(0.06, 0.12) * np.sin(step + 2) - 0.15 * strike
    felt[:, 2] += uneven * rng.uniform(0.05, 0.10) * np.sin(step / 2 + 1)
    return felt + _tremor(rng, count, 2.5, (0.06, 0.10))


def _sitting(rng: Generator, _: Person, count: int) -> Signal:
    return _resting(rng, count, _degrees(rng, 72, 98), _degrees(rng, 55, 85), _degrees(rng, 0.4, 1.2))


def _standing(rng: Generator, person: Person, count: int) -> Signal:
    flexed, rolled = person.flexed + _degrees(rng, -3, 8), person.rolled + np.deg2rad(rng.normal(0, 8))
    return _resting(rng, count, flexed, rolled, _degrees(rng, 1.5, 3))


def _resting(rng: Generator, count: int, flexed: float, rolled: float, sway: float) -> Signal:
    felt = _gravity(flexed + _wander(rng, count, 0.25, sway), rolled + _wander(rng, count, 0.25, sway))
    felt += _tremor(rng, count, 6, (0.002, 0.006))
    times = _times(count)
    for _ in range(rng.poisson(0.06 * count * _STEP_S)):  # fidgets
        since, width = times - rng.uniform(0, count * _STEP_S), rng.uniform(0.15, 0.5)
        pulse = np.exp(-((since / width) ** 2)) * np.sin(_TURN * rng.uniform(1, 3) * since)
        felt += pulse[:, np.newaxis] * rng.normal(0, 0.05, 3)
    return felt


def _kicking(rng: Generator, person: Person, count: int) -> Signal:
    times = _times(count)
    flexed = person.flexed + _degrees(rng, 0, 6) + _wander(rng, count, 0.5, np.deg2rad(3))
    pushed = np.zeros((count, 3))
    kick = rng.uniform(0, 1.5)
    while kick < count * _STEP_S + 1:
        since, strength, width = times - kick, rng.uniform(0.85, 1.2) * person.vigour, rng.uniform(0.16, 0.22)
        envelope = np.exp(-((since / (1.5 * width)) ** 2))
        flexed += _degrees(rng, 30, 48) * strength * envelope * np.sin(since / width)
        body = strength * rng.uniform(0.6, 1.0) * np.exp(-(((since - 0.05) / 0.08) ** 2))
        pushed += body[:, np.newaxis] * [1, -0.5, 0.3] * rng.uniform(0.7, 1.3, 3)
        after = np.where(since > 0, np.exp(-np.maximum(since, 0) / 0.3), 0)
        pushed += (after * np.sin(_TURN * rng.uniform(2, 3) * since))[:, np.newaxis] * rng.normal(0, 0.2, 3)
        for before in (0.45, 0.85):
            pushed[:, 0] += rng.uniform(0.08, 0.25) * np.exp(-(((since + before) / 0.09) ** 2))
        kick += rng.uniform(1.2, 2.5)
    felt = _gravity(flexed, person.rolled + _wander(rng, count, 0.6, np.deg2rad(5))) + pushed
    return felt + np.stack([_wander(rng, count, 2, 0.05) for _ in range(3)], axis=1)


ACTIVITIES: dict[str, Callable[[Generator, Person, int], Signal]] = {
    "walking": _walking,
    "jogging": _jogging,
    "stairs": _stairs,
    "sitting": _sitting,
    "standing": _standing,
    "unknown": _kicking,
}
"""By label: what the watch feels in so many fine frames, [fine frames, 3] in g."""


def _times(count: int) -> Signal:
    return np.arange(count) * _STEP_S


def _degrees(rng: Generator, low: float, high: float) -> float:
    """Drawn in degrees, in radians."""
    return float(np.deg2rad(rng.uniform(low, high)))


def _wander(rng: Generator, count: int, hertz: float, strength: float) -> Signal:
    """Noise through two low passes of one pole at that frequency, of that root mean square."""
    kept = np.exp(-_TURN * hertz * _STEP_S)
    values = rng.normal(0, 1, count + _RUN_IN)
    for _ in range(2):
        held = 0.0
        for place, value in enumerate(values):
            held = values[place] = kept * held + (1 - kept) * value
    settled = values[_RUN_IN:]
    return np.asarray(strength * settled / settled.std())


def _tremor(rng: Generator, count: int, hertz: float, strengths: tuple[float, float]) -> Signal:
    """Another wander on each axis, each of a strength between those."""
    axes = []
    for _ in range(3):
        strength = rng.uniform(*strengths)
        axes.append(_wander(rng, count, hertz, strength))
    return np.stack(axes, axis=1)


def _steps(rng: Generator, count: int, hertz: float, jitter: float) -> Signal:
    """The phase of the steps, in radians, from anywhere."""
    pace = hertz * (1 + _wander(rng, count, 0.4, jitter))
    return np.asarray(_TURN * (np.cumsum(pace) * _STEP_S + rng.random()))


def _gravity(flexed: Signal, rolled: Signal | float) -> Signal:
    """In the watch's axes, [fine frames, 3]. Flexed by 0 the arm hangs; by a right angle the forearm is level, the
    thumb up; rolled by a right angle more, the watch's face is up."""
    across = np.sin(flexed)
    return np.stack([np.cos(flexed), -across * np.cos(rolled), across * np.sin(rolled)], axis=1)


def _rotation(turned: Signal) -> Signal:
    """[3, 3] of an axis times an angle, by the formula of Rodrigues."""
    angle = np.linalg.norm(turned)
    x, y, z = turned / angle
    crossed = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * crossed + (1 - np.cos(angle)) * crossed @ crossed)


def write(folder: Path, seed: int, people: int, seconds: float) -> None:
    """An archive for each person, and a file that says how they were made."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, made in enumerate(recordings(seed, people, seconds)):
        name = f"person_{number}"
        np.savez(folder / name, **made, fs=np.float64(RATE_HZ), unit="mg", subject=name)
    said = f"seed = {seed}\npeople = {people}\nseconds = {seconds:g}\n"
    (folder / MADE).write_text(f"# Made by models/activity-recognition/synthesise.py\n{said}", encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--seed", type=int, default=SHIPPED["seed"])
    options.add_argument("--people", type=int, default=SHIPPED["people"])
    options.add_argument("--seconds", type=float, default=SHIPPED["seconds"], help="of each activity of each person")
    chosen = options.parse_args()
    write(chosen.folder, chosen.seed, chosen.people, chosen.seconds)
