"""The two human recordings, "yes" and "no", that TFLM's sources carry for their micro_speech example.

They stay where they are: the lab plays them and ships none of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from lab.recordings.collection import Entry

SPEAKERS = {"yes": "f2e59fea", "no": "f9643d42"}
"""Who speaks, as Speech Commands names them: the crate's `<word>_micro_<speaker>_nohash_<n>.data` says so.

Whoever trains on Speech Commands must leave these two out, or the clips are no test.
"""

_EXAMPLE = "tensorflow/lite/micro/examples/micro_speech"


def crate_recordings(tflm_root: Path, labels: Collection[str]) -> list[Entry]:
    """The clips among TFLM's sources, of those words that are labels; fewer, or none, where the tree lacks them.

    The crate `tfmicro` has them as raw samples beside its sources, upstream trees as WAV files, older ones as C arrays.
    """
    return [
        Entry(path, f"tflm/{path.name}", word, SPEAKERS[word])
        for word in sorted(SPEAKERS.keys() & set(labels))
        for path in list(_candidates(tflm_root, word))[:1]
    ]


def _candidates(tflm_root: Path, word: str) -> Iterator[Path]:
    raw = tflm_root.parent.parent / "examples" / "models" / f"{word}_1000ms_sample.data"
    if raw.is_file():
        yield raw
    for form in ("wav", "cc"):
        yield from sorted((tflm_root / _EXAMPLE).rglob(f"{word}_1000ms*.{form}"))
