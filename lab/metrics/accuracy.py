"""How often the device is right."""

from __future__ import annotations

from lab.metrics._metric import OfRecordings, OfStream, Streamed, Tolerance


def _of_windows(played: Streamed) -> float | None:
    right = [window.correct for window in played.stream.windows if window.label is not None]
    return sum(right) / len(right) if right else None


OF_RECORDINGS = OfRecordings(
    name="accuracy",
    place=100,
    meaning="Share of recordings whose label the device printed; in a stream, of inferences",
    kind="exact",
    direction="higher",
    # One recording of the 242 that ship with keyword spotting; with the same model it does not move at all.
    tolerance=Tolerance(absolute=0.005, needs=("recordings",)),
    share=True,
    over="mean",
    of_one=lambda clip, _: int(clip.correct),
    main=True,
    blames="wrong",
)
OF_STREAM = OfStream.same_as(OF_RECORDINGS, of_all=_of_windows, asks=frozenset({"windows"}), blames="missed events")
