"""What came too late, or was lost."""

from __future__ import annotations

from lab.metrics._metric import Conditions, OfRecordings, OfStream, Tolerance
from lab.outcomes.recording import ClipOutcome
from lab.outcomes.stream import PartOutcome


def _missed(one: ClipOutcome | PartOutcome, conditions: Conditions) -> int | None:
    """Late inferences, and lost samples in units of a feature step, rounded up."""
    if one.late_inferences is None or one.lost_samples is None:
        return None
    return one.late_inferences + -(-one.lost_samples // conditions.step_samples)


OF_RECORDINGS = OfRecordings(
    name="missed_deadlines",
    place=500,
    meaning="Late inferences, and lost samples in units of a feature step",
    kind="exact",
    direction="lower",
    tolerance=Tolerance(needs=("recordings",)),  # none: a lost buffer is a bug
    over="sum",
    of_one=_missed,
    tells=lambda clip: clip.late_inferences is not None and clip.lost_samples is not None,
    told_by="lab",
)
# The time in which an inference of a stream has to be done is modelled.
OF_STREAM = OfStream.same_as(OF_RECORDINGS, kind="modelled", of_one=_missed)
