"""A replay in the terminal, as it goes: a line for each inference, and one for each detection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from lab.outcomes.replay import ReplayedInference
from lab.output import one_line
from lab.replaying.result import Comparison, Expectation, ReplayResult
from lab.reporting import wording
from lab.workload import Workload

_LEAST_SHOWN = 0.05
_MOST_SHOWN = 3


class ReplayLines:
    """Prints what a firmware of the workload makes of a trace."""

    def __init__(self, console: Console, workload: Workload) -> None:
        self._console = console
        self._names = workload.decision.score_names(workload.labels)
        self._is_share = workload.decision.threshold_is_share
        self._widest = max(len(label) for label in workload.labels)

    def head(self) -> None:
        """What the columns are."""
        self._console.print(f"{'time':>10}  {'decided':<{self._widest}}    load  scores", style="dim")

    def inference(self, one: ReplayedInference) -> None:
        """One inference, at the time at which the model began, and what came of it."""
        trouble = "".join(f"  {what}" for what in self._trouble(one))
        load = "" if one.cpu_load is None else f"{one.cpu_load:.0%}"
        line = Text(f"{one.begin_s:10.3f}  {one_line(one.label):<{self._widest}}  {load:>6}  {self._scores(one)}")
        line.append(trouble, "bold red")
        self._console.print(line, soft_wrap=True)
        for found in one.found:
            self._console.print(Text(f"{found.time_s:10.3f}  {one_line(found.label)} detected", "bold"), soft_wrap=True)

    def _trouble(self, one: ReplayedInference) -> Iterator[str]:
        if one.late:
            yield "missed its deadline"
        if one.lost_samples:
            yield f"{wording.plural(one.lost_samples, 'sample')} lost"

    def _scores(self, one: ReplayedInference) -> str:
        """The highest of them, by what each is of; a single score alone."""
        if len(one.scores) != len(self._names) or len(one.scores) == 1:
            return " ".join(f"{score:,}" for score in one.scores[:_MOST_SHOWN])
        highest = sorted(zip(one.scores, self._names, strict=True), key=lambda each: -each[0])[:_MOST_SHOWN]
        if not self._is_share:
            return ", ".join(f"{name} {score}" for score, name in highest)
        shares = [((score + 128) / 255, name) for score, name in highest]
        return ", ".join(f"{name} {share:.2f}" for share, name in shares if share >= _LEAST_SHOWN)


def print_replay(result: ReplayResult, folder: Path, console: Console) -> None:
    """What a replay came to."""
    for note in result.notes:
        console.print(note + ".")
    for one in result.expectations:
        console.print(Text(expectation(one), "green" if one.passed else "red"), soft_wrap=True)
    if result.comparison:
        console.print(Text(_comparison(result.comparison), "red" if result.comparison.difference else "green"))
    late, lost = (sum(getattr(one, name) for one in result.inferences) for name in ("late", "lost_samples"))
    found = sum(len(one.found) for one in result.inferences)
    counted = f"{wording.plural(len(result.inferences), 'inference')}, {wording.plural(found, 'detection')}"
    console.print(f"{counted}, {wording.plural(late, 'missed deadline')}, {wording.plural(lost, 'lost sample')}")
    if result.fingerprint:
        console.print(f"fingerprint {result.fingerprint}", soft_wrap=True)
    console.print(f"results     {folder}", soft_wrap=True)
    if result.expectations or result.comparison or result.verdict != "passed":
        met = sum(one.passed for one in result.expectations)
        style = "bold green" if result.verdict == "passed" else "bold red"
        told = f": {met} of {len(result.expectations)} expectations met" if result.expectations else ""
        console.print(Text(f"{result.verdict.upper()}{told}", style))


def expectation(one: Expectation) -> str:
    """What was expected, whether it was so, and what was reported."""
    what = "nothing" if one.label is None else one.label
    said = ", ".join(f"{label} at {time_s:.3f} s" for time_s, label in one.reported[:5]) or "nothing"
    more = f" and {len(one.reported) - 5:,} more" if len(one.reported) > 5 else ""
    mark = "ok  " if one.passed else "FAIL"
    return f"{mark} expected {what} from {one.start_s:.10g} to {one.end_s:.10g} s: reported {said}{more}"


def _comparison(found: Comparison) -> str:
    """What was compared, and the first difference."""
    stages = ", ".join(found.stages)
    over = f"{wording.plural(found.inferences, 'inference')}, by {stages}"
    if found.difference is None:
        return f"equal to {found.against}: {over}"
    return f"{found.difference} ({found.against}; compared by {stages})"
