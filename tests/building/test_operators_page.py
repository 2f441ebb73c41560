"""docs/operators.md has the operators of the pinned TFLM as they are read from its sources."""

from __future__ import annotations

from collections.abc import Sequence

from lab import places
from lab.building import operator_types, registered, tflm
from lab.building.registered import Registered


def row(name: str, functions: Sequence[Registered]) -> str:
    most = functions[-1]
    types = ", ".join(sorted(map(operator_types.in_words, most.types or ())))
    origin = "crate" if not most.is_ours else "lab"
    return f"| {name} | {most.highest} | {types} | {origin} |"


def test_the_page_lists_every_operator_with_its_types():
    known = registered.of(tflm.source())
    expected = [row(name, known[name]) for name in sorted(known)]
    lines = (places.project() / "docs" / "operators.md").read_text(encoding="utf-8").splitlines()
    start = lines.index("| operator | versions to | types | kernel |") + 2
    assert lines[start : start + len(expected)] == expected, "The rows should be:\n" + "\n".join(expected)
