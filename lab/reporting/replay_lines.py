"""A replay in the terminal, as it goes: a line for each inference, and one for each detection."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.console import Console
from rich.text import Text

from lab.outcomes.inferences import Scoring
from lab.outcomes.replay import ReplayedInference
from lab.output import one_line
from lab.replaying.result import ReplayResult
from lab.reporting import replay_words
from lab.workload import Workload


class ReplayLines:
    """Prints what a firmware of the workload makes of a trace."""

    def __init__(self, console: Console, workload: Workload) -> None:
        self._console = console
        self._scoring = Scoring.of(workload)
        self._widest = max(len(label) for label in workload.labels)

    def head(self) -> None:
        """What the columns are."""
        self._console.print(f"{'time':>10}  {'decided':<{self._widest}}    load  scores", style="dim")

    def inference(self, one: ReplayedInference) -> None:
        """One inference, at the time at which the model began, and what came of it."""
        trouble = "".join(f"  {what}" for what in replay_words.trouble(one))
        load = "" if one.cpu_load is None else f"{one.cpu_load:.0%}"
        scores = replay_words.scores(one.scores, self._scoring)
        line = Text(f"{one.begin_s:10.3f}  {one_line(one.label):<{self._widest}}  {load:>6}  {scores}")
        line.append(trouble, "bold red")
        self._console.print(line, soft_wrap=True)
        for found in one.found:
            self._console.print(Text(f"{found.time_s:10.3f}  {one_line(found.label)} detected", "bold"), soft_wrap=True)


def print_replay(result: ReplayResult, folder: Path, console: Console) -> None:
    """What a replay came to."""
    for note in result.notes:
        console.print(note + ".")
    for one in result.expectations:
        console.print(Text(replay_words.checked(one), "green" if one.passed else "red"), soft_wrap=True)
    if found := result.comparison:
        console.print(Text(replay_words.comparison(found), "red" if found.difference else "green"))
    console.print(replay_words.counted(result.inferences))
    if result.fingerprint:
        console.print(f"fingerprint {result.fingerprint}", soft_wrap=True)
    console.print(f"results     {folder}", soft_wrap=True)
    if result.verdict == "failed":
        console.print(f"pass it on  {shlex.join(['lab', 'bundle', str(folder)])}", soft_wrap=True)
    if result.expectations or result.comparison or result.verdict != "passed":
        met = sum(one.passed for one in result.expectations)
        style = "bold green" if result.verdict == "passed" else "bold red"
        told = f": {met} of {len(result.expectations)} expectations met" if result.expectations else ""
        console.print(Text(f"{result.verdict.upper()}{told}", style))
