"""Numbers that look random, and are the same in every run.

Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (14), 2003.
"""

from __future__ import annotations

_WORD = 0xFFFF_FFFF


def following(number: int) -> int:
    """The number of 32 bits after this one, which is not 0."""
    number ^= number << 13 & _WORD
    number ^= number >> 17
    return number ^ (number << 5 & _WORD)
