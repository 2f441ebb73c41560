"""Inputs that nobody would write: real ones with bytes, words, numbers or branches changed, by a seed.

The same seed gives the same input in every version of Python: nothing but `random.Random.random` is used.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")

NUMBERS = (
    *(0, -1, 1, 2, 3, 127, 128, 255, 256, -128, -129, 32_767, 32_768, 65_535, 65_536, 2**24, 2**31 - 1, 2**31, 2**32),
    *(-(2**31), 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10**40, 10**400, 10**4_000),
    *(0.5, -0.0, 1e-300, 5e-324, 1e300, 1.7e308, -1.7e308),
)
TEXTS = (
    *("", " ", ".", "..", "../..", "/", "/dev/zero", "~", "-", "--help", "a\0b", "\n", "\r", "\t", "\x1b[2J", "\u202e"),
    *("\ufeff", "\ud800", "é" * 50, "𝄞", "%s%n", "{0}", "${x}", "$(id)", "<b>&amp;", "|", "`", "::error::", "a" * 300),
    *("a" * 5_000, "null", "true", "nan", "inf", "1", "0x10", "(a+)+$", "[", "(", "\\", '"', "'", "#", "//", "/*"),
)
_WORD = re.compile(r"[^\W\d]\w*|\d+(?:\.\d+)?|[^\w\s]")


class Mutation:
    """Draws of one seed, and what they make of an input."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing secret

    def below(self, count: int) -> int:
        """0 to count - 1."""
        return int(self._random.random() * count)

    def one_of(self, items: Sequence[Item]) -> Item:
        """Any of them."""
        return items[self.below(len(items))]

    def bytes(self, original: bytes) -> bytes:
        """One to eight changes: bits, numbers of 1 to 8 bytes, parts cut, doubled, moved or drawn anew."""
        changed = bytearray(original)
        for _ in range(1 + self.below(self.one_of((1, 2, 8)))):
            at = self.below(len(changed) + 1)
            length = min(len(changed) - at, self.one_of((1, 2, 4, 16, 100, 4_000)))
            kind = self.below(8)
            if kind == 0:
                del changed[at:]
            elif kind == 1:
                del changed[at : at + length]
            elif kind == 2:
                changed[at:at] = changed[at : at + length]
            elif kind == 3:
                changed[at : at + length] = bytes(self.below(256) for _ in range(length))
            elif kind == 4:
                other = self.below(len(changed) + 1)
                changed[other:other] = changed[at : at + length]
            elif kind == 5 and at < len(changed):
                changed[at] ^= 1 << self.below(8)
            else:
                size = self.one_of((1, 2, 4, 4, 8))
                number = int(self.one_of(NUMBERS[:22])) % (1 << 8 * size)
                changed[at : at + size] = number.to_bytes(size, self.one_of(("little", "big")))
        return bytes(changed)

    def text(self, original: str) -> bytes:
        """One to six changes of words, numbers and lines; now and then of bytes."""
        if self.below(6) == 0:
            return self.bytes(original.encode())
        changed = original
        for _ in range(1 + self.below(self.one_of((1, 2, 6)))):
            lines = changed.split("\n")
            line = self.below(len(lines))
            words = list(_WORD.finditer(lines[line]))
            kind = self.below(8)
            if kind == 0:
                del lines[line]
            elif kind == 1:
                lines.insert(self.below(len(lines) + 1), lines[line])
            elif kind == 2 and words:
                word = self.one_of(words)
                lines[line] = lines[line][: word.start()] + lines[line][word.end() :]
            elif words:
                word = self.one_of(words)
                new = spelled(self.one_of(NUMBERS)) if word[0][0].isdigit() or kind == 3 else self.one_of(TEXTS)
                lines[line] = lines[line][: word.start()] + new + lines[line][word.end() :]
            changed = "\n".join(lines)
        return changed.encode("utf-8", "surrogatepass")

    def tree(self, original: Any) -> Any:
        """One to four values of a tree of JSON are changed, taken out, doubled, or take another's place."""
        changed = original
        for _ in range(1 + self.below(self.one_of((1, 4)))):
            changed = self._branch(changed)
        return changed

    def _branch(self, value: Any) -> Any:
        if isinstance(value, dict) and value and self.below(30):
            return self._table(value)
        if isinstance(value, list) and value and self.below(30):
            at = self.below(len(value))
            kind = self.below(10)
            if kind == 0:
                return value[:at] + value[at + 1 :]
            return [*value[:at], value[at] if kind == 1 else self._branch(value[at]), *value[at + (kind != 1) :]]
        return self._value(value)

    def _table(self, value: dict[str, Any]) -> dict[str, Any]:
        key = self.one_of(list(value))
        kind = self.below(40)
        if kind == 0:
            return {name: inner for name, inner in value.items() if name != key}
        if kind == 1:
            return {**value, self.one_of(TEXTS): value[key]}
        return {**value, key: self.one_of(list(value.values())) if kind == 2 else self._branch(value[key])}

    def _value(self, value: Any) -> Any:
        kind = self.below(16)
        if (kind < 13 and isinstance(value, (int, float))) or kind == 13:
            return self.one_of(NUMBERS)
        if (kind < 13 and isinstance(value, str)) or kind == 14:
            return self.one_of(TEXTS)
        return self.one_of((None, True, False, [], {}, [[]], {"a": None}, float("inf"), float("nan")))


def spelled(number: float) -> str:
    """As TOML, JSON and C write it; Python itself refuses to write out 5,000 digits."""
    return "1" * 5_000 if isinstance(number, int) and abs(number) >= 10**4_000 else str(number)
