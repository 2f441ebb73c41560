"""Run Robot suites of Renode's own keywords on the built-in engine."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from lab import files
from lab.engines.renode import installation
from lab.errors import LabError, UsageError

GROUP = "Test firmware"
EXAMPLES = (
    "lab test my-suite.robot",
    "lab test my-suite.robot --variable PLATFORM:nano33ble",
    "lab test --stub --renode renode my-suite.robot",
)

_MOST_BYTES = 16 * files.MEGABYTE
_MOST_FAILURES = 250
_INVALID_SUITE = 252
_STOPPED_BY_USER = 253
_STOPPED = "Execution terminated by signal"


def command(
    suites: Annotated[list[str], typer.Argument(metavar="SUITE", help="Robot suites as renode-test runs them.")],
    variables: Annotated[
        list[str] | None,
        typer.Option("--variable", metavar="NAME:VALUE", help="Set a variable of the suites; may be repeated."),
    ] = None,
    tests: Annotated[
        list[str] | None,
        typer.Option("--test", metavar="NAME", help="Run this test only; may be repeated.", show_default="all"),
    ] = None,
    renode: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder of a Renode, or of its sources: where @platforms and @scripts are.",
            show_default="RENODE_PATH, or an installed one",
        ),
    ] = None,
    stub: Annotated[
        bool,
        typer.Option("--stub", help="Put a stub, which reads 0 and keeps what is written, for each unknown device."),
    ] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of log.html, report.html and output.xml.")] = Path(
        "runs", "suites"
    ),
) -> int:
    """Run suites that are written for renode-test on the built-in engine, without Renode.

    Exit codes: 0 all tests passed; 1 some failed; 2 a suite that Robot Framework cannot run; 130 interrupted.
    """
    for suite in suites:
        _check_is_readable(Path(suite))
    import robot  # noqa: PLC0415 - `lab --help` stays fast

    from lab.robot_renode import keywords  # noqa: PLC0415 - the same
    from lab.robot_renode.modifier import OnBuiltinEngine  # noqa: PLC0415 - the same

    settings = []
    if renode is not None:
        settings.append(f"{keywords.RENODE_FOLDER}:{installation.files(renode)}")
    if stub:
        settings.append(f"{keywords.STUBS}:yes")
    interruption = _Interruption()
    code: int = robot.run(
        *suites,
        prerunmodifier=OnBuiltinEngine(),
        listener=interruption,
        variable=[*(variables or []), *settings],
        test=tests or [],
        outputdir=str(out),
    )
    if code == _STOPPED_BY_USER or interruption.happened:
        raise KeyboardInterrupt
    if code == _INVALID_SUITE:
        return UsageError.exit_code
    return min(code, 1) if code <= _MOST_FAILURES else LabError.exit_code


def _check_is_readable(suite: Path) -> None:
    """Raises UsageError for what Robot Framework would read without end, or fail at in its own way."""
    try:
        with suppress(IsADirectoryError):
            files.opened(suite, _MOST_BYTES).close()
    except OSError as error:
        raise UsageError(
            f"{suite} cannot be read: {error.strerror}.",
            remedy="Name a .robot file, or a folder of them.",
            code="file-unreadable",
        ) from error


class _Interruption:
    """Keeps whether a signal ended the run, which Robot's return code does not say where the test could be ended."""

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self.happened = False

    def end_test(self, data: Any, result: Any) -> None:  # noqa: ARG002  (Robot's signature)
        self.happened = self.happened or _STOPPED in result.message
