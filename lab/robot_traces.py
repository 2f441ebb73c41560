"""Traces that a project keeps, as Robot tests: `Library    lab.robot_traces`, and a modifier that makes the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from robot.api import Failure, SkipExecution, SuiteVisitor, logger
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn

from lab import __version__, interrupts
from lab.asked import Asked
from lab.errors import LabError
from lab.output import note
from lab.replaying import regressions
from lab.replaying.regressions import Regression
from lab.replaying.result import ReplayResult
from lab.reporting import replay_words
from lab.reporting.replay_folder import replay_into, write_replay
from lab.reporting.timeline import of_replay


@dataclass(frozen=True)
class Ended:
    """What came of a trace on a board, which `file` describes.

    `exit_code` is that of `lab replay`; `broken` is what was not as expected or ended it, "" if all went well.
    """

    name: str
    file: Path
    exit_code: int
    broken: str


ended: list[Ended] = []
"""Of every test so far in this process: Robot's return code tells no kind of failure from another."""


@library(scope="SUITE", version=__version__, doc_format="ROBOT")
class TraceKeywords:
    """Replays traces of the project's folder ``traces/`` to firmware, and holds it to what is expected of it."""

    @keyword(tags=["trace"])
    def every_trace_should_be_as_expected(self) -> None:
        """Replay each trace of the project on each of its boards, up to the first that is not as expected."""
        files = regressions.files()
        if not files:
            raise SkipExecution("The project has no traces/*.toml.")
        for file in files:
            for board in regressions.load(file).boards:
                self.trace_should_be_as_expected(str(file), board)

    @keyword(tags=["trace"])
    def trace_should_be_as_expected(self, file: str, target: str) -> None:
        """Replay the trace that a ``.toml`` file in ``traces/`` describes on a board.

        Example:
        | Trace Should Be As Expected    traces/lost-yes.toml    nano33ble
        """
        name = f"{Path(file).stem}-{target}"
        exit_code, details, broken = _outcome(Path(file), target, _output_folder() / name)
        ended.append(Ended(name, Path(file), exit_code, broken))
        if broken:
            logger.info(details)
            raise Failure(broken)


class TestsOfTraces(SuiteVisitor):  # type: ignore[misc]  # Robot Framework carries no types
    """Puts a test for each trace on each board in the place of a suite's tests. For Robot's option --prerunmodifier."""

    __test__ = False  # pytest is not to collect it

    def __init__(self, chosen: Sequence[tuple[Regression, str]] | None = None) -> None:
        self._chosen = chosen

    def start_suite(self, suite: Any) -> None:
        """Robot Framework visits each suite."""
        suite.tests.clear()
        for regression, board in every() if self._chosen is None else self._chosen:
            name = f"{regression.name} on {board}"
            test = suite.tests.create(name=name, doc=regression.because, tags=[regression.workload])
            test.body.create_keyword(name="Trace Should Be As Expected", args=[str(regression.file), board])


def every() -> list[tuple[Regression, str]]:
    """Each trace of the project with each board that it is replayed on. Raises ConfigurationError and UnknownName."""
    loaded = [regressions.load(file) for file in regressions.files()]
    return [(regression, board) for regression in loaded for board in regression.boards]


def _outcome(file: Path, board: str, folder: Path) -> tuple[int, str, str]:
    """The exit code, details for the log, and what was not as expected."""
    try:
        with interrupts.raised():
            result = _replayed(regressions.load(file), board, folder)
    except LabError as error:
        return error.exit_code, error.details, f"{error.message}\n{error.remedy}"
    if result.error is not None:
        return result.exit_code, result.error.details, f"{result.error.message}\n{result.error.remedy}"
    return result.exit_code, "", "\n".join(replay_words.checked(one) for one in result.expectations if not one.passed)


def _replayed(regression: Regression, board: str, folder: Path) -> ReplayResult:
    asked = Asked.from_variables(_variable, workload=regression.workload)
    prepared = regression.wanted(asked.but(workload=regression.workload, target=board)).prepared()
    folder.mkdir(parents=True, exist_ok=True)
    result, replayed, played = replay_into(folder, prepared, lambda _inference: None, note)
    write_replay(result, replayed, of_replay.timeline(prepared, result, replayed, played), folder)
    if result.verdict == "interrupted":
        raise KeyboardInterrupt
    return result


def _variable(name: str) -> Any:
    return BuiltIn().get_variable_value(f"${{{name}}}")


def _output_folder() -> Path:
    return Path(_variable("OUTPUT_DIR"))
