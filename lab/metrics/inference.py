"""What one inference costs. Counts are of the slowest recording: it is the one that misses a deadline.

They are whole numbers that any change of the program moves. 1 % lets a correction through and stops an operator that
fell back to slower code. It is of the baseline, which stays where it is, so small steps do not add up unseen.
"""

from __future__ import annotations

from lab.metrics._metric import Conditions, OfRecordings, Tolerance
from lab.outcomes.recording import ClipOutcome

_MODELLED = Tolerance(relative=0.01, needs=("toolchain", "recordings", "cost_model"), missing="ignore")


def _counted(clip: ClipOutcome) -> bool:
    return clip.instructions is not None


def _latency_ms(clip: ClipOutcome, conditions: Conditions) -> float | None:
    return None if clip.cycles is None else clip.cycles / conditions.clock_hz * 1e3


INSTRUCTIONS = OfRecordings(
    name="instructions_per_inference",
    place=300,
    meaning="Instructions of an inference, interrupts included; the slowest recording",
    unit="instructions",
    kind="exact",
    direction="lower",
    tolerance=Tolerance(relative=0.01, needs=("toolchain", "recordings")),
    over="largest",
    of_one=lambda clip, _: clip.instructions,
    main=True,
    tells=_counted,
    told_by="measure",
)
CYCLES = OfRecordings(
    name="cycles_per_inference",
    place=310,
    meaning="Core clock cycles of an inference, by the cost model; the slowest recording",
    unit="cycles",
    kind="modelled",
    direction="lower",
    tolerance=_MODELLED,
    over="largest",
    of_one=lambda clip, _: clip.cycles,
    tells=_counted,
    of_cycles=True,
    in_proportion=True,
    told_by="measure",
)
LATENCY = OfRecordings(
    name="latency_ms",
    place=320,
    meaning="Duration of an inference at the core's clock; the slowest recording",
    unit="ms",
    kind="modelled",
    direction="lower",
    tolerance=_MODELLED,
    over="largest",
    of_one=_latency_ms,
    tells=_counted,
    of_cycles=True,
    in_proportion=True,
    told_by="measure",
)
