"""Profiles of one board side by side: the same part of a phase in a row, whatever the kernels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lab.profiling.profile import BoardProfile, OperatorPart, Part, Phase, Profile


@dataclass(frozen=True)
class Row:
    """A part by its name, in each of the profiles; None where it did not occur."""

    name: str
    parts: tuple[Part | None, ...]

    @property
    def last(self) -> Part | None:
        """In the profile that the others are held against."""
        return self.parts[-1]

    @property
    def operator(self) -> OperatorPart | None:
        """The part, if it is an operator."""
        return next((part for part in self.parts if isinstance(part, OperatorPart)), None)

    @property
    def ratio(self) -> float | None:
        """How many times the instructions of the last profile the first one took."""
        return ratio(self.parts[0], self.parts[-1])


@dataclass(frozen=True)
class Kind:
    """All operators of one name: how many, and what they took in each of the profiles."""

    name: str
    count: int
    instructions: tuple[int, ...]
    cycles: int
    share: float
    macs: int


def ratio(first: Part | Phase | None, last: Part | Phase | None) -> float | None:
    """First over last, by instructions."""
    return first.instructions / last.instructions if first and last and last.instructions else None


def boards(profile: Profile) -> list[list[BoardProfile]]:
    """The profiles of each target, in order."""
    return [list(group) for _, group in groupby(profile.boards, key=lambda board: board.target)]


def rows(phases: Sequence[Phase]) -> list[Row]:
    """Each part of the phases once, in order; interrupts, which may come in one of them alone, behind the others."""
    parts = [{_key(part): part for part in phase.parts} for phase in phases]
    keys = sorted(dict.fromkeys(key for one in parts for key in one), key=lambda key: key[0] == "interrupt")
    return [Row(key[1], tuple(one.get(key) for one in parts)) for key in keys]


def kinds(variants: Sequence[BoardProfile]) -> Iterator[Kind]:
    """The operators summed by name, those first that take the most."""
    last = variants[-1]
    names = {one.name for one in last.operators}
    for name in sorted(names, key=lambda name: -_instructions(last, name)):
        same = [one for one in last.operators if one.name == name]
        yield Kind(
            name,
            len(same),
            tuple(_instructions(board, name) for board in variants),
            sum(one.cycles for one in same),
            sum(one.share for one in same),
            sum(one.macs for one in same),
        )


_Key = tuple[str, str, int]


def _key(part: Part) -> _Key:
    return part.kind, part.name, part.index if isinstance(part, OperatorPart) else 0


def _instructions(board: BoardProfile, name: str) -> int:
    return sum(one.instructions for one in board.operators if one.name == name)
