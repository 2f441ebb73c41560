"""What was done to recordings before they were played, in words that name them."""

from __future__ import annotations

from collections.abc import Iterable

_NAMED = 5


def named(names: Iterable[str], most: int = _NAMED) -> str:
    """The first few names, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return f"{', '.join(every[:most])}{more}"


def summary(done: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """For pairs of a recording's name and what was done to it: each of these once, with how many and which."""
    by_note: dict[str, list[str]] = {}
    for name, note in done:
        by_note.setdefault(note, []).append(name)
    return tuple(
        f"{len(names):,} recording{'s' * (len(names) > 1)} {note} ({named(names)})"
        for note, names in sorted(by_note.items())
    )
