"""Units that recordings are written in, and what a number in one is in another."""

from __future__ import annotations

from math import pi

STANDARD_GRAVITY = 9.80665
"""Of 1 g, in m/s^2: exact, by definition."""

_QUANTITIES: tuple[dict[str, float], ...] = (
    {"g": 1.0, "mg": 1e-3, "ug": 1e-6, "m/s^2": 1 / STANDARD_GRAVITY, "cm/s^2": 0.01 / STANDARD_GRAVITY},
    {"dps": 1.0, "mdps": 1e-3, "rad/s": 180 / pi},
)
"""Units of one quantity, each as a multiple of the first: acceleration, rate of rotation."""

_SPELLINGS = {
    "gs": "g",
    "gee": "g",
    "gravity": "g",
    "milli-g": "mg",
    "millig": "mg",
    "m/s2": "m/s^2",
    "m/s²": "m/s^2",
    "m/s**2": "m/s^2",
    "m/s/s": "m/s^2",
    "ms2": "m/s^2",
    "ms^-2": "m/s^2",
    "ms-2": "m/s^2",
    "m*s^-2": "m/s^2",
    "m.s^-2": "m/s^2",
    "mps2": "m/s^2",
    "deg/s": "dps",
    "degrees/s": "dps",
    "°/s": "dps",
}
"""How else they are written, in lower case and without blanks; `ms2` and `m/s2` are Edge Impulse's."""

SECONDS = {"s": 1.0, "sec": 1.0, "seconds": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ns": 1e-9}
"""Units of time, in seconds."""


def plain(unit: str) -> str:
    """A unit in the spelling that the lab uses, as far as it knows it: "M/S²" is "m/s^2"."""
    small = "".join(unit.split()).lower()
    return _SPELLINGS.get(small, small)


def is_known(unit: str) -> bool:
    """Whether the lab knows what it measures."""
    return any(plain(unit) in quantity for quantity in _QUANTITIES)


def factor(unit: str, wanted: str) -> float | None:
    """What a number in `unit` is multiplied with to be in `wanted`; None if that measures something else."""
    given, asked = plain(unit), plain(wanted)
    if given == asked:
        return 1.0
    quantity = next((each for each in _QUANTITIES if given in each and asked in each), None)
    return None if quantity is None else quantity[given] / quantity[asked]


def names_like(wanted: str) -> list[str]:
    """Units of what `wanted` measures, with itself first."""
    asked = plain(wanted)
    quantity = next((each for each in _QUANTITIES if asked in each), {})
    return [wanted, *(unit for unit in quantity if unit != asked)]
