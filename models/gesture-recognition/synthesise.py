"""Makes recordings of strokes in the air that nobody drew, and of other movements of a hand. Needs numpy alone.

    python models/gesture-recognition/synthesise.py models/gesture-recognition/recordings
    python models/gesture-recognition/synthesise.py some/folder --seed 4242 --each 150

The first set is the one that ships, the second, of another seed, is trained on beside recordings of people. The same
seed and number give the same files, byte for byte.

A stroke is a path in the plane in front of the person: corners joined by straight lines, travelled with least jerk, or
a circle. What an accelerometer in the hand feels is the path's second derivative and gravity, which turns in its frame
as the hand tilts: its roll follows the way to the side, its pitch the height. Tremor and the sensor's noise come on
top, and half of the sensors saturate at 2 g, the others at 4.

- wing: a W, down, up, down, up, from left to right
- ring: a circle, clockwise as the person sees it, from the top
- slope: down to the left, then to the right
- negative: carrying something, shaking, walking, typing, a circle the other way round, or one reach and no more
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 25
FINER = 8
"""Paths are computed at so many times the rate."""
LABELS = ("negative", "wing", "ring", "slope")
MADE = "made.toml"
SHIPPED = {"seed": 2024, "each": 20}

_STANDARD_GRAVITY = 9.80665
_FINE_HZ = RATE_HZ * FINER

Signal = NDArray[np.float64]
Generator = np.random.Generator


def recordings(seed: int, each: int) -> dict[str, NDArray[np.int16]]:
    """int16 [frames, axes] in mg by name, such as "wing_07"."""
    rng = np.random.default_rng([seed, 77])
    return {f"{label}_{number:02}": recording(label, rng) for label in LABELS for number in range(each)}


def recording(label: str, rng: Generator) -> NDArray[np.int16]:
    """A movement with some rest around it, int16 [frames, axes] in mg."""
    felt = _negative(rng) if label == "negative" else _felt(_path(label, rng), rng)
    return np.rint(1000 * felt).astype(np.int16)


def _least_jerk(count: int) -> Signal:
    times = np.linspace(0, 1, count)
    return times**3 * (10 - 15 * times + 6 * times**2)


def _along(corners: list[tuple[float, float]], seconds: list[float]) -> Signal:
    """Metres to the right and up, [fine frames, 2], from corner to corner."""
    parts = []
    for start, end, lasting in zip(corners[:-1], corners[1:], seconds, strict=True):
        share = _least_jerk(max(8, int(lasting * _FINE_HZ)))[:, np.newaxis]
        parts.append(np.asarray(start) + (np.asarray(end) - start) * share)
    return np.concatenate(parts)


def _path(kind: str, rng: Generator) -> Signal:
    size, wide, pace = rng.uniform(0.22, 0.42), rng.uniform(0.45, 0.9), np.exp(rng.uniform(-0.25, 0.25))

    def near(metres: float) -> float:
        return metres + float(rng.normal(0, 0.07 * size))

    if kind == "wing":
        step = size * wide / 2
        corners = [
            (0.0, 0.0),
            (near(step), near(-size)),
            (near(2 * step), near(-0.1 * size)),
            (near(3 * step), near(-size)),
            (near(4 * step), near(0)),
        ]
        return _along(corners, [pace * rng.uniform(0.36, 0.5) for _ in range(4)])
    if kind == "slope":
        end = (near(size * rng.uniform(0.2, 0.8)), -size * rng.uniform(0.95, 1.15))
        corners = [(0.0, 0.0), (near(-size * wide), near(-size)), end]
        return _along(corners, [pace * rng.uniform(0.45, 0.7), pace * rng.uniform(0.45, 0.75)])
    return _circle(size, pace, -1 if kind == "reversed" else 1, rng)


def _circle(size: float, pace: float, sense: int, rng: Generator) -> Signal:
    count = int(pace * rng.uniform(1.3, 2.1) * _FINE_HZ)
    even = np.linspace(0, 1, count)
    share = _smooth((0.45 * even + 0.55 * _least_jerk(count))[:, np.newaxis], count // 5)[:, 0]
    share = (share - share[0]) / (share[-1] - share[0])
    angle = 2 * np.pi * share * rng.uniform(0.95, 1.08) + rng.uniform(-0.3, 0.3)
    across = sense * 0.55 * size * np.sin(angle) * rng.uniform(0.8, 1.15)
    path = np.stack([across, 0.55 * size * np.cos(angle)], axis=1)
    return path - path[0]


def _smooth(values: Signal, width: int) -> Signal:
    """Each column by a window of Hann, the ends held."""
    weights = np.hanning(width + 2)[1:-1]
    weights /= weights.sum()
    held = np.pad(values, ((width, width), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, weights, "same")[width:-width] for column in held.T], axis=1)


def _pose(rng: Generator) -> tuple[float, float, float, float]:
    """Pitch and roll of the hand at rest, and how much they follow a metre up and to the right."""
    return rng.normal(0.72, 0.15), rng.normal(0.35, 0.15), rng.uniform(1.6, 3.2), rng.normal(0, 0.5)


def _felt(path: Signal, rng: Generator) -> Signal:
    """The path as the sensor feels it, in g at the rate, [frames, 3], with rest before and after."""
    pitch, roll, by_height, by_side = _pose(rng)
    before, after = int(rng.uniform(0.3, 0.7) * _FINE_HZ), int(rng.uniform(0.4, 0.8) * _FINE_HZ)
    held = _smooth(_smooth(np.pad(path, ((before, after), (0, 0)), mode="edge"), 18), 18)
    pushed = np.gradient(np.gradient(held, axis=0), axis=0) * _FINE_HZ**2 / _STANDARD_GRAVITY
    felt = _in_the_hand(pushed[:, 0], pushed[:, 1] + 1.0, pitch + by_height * held[:, 1], roll + by_side * held[:, 0])
    return _sensed(felt[rng.integers(FINER) :: FINER], rng)


def _in_the_hand(right: Signal, up: Signal, pitch: Signal, roll: Signal, forward: Signal | float = 0.0) -> Signal:
    """Accelerations of the room, gravity with the one that is up, in the axes of the sensor, [frames, 3]."""
    level = np.cos(pitch) * up
    return np.stack(
        [
            forward - np.sin(pitch) * up,
            right * np.cos(roll) + level * np.sin(roll),
            level * np.cos(roll) - right * np.sin(roll),
        ],
        axis=1,
    )


def _sensed(felt: Signal, rng: Generator) -> Signal:
    """With tremor, a grip that is turned a little, and a sensor that has noise and an end of its range."""
    tremor = _smooth(rng.normal(0, 1, felt.shape), 4) * rng.uniform(0.01, 0.06)
    axis, angle = rng.normal(size=3), rng.normal(0, 0.1)
    noisy = felt @ _rotation(axis, angle).T + tremor + rng.normal(0, rng.uniform(0.003, 0.03), felt.shape)
    end = 2.04 if rng.random() < 0.5 else 3.99
    return np.clip(noisy, -end, end)


def _rotation(axis: Signal, angle: float) -> Signal:
    x, y, z = axis / np.linalg.norm(axis)
    crossed = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * crossed + (1 - np.cos(angle)) * crossed @ crossed)


def _negative(rng: Generator) -> Signal:
    kinds = (_reversed, _reach, _carrying, _shaking, _walking, _typing)
    return kinds[rng.integers(len(kinds))](rng)


def _reversed(rng: Generator) -> Signal:
    return _felt(_path("reversed", rng), rng)


def _reach(rng: Generator) -> Signal:
    far, way = rng.uniform(0.15, 0.5), rng.uniform(0, 2 * np.pi)
    end = (far * np.cos(way), far * np.sin(way))
    return _felt(_along([(0.0, 0.0), end], [rng.uniform(0.5, 1.2)]), rng)


def _held(rng: Generator) -> tuple[Signal, Signal, Signal, Signal]:
    """Times, pitch and roll of a hand, and an envelope that begins and ends at rest."""
    count = int(rng.integers(50, 110))
    pitch, roll, _, _ = _pose(rng)
    frames = np.arange(count)
    envelope = np.minimum(1, np.minimum(frames, frames[::-1]) / 12.0)
    return frames / RATE_HZ, np.full(count, pitch), np.full(count, roll), envelope


def _carrying(rng: Generator) -> Signal:
    times, pitch, roll, _ = _held(rng)
    turned = _smooth(rng.normal(0, 1, (len(times), 2)), 20)
    turned = (turned - turned[0]) / turned.std()
    pushed = _smooth(rng.normal(0, 0.4, (len(times), 3)), 8)
    return _moved(pushed, pitch + 0.35 * turned[:, 0], roll + 0.5 * turned[:, 1], rng)


def _shaking(rng: Generator) -> Signal:
    times, pitch, roll, envelope = _held(rng)
    way = rng.normal(size=3)
    swing = rng.uniform(0.5, 1.8) * np.sin(2 * np.pi * rng.uniform(2.5, 5) * times + rng.uniform(0, 6)) * envelope
    return _moved(swing[:, np.newaxis] * way / np.linalg.norm(way), pitch, roll, rng)


def _walking(rng: Generator) -> Signal:
    times, pitch, roll, envelope = _held(rng)
    step = 2 * np.pi * rng.uniform(1.6, 2.2) * times + rng.uniform(0, 6)
    swung = pitch + rng.uniform(0.1, 0.5) * np.sin(step / 2) * envelope
    ways = [0.2 * np.cos(step), 0.15 * np.sin(step / 2), 0.35 * np.sin(step) + 0.15 * np.sin(2 * step)]
    return _moved(np.stack(ways, axis=1) * envelope[:, np.newaxis] * rng.uniform(0.7, 1.3), swung, roll, rng)


def _typing(rng: Generator) -> Signal:
    times, _, _, _ = _held(rng)
    pitch, roll = np.full(len(times), rng.normal(0, 0.15)), np.full(len(times), rng.normal(0, 0.2))
    taps = (rng.random(len(times)) < 0.3) * rng.normal(0, 0.6, len(times))
    return _moved(np.stack([0.2 * taps, 0.2 * taps, taps - 0.5 * np.roll(taps, 1)], axis=1), pitch, roll, rng)


def _moved(pushed: Signal, pitch: Signal, roll: Signal, rng: Generator) -> Signal:
    """A hand that is pushed forward, to the right and up, in g."""
    return _sensed(_in_the_hand(pushed[:, 1], 1.0 + pushed[:, 2], pitch, roll, pushed[:, 0]), rng)


def write(folder: Path, seed: int, each: int) -> None:
    """One archive, and a file that says how it was made."""
    folder.mkdir(parents=True, exist_ok=True)
    scalars = {"fs": np.float64(RATE_HZ), "unit": "mg", "subject": "nobody"}
    np.savez(folder / "strokes.npz", **recordings(seed, each), **scalars)
    said = f"# Made by models/gesture-recognition/synthesise.py\nseed = {seed}\neach = {each}\n"
    (folder / MADE).write_text(said, encoding="utf-8")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--seed", type=int, default=SHIPPED["seed"])
    options.add_argument("--each", type=int, default=SHIPPED["each"], help="recordings of each label")
    chosen = options.parse_args()
    write(chosen.folder, chosen.seed, chosen.each)
