"""How busy the core is. All are of the recording that keeps it busiest, which is the first to miss a deadline."""

from __future__ import annotations

from lab.metrics._metric import Conditions, OfRecordings, OfStream, Tolerance
from lab.outcomes.recording import ClipOutcome

_TOLERANCE = Tolerance(relative=0.01, needs=("toolchain", "recordings", "cost_model"), missing="ignore")


def _headroom(clip: ClipOutcome, conditions: Conditions) -> float | None:
    """How often the clock cycles of a stride hold what one asks for: an inference, and the features of its signal.

    The features are what a recording takes besides its inference, in proportion to its length.
    """
    if clip.cycles is None or clip.awake_cycles is None:
        return None
    strides = conditions.stride_s / conditions.window_s
    needed = clip.cycles + (clip.awake_cycles - clip.cycles) * strides
    return conditions.stride_s * conditions.clock_hz / needed


OF_RECORDINGS = OfRecordings(
    name="cpu_load",
    place=330,
    meaning="Share of the core's cycles in which it is awake; the busiest recording",
    kind="modelled",
    direction="lower",
    tolerance=_TOLERANCE,
    share=True,
    over="largest",
    of_one=lambda clip, _: clip.cpu_load,
    of_cycles=True,
    in_proportion=True,
)
OF_STREAM = OfStream.same_as(OF_RECORDINGS, place=510, of_one=lambda part, _: part.cpu_load)
HEADROOM = OfRecordings(
    name="realtime_headroom",
    place=340,
    meaning="How many times over the core keeps up with the signal; below 1 it cannot",
    kind="modelled",
    direction="higher",
    tolerance=_TOLERANCE,
    over="smallest",
    of_one=_headroom,
    tells=lambda clip: clip.instructions is not None,
    of_cycles=True,
    in_proportion=True,
    told_by="lab",  # the stride of others is their own
)
