"""Call trees in the formats of other tools: folded stacks (flamegraph.pl, inferno) and speedscope.

https://github.com/brendangregg/FlameGraph#2-fold-stacks, https://www.speedscope.app/file-format-schema.json
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import lab
from lab.profiling.frame import Frame

_SCHEMA = "https://www.speedscope.app/file-format-schema.json"

_Stack = tuple[Frame, ...]


def folded(tree: Frame) -> str:
    """A line for each stack: its frames from the root on, separated by semicolons, and its own instructions."""
    lines = [
        f"{';'.join(frame.name.replace(';', ',') for frame in stack)} {stack[-1].own.instructions}"
        for stack in stacks(tree)
    ]
    return "\n".join([*lines, ""])


def speedscope(name: str, trees: Sequence[Frame]) -> str:
    """The text of a speedscope file: for each tree a profile of instructions and one of cycles."""
    frames: dict[str, int] = {}
    profiles = []
    for tree in trees:
        found = list(stacks(tree))
        samples = [[frames.setdefault(frame.name, len(frames)) for frame in stack] for stack in found]
        for unit in ("instructions", "cycles"):
            weights = [getattr(stack[-1].own, unit) for stack in found]
            profiles.append(_sampled(f"{tree.name}: {unit}", samples, weights))
    return json.dumps(
        {
            "$schema": _SCHEMA,
            "name": name,
            "exporter": f"tinyml-device-lab {lab.__version__}",
            "activeProfileIndex": 0,
            "shared": {"frames": [{"name": frame} for frame in frames]},
            "profiles": profiles,
        },
        separators=(",", ":"),
    )


def stacks(tree: Frame, above: _Stack = ()) -> Iterator[_Stack]:
    """Every frame that spent something itself, with those above it."""
    here = (*above, tree)
    if tree.own.instructions:
        yield here
    for frame in tree.below:
        yield from stacks(frame, here)


def _sampled(name: str, samples: list[list[int]], weights: list[int]) -> dict[str, Any]:
    return {
        "type": "sampled",
        "name": name,
        "unit": "none",
        "startValue": 0,
        "endValue": sum(weights),
        "samples": samples,
        "weights": weights,
    }
