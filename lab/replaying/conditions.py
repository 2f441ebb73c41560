"""The inference with which a replay ends, or at which it is debugged: `--until`, `--debug-at`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection

from lab.errors import UnknownName, UsageError
from lab.measuring.reading import Stops
from lab.workload import Workload

_GRAMMAR = "inference N, label LABEL, or score LABEL > N, with >, >=, < or <= and N as the device prints it"
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_INFERENCE = re.compile(r"inference\s+(\d{1,9})")
_LABEL = re.compile(r"label\s+(.+)")
_SCORE = re.compile(r"score\s+(.+?)\s*(>=|<=|>|<)\s*(-?\d{1,10})")


def parsed(text: str, workload: Workload) -> Stops:
    """What a condition says of an inference. Raises UsageError for none, and UnknownName for a label."""
    words = text.strip()
    if found := _INFERENCE.fullmatch(words):
        wanted = int(found[1])
        return lambda number, _label, _scores: number >= wanted
    if found := _SCORE.fullmatch(words):
        names = workload.decision.score_names(workload.labels)
        index, compare, bound = names.index(_known(found[1], names)), _COMPARED[found[2]], int(found[3])
        return lambda _number, _label, scores: len(scores) == len(names) and compare(scores[index], bound)
    if found := _LABEL.fullmatch(words):
        label = _known(found[1], workload.labels)
        return lambda _number, decided, _scores: decided == label
    raise UsageError(f"{text!r} is no condition that an inference could meet.", remedy=f"Write {_GRAMMAR}.")


def check_order(until: str, debug_at: str) -> None:
    """Raises UsageError for an inference to stand at that comes after the one which a replay ends with, if both say
    their number."""
    last, wanted = number(until), number(debug_at)
    if last is not None and wanted is not None and last < wanted:
        raise too_early(until, debug_at)


def too_early(until: str, debug_at: str) -> UsageError:
    """The error for a replay that ends before the inference at which it is to stand."""
    return UsageError(
        f"--until {until!r} ends the replay before an inference meets --debug-at {debug_at!r}.",
        remedy="Leave one of them out, or let --until come later.",
    )


def unmet(option: str, text: str, inferences: int) -> UsageError:
    """The error for a condition that is the value of `option`, and that none of so many inferences meets."""
    counted = (
        f"{inferences} inferences, numbered from 0 to {inferences - 1}" if inferences > 1 else f"{inferences} of them"
    )
    return UsageError(
        f"No inference meets {option} {text!r}: the replay has {counted}.",
        remedy=f"Correct it; `lab replay` without {option} shows what each of them says.",
        code="condition-unmet",
    )


def number(text: str) -> int | None:
    """Of the inference that a condition names by its number; None for one that depends on what it decides."""
    found = _INFERENCE.fullmatch(text.strip())
    return int(found[1]) if found else None


def _known(name: str, names: Collection[str]) -> str:
    if name not in names:
        raise UnknownName("label", name, names)
    return name
