"""Running a workload's Robot suite in this process: `robot_tests/<workload, with underscores>.robot`."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import robot

from lab import places
from lab.errors import ConfigurationError, InfrastructureError, StorageError
from lab.reporting import run_folder
from lab.verdict.result import Result

# Return codes of Robot Framework; lower ones count failed tests.
_MOST_FAILURES = 250
_INVALID_SUITE = 252
_STOPPED_BY_USER = 253


def find(workload: str) -> Path:
    """The suite of a workload. Raises ConfigurationError if there is none."""
    suite = places.project() / "robot_tests" / f"{workload.replace('-', '_')}.robot"
    if not suite.is_file():
        raise ConfigurationError(
            f"The workload {workload} has no Robot suite: there is no {suite}.",
            remedy="Write one; keyword_spotting.robot shows how.",
        )
    return suite


def run(suite: Path, folder: Path, variables: Mapping[str, object]) -> Result:
    """Run the suite with its output in `folder`, and return the result that it left there.

    Raises ConfigurationError for a suite that is not valid, StorageError, InfrastructureError, KeyboardInterrupt.
    """
    said = io.StringIO()
    ending = _Ending()
    code = robot.run(
        str(suite),
        outputdir=str(folder),
        variable=[f"{name}:{value}" for name, value in variables.items()],
        console="quiet",
        stdout=said,
        stderr=said,
        listener=ending,
    )
    if code == _STOPPED_BY_USER:
        raise KeyboardInterrupt
    if code == _INVALID_SUITE:
        raise ConfigurationError(f"Robot Framework cannot run {suite}.", details=said.getvalue())
    if code > _MOST_FAILURES or not (folder / run_folder.RESULT).exists():
        raise InfrastructureError(
            ending.message or f"Robot Framework could not run {suite.name} in {folder}.", details=said.getvalue()
        )
    if not (folder / "log.html").exists():
        raise StorageError(
            f"Robot's log in {folder} cannot be written.", remedy="Free some space.", details=said.getvalue()
        )
    return run_folder.read_result(folder)


class _Ending:
    """Keeps why a suite's set-up failed, for when no result tells."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self.message = ""

    def end_suite(self, data: Any, result: Any) -> None:  # noqa: ARG002  (Robot's signature)
        self.message = result.message.removeprefix("Suite setup failed:\n")
