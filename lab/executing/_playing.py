"""Playing on and on, or one thing after the other, up to what goes wrong: what was heard until then is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Generic

from lab import interrupts
from lab.crash import as_lab_error
from lab.errors import LabError
from lab.executing._work import Executor, Item, Outcome, Setup


@dataclass(frozen=True)
class Gathered(Generic[Outcome]):
    """The outcomes, in order; `error` or `interrupted` say why they are not all."""

    outcomes: tuple[Outcome, ...]
    error: LabError | None
    interrupted: bool


def play(
    executor: Executor,
    setup: Setup[Item, Outcome],
    items: Sequence[Item],
    on_outcome: Callable[[int, int, Outcome], None],
) -> Gathered[Outcome]:
    """Have every item heard; `on_outcome` gets how many are done, how many there are, and the newest."""
    done = count(1)
    return gathered(executor.hear(setup, items), lambda outcome: on_outcome(next(done), len(items), outcome))


def gathered(outcomes_to_be: Iterable[Outcome], on_outcome: Callable[[Outcome], None]) -> Gathered[Outcome]:
    """Every outcome as it comes; `on_outcome` gets each."""
    outcomes: list[Outcome] = []
    error: LabError | None = None
    interrupted = False
    try:
        for outcome in outcomes_to_be:
            outcomes.append(outcome)
            on_outcome(outcome)
    except Exception as ended_by:  # what nobody foresaw too: those that were heard until then are kept
        interrupted = interrupts.have_arrived()
        error = None if interrupted else as_lab_error(ended_by)
    except KeyboardInterrupt:
        interrupted = True
    return Gathered(tuple(outcomes), error, interrupted)
