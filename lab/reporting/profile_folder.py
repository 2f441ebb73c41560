"""The folder that `lab profile` leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lab import disk
from lab.profiling.run import Profiled
from lab.reporting import flame, profile_chart, profile_stacks

RESULT, CHART, SPEEDSCOPE = "profile.json", "profile.png", "speedscope.json"


def make(folder: Path) -> None:
    """Make the folder, so that one that cannot be is known before minutes of building. Raises StorageError."""
    with disk.writing(folder, elsewhere=disk.FOR_A_RUN):
        folder.mkdir(parents=True, exist_ok=True)


def write(profiled: Profiled, folder: Path) -> None:
    """Write every file, over those of an earlier profile. Raises StorageError."""
    make(folder)
    for name, text in _texts(profiled):
        disk.write(folder / name, text, elsewhere=disk.FOR_A_RUN)
    profile_chart.save(profiled.profile, folder / CHART)


def _texts(profiled: Profiled) -> Iterator[tuple[str, str]]:
    profile = profiled.profile
    trees = list(zip(profile.boards, profiled.flames, strict=True))
    yield RESULT, profile.to_json()
    yield SPEEDSCOPE, profile_stacks.speedscope(profile.workload, profiled.flames)
    for board, tree in trees:
        yield f"{board.name}.folded", profile_stacks.folded(tree)
    for target in dict.fromkeys(board.target for board in profile.boards):
        title = f"{profile.workload} on {target}, {profile.clip}"
        yield f"{target}.svg", flame.render(title, [tree for board, tree in trees if board.target == target])
