"""The folder that `lab profile` leaves."""

from __future__ import annotations

from pathlib import Path

from lab import disk
from lab.profiling.run import Profiled
from lab.reporting import profile_stacks

RESULT, SPEEDSCOPE = "profile.json", "speedscope.json"


def write(profiled: Profiled, folder: Path) -> None:
    """Write every file, over those of an earlier profile. Raises StorageError."""
    profile = profiled.profile
    texts = {RESULT: profile.to_json(), SPEEDSCOPE: profile_stacks.speedscope(profile.workload, profiled.flames)}
    for board, tree in zip(profile.boards, profiled.flames, strict=True):
        texts[f"{board.name}.folded"] = profile_stacks.folded(tree)
    with disk.writing(folder, elsewhere=disk.FOR_A_RUN):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
