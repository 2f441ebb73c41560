"""Makes recordings of a rotor that does not exist, in balance and out of it. Needs numpy alone.

    python models/machine-vibration/synthesise.py models/machine-vibration/recordings
    python models/machine-vibration/synthesise.py some/folder --seed 11 --clips 400

The first set is the one that ships, the second, of another seed, is trained on: what is normal of this rotor has to be
learnt like that of any other machine. The same seed and number of clips give the same files, byte for byte.

The rotor has three blades, on an elastic mount, and turns at one of two speeds; an accelerometer on it takes 200
samples a second of x, y (radial) and z (axial), each clip a second long. In it are

- what is left of an imbalance at the speed of rotation, in x and y a quarter of a turn apart, and twice and three times
  that speed, from a shaft that is not quite straight;
- the blades, at three and six times the speed, with the flutter of the flow;
- bearing noise through the mount, a resonance at 38 Hz of 6 % damping, and the sensor's own noise of 1.5 mg;
- gravity, the sensor tilted by about a degree; the speed wanders by half a per cent within a clip.

With a mass on one blade the force at the speed of rotation grows by a factor of 2.5 to 4.5 and shows more in z, that
at twice the speed grows as the mount is not equally stiff all round, and the blades beat once a turn. Forces grow with
the square of the speed. How loud a clip is says little of the fault: each has a level of its own from 0.8 to 1.25.

How strong the fault is was chosen so that a model finds most of it and not all. So the set shows that firmware, model
and lab work together; how well faults are found shows on recordings of machines.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 200
FRAMES = 200
SPEEDS_HZ = {"slow": 15.0, "fast": 25.0}
LABELS = ("normal", "imbalance")
MADE = "made.toml"
SHIPPED = {"seed": 2024, "clips": 30}

_TURN = 2 * np.pi
_RUN_IN = 100

Signal = NDArray[np.float64]
Generator = np.random.Generator


def recordings(seed: int, clips: int) -> dict[str, NDArray[np.int16]]:
    """int16 [clips, frames, axes] in mg by name, such as "normal_slow"."""
    return {
        f"{label}_{speed}": np.stack([clip(rng, hertz, imbalance=label == "imbalance") for _ in range(clips)])
        for place, (speed, hertz) in enumerate(SPEEDS_HZ.items())
        for number, label in enumerate(LABELS)
        for rng in [np.random.default_rng([seed, place, number])]
    }


def clip(rng: Generator, hertz: float, *, imbalance: bool) -> NDArray[np.int16]:
    """A second of the rotor at that speed, int16 [frames, axes] in mg."""
    force = (hertz / SPEEDS_HZ["slow"]) ** 2
    once, twice, thrice = (level * force * rng.lognormal(0, spread) for level, spread in _SHAFT)
    axial, beat = 0.10 * rng.lognormal(0, 0.2), 0.05
    if imbalance:
        once, twice = once * rng.uniform(2.5, 4.5), twice * rng.uniform(1.2, 1.7)
        axial, beat = rng.uniform(0.12, 0.30), rng.uniform(0.10, 0.25)
    turned = _angle(rng, hertz)
    blades = (1 + beat * np.cos(turned + 0.7)) * _flutter(rng)
    three, six = 0.016 * force * rng.lognormal(0, 0.08), 0.006 * force * rng.lognormal(0, 0.12)
    moved = np.stack(
        [
            once * np.cos(turned)
            + twice * np.cos(2 * turned + 0.4)
            + thrice * np.cos(3 * turned + 1.1)
            + blades * (three * np.cos(3 * turned + 2.0) + six * np.cos(6 * turned + 0.9)),
            0.8 * once * np.sin(turned)
            + 0.7 * twice * np.sin(2 * turned + 0.4)
            + 0.8 * thrice * np.sin(3 * turned + 1.1)
            + blades * (0.7 * three * np.sin(3 * turned + 2.0) + 0.8 * six * np.sin(6 * turned + 0.9)),
            axial * once * np.cos(turned + 0.5)
            + 0.3 * twice * np.cos(2 * turned)
            + 0.4 * blades * (three * np.cos(3 * turned + 0.3) + six * np.cos(6 * turned)),
        ],
        axis=1,
    )
    moved = (moved + _bearing(rng, force) * [1, 0.9, 0.6]) * rng.uniform(0.8, 1.25)
    moved += rng.normal(0, 0.0015, moved.shape)
    return np.rint(1000 * (moved + _gravity(rng))).astype(np.int16)


_SHAFT = ((0.006, 0.12), (0.004, 0.15), (0.002, 0.15))
"""Levels in g at the slow speed of once, twice and three times a turn, and how far they spread."""


def _angle(rng: Generator, hertz: float) -> Signal:
    """How far the rotor has turned at each frame, from anywhere."""
    times = np.arange(FRAMES) / RATE_HZ
    wander = 0.005 * np.sin(_TURN * rng.uniform(0.2, 0.8) * times + rng.uniform(0, _TURN))
    speed = hertz * (1 + rng.normal(0, 0.003)) * (1 + wander)
    return np.asarray(_TURN * np.cumsum(speed) / RATE_HZ + rng.uniform(0, _TURN))


def _flutter(rng: Generator) -> Signal:
    times = np.arange(FRAMES) / RATE_HZ
    return 1 + 0.08 * np.interp(times, np.linspace(0, 1, 9), rng.normal(0, 1, 9))


def _bearing(rng: Generator, force: float) -> Signal:
    """White noise through a resonance of two poles, which runs in before the clip."""
    fade, turn = np.exp(-_TURN * 38 * 0.06 / RATE_HZ), _TURN * 38 / RATE_HZ
    pushed = rng.normal(0, 0.0016 * force, (FRAMES + _RUN_IN, 3))
    swung = np.zeros_like(pushed)
    for frame in range(2, len(swung)):
        swung[frame] = 2 * fade * np.cos(turn) * swung[frame - 1] - fade * fade * swung[frame - 2] + pushed[frame]
    return swung[_RUN_IN:]


def _gravity(rng: Generator) -> Signal:
    x, y = np.sin(rng.normal(0, 0.0175, 2))
    return np.array([x, y, np.sqrt(1 - x * x - y * y)])


def write(folder: Path, seed: int, clips: int) -> None:
    """An archive for each label and speed, and a file that says how they were made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in recordings(seed, clips).items():
        label, speed = name.split("_")
        np.savez(folder / name, acc=made, fs=np.float64(RATE_HZ), unit="mg", label=label, speed=speed)
    said = f"# Made by models/machine-vibration/synthesise.py\nseed = {seed}\nclips = {clips}\n"
    (folder / MADE).write_text(said, encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--seed", type=int, default=SHIPPED["seed"])
    options.add_argument("--clips", type=int, default=SHIPPED["clips"], help="of each label at each speed")
    chosen = options.parse_args()
    write(chosen.folder, chosen.seed, chosen.clips)
