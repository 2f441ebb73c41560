"""What came of a replay, in words, alike in the terminal and on its timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lab.outcomes.inferences import Scoring
from lab.outcomes.replay import ReplayedInference
from lab.replaying.result import Comparison, Expectation
from lab.reporting import wording

_Score = TypeVar("_Score", float, NDArray[np.float64])

_LEAST_SHOWN = 0.05
_MOST_SHOWN = 3


def share(score: _Score) -> _Score:
    """The probability that a score stands for, or each of several, if they stand for any."""
    return (score + 128) / 255


def scores(found: Sequence[int], scoring: Scoring) -> str:
    """The highest of an inference's scores, by what each is of; a single score alone."""
    if len(found) != len(scoring.names) or len(found) == 1:
        return " ".join(f"{score:,}" for score in found[:_MOST_SHOWN])
    highest = sorted(zip(found, scoring.names, strict=True), key=lambda each: -each[0])[:_MOST_SHOWN]
    if not scoring.is_share:
        return ", ".join(f"{name} {score}" for score, name in highest)
    return ", ".join(f"{name} {share(score):.2f}" for score, name in highest if share(score) >= _LEAST_SHOWN)


def trouble(one: ReplayedInference) -> Iterator[str]:
    """What went wrong with an inference."""
    if one.late:
        yield "missed its deadline"
    if one.lost_samples:
        yield f"{wording.plural(one.lost_samples, 'sample')} lost"


def expectation(one: Expectation) -> str:
    """What was expected, and what was reported then."""
    what = "nothing" if one.label is None else one.label
    said = ", ".join(f"{label} at {time_s:.3f} s" for time_s, label in one.reported[:5]) or "nothing"
    more = f" and {len(one.reported) - 5:,} more" if len(one.reported) > 5 else ""
    return f"expected {what} from {one.start_s:.10g} to {one.end_s:.10g} s: reported {said}{more}"


def checked(one: Expectation) -> str:
    """The same, and whether it was so."""
    return f"{'ok  ' if one.passed else 'FAIL'} {expectation(one)}"


def comparison(found: Comparison) -> str:
    """What was compared, and the first difference."""
    stages = ", ".join(found.stages)
    if found.difference is None:
        return f"equal to {found.against}: {wording.plural(found.inferences, 'inference')}, by {stages}"
    return f"{found.difference} ({found.against}; compared by {stages})"


def counted(inferences: Sequence[ReplayedInference]) -> str:
    """`23 inferences, 1 detection, 0 missed deadlines, 0 lost samples`."""
    late, lost = sum(one.late for one in inferences), sum(one.lost_samples for one in inferences)
    found = sum(len(one.found) for one in inferences)
    nouns = ((len(inferences), "inference"), (found, "detection"), (late, "missed deadline"), (lost, "lost sample"))
    return ", ".join(wording.plural(count, noun) for count, noun in nouns)
