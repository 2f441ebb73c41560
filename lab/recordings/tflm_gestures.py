"""The two gestures, "ring" and "slope", that the crate `tfmicro` carries of TFLM's example magic_wand.

They stay where they are: the lab plays them and ships none of it. Nothing tells who drew them.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from lab.recordings import motion
from lab.recordings.collection import Entry
from lab.signals.input import Input

_GESTURES = ("ring", "slope")


def crate_recordings(tflm_root: Path, played: Input, labels: Collection[str]) -> list[Entry]:
    """The gestures beside TFLM's sources, of those that are labels; fewer, or none, where the tree lacks them.

    Raises RecordingError for one that a workload of that input cannot play.
    """
    folder = tflm_root.parent.parent / "examples" / "models"
    return [
        entry
        for gesture in _GESTURES
        if gesture in labels
        for path in sorted(folder.glob(f"{gesture}_micro_*.data"))[:1]
        for entry in motion.of_file(path, f"tflm/{path.name}", gesture, "tflm", played)
    ]
