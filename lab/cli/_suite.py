"""Running a workload's Robot suite in this process: `robot_tests/<workload, with underscores>.robot`.

The suite of a stream has `_stream` before the dot. A workload without a suite has that of every workload.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import robot

from lab import disk, interrupts, places
from lab.asked import Asked
from lab.crash import as_lab_error
from lab.errors import ConfigurationError, InfrastructureError, LabError, StorageError
from lab.metrics import Mode
from lab.reporting import run_folder
from lab.verdict.result import Result

# Return codes of Robot Framework; lower ones count failed tests.
_MOST_FAILURES = 250
_INVALID_SUITE = 252
_STOPPED_BY_USER = 253
_STOPPED = "Execution terminated by signal"

_OF_EVERY_WORKLOAD = "workload"
_ROBOTS_FILES = ("output.xml", "log.html")


def of_traces() -> Path:
    """The suite whose tests are the traces of a project."""
    return _first_of("traces.robot")


def find(workload: str, mode: Mode = "clip") -> Path:
    """The suite of a workload, else that of every workload; in the mode "stream" the one whose name ends so."""
    of_mode = "_stream" * (mode == "stream")
    own, usual = (f"{name}{of_mode}.robot" for name in (workload.replace("-", "_"), _OF_EVERY_WORKLOAD))
    of_project = places.project() / "robot_tests" / own
    return of_project if of_project.is_file() else _first_of(usual)


def _first_of(name: str) -> Path:
    """A suite of the project, or else the one that came with the lab."""
    suites = [folder / "robot_tests" / name for folder in (places.project(), places.shipped())]
    return next(suite for suite in suites if suite.is_file())


def run(suite: Path, folder: Path, asked: Asked) -> Result:
    """Run the suite with its output in `folder`, and return the result that it left there.

    Raises ConfigurationError for a suite that is not valid, StorageError, InfrastructureError, KeyboardInterrupt.
    """
    code, message, said = executed(suite, folder, asked)
    if not (folder / run_folder.RESULT).exists():
        raise InfrastructureError(
            message or f"{suite} left no result.",
            remedy=f"Its set-up must call `Recordings Are Played` or `A Stream Is Played`; see {folder / 'log.html'}.",
            details=said,
            code="no-result",
        )
    result = run_folder.read_result(folder)
    if code and result.verdict == "passed":
        raise InfrastructureError(
            "Robot tests failed, and result.json does not say so.",
            remedy=f"See {folder / 'log.html'}.",
            details=said,
            code="no-result",
        )
    return result


def executed(suite: Path, folder: Path, asked: Asked, **options: Any) -> tuple[int, str, str]:
    """Robot's return code up to the most failures, why the suite's set-up failed, and what Robot said on the terminal.

    `options` are more of Robot's own. Raises ConfigurationError, StorageError, InfrastructureError, KeyboardInterrupt.
    """
    said = io.StringIO()
    ending = _Ending()
    try:
        code: int = robot.run(
            str(suite),
            outputdir=str(folder),
            report="NONE",  # the lab writes one of its own
            variable=[f"REQUEST:{asked.to_text()}"],
            console="quiet",
            stdout=said,
            stderr=said,
            listener=ending,
            **options,
        )
    except (OSError, ValueError) as error:  # ValueError: after a failed write Robot trips over the file it has closed
        _clear(folder)
        raise _disk_full(folder) from error
    if code == _STOPPED_BY_USER or _STOPPED in ending.message:
        _clear(folder)
        raise KeyboardInterrupt
    if code == _INVALID_SUITE:
        raise ConfigurationError(
            f"Robot Framework cannot run {suite}.",
            remedy="Correct the suite; what Robot said is above.",
            details=said.getvalue(),
            code="suite-invalid",
        )
    if code > _MOST_FAILURES:
        raise _robot_failed(suite, folder, said.getvalue())
    return code, ending.message, said.getvalue()


def _robot_failed(suite: Path, folder: Path, said: str) -> LabError:
    _clear(folder)
    if "OSError" in said:
        return _disk_full(folder)
    return as_lab_error(RuntimeError(f"Robot Framework could not run {suite.name}: {said}"), folder)


def _disk_full(folder: Path) -> StorageError:
    return disk.full(folder, elsewhere=disk.FOR_A_RUN)


def _clear(folder: Path) -> None:
    """Remove what Robot has written, half of it as likely as not."""
    for name in _ROBOTS_FILES:
        (folder / name).unlink(missing_ok=True)


class _Ending:
    """Keeps why a suite's set-up failed, for when no result tells, and leaves signals to the command.

    Robot's own handlers raise an ordinary exception inside of whatever keyword is running, which may catch it.
    """

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self.message = ""

    def start_suite(self, data: Any, result: Any) -> None:  # noqa: ARG002  (Robot's signature)
        interrupts.take_back()

    def end_suite(self, data: Any, result: Any) -> None:  # noqa: ARG002  (Robot's signature)
        self.message = result.message.removeprefix("Suite setup failed:\n")
