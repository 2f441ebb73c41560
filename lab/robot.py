"""The keyword library of the lab, for Robot Framework: `Library    lab.robot`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from robot.api import Failure, FatalError, SkipExecution, logger
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

from lab import __version__, interrupts, measuring, streams
from lab.asked import Asked
from lab.crash import as_lab_error
from lab.errors import LabError, StorageError, UnknownName, UsageError
from lab.measuring import Measurement, Request, provenance
from lab.metrics import Mode, spelled
from lab.reporting import clips_log, evidence, run_folder, terminal, wording
from lab.reporting.progress import RunProgress
from lab.verdict import judge
from lab.verdict.checks import SKIPPED
from lab.verdict.result import Check, Result, Run
from lab.verdict.where import where

_Keyword = TypeVar("_Keyword", bound=Callable[..., None])
_SAID = ("workload", "mode")
"""Options that a keyword itself says."""


def _with_options(function: _Keyword) -> _Keyword:
    """Put a table of the options in the place of `{options}` in a keyword's documentation."""
    rows = (f"| ``{name}`` | {field.description} |" for name, field in Asked.model_fields.items() if name not in _SAID)
    table = "\n        ".join(["| =Option= | =What= |", *rows])
    function.__doc__ = (function.__doc__ or "").format(options=table)
    return function


@library(scope="SUITE", version=__version__, doc_format="ROBOT", listener="SELF")
class FirmwareLab:
    """Plays recordings to firmware on an emulated board and holds it to the limits of its workload.

    A suite names a workload, plays recordings to its firmware once, and then asks for one limit after the other:

    | *** Settings ***
    | Library           lab.robot
    | Suite Setup       Play
    |
    | *** Test Cases ***
    | Hears Its Words
    |     Accuracy Should Be Within Limits
    |
    | Equals The Host
    |     Device Should Equal Host On Every Recording
    |
    | Keeps Every Other Limit
    |     Every Other Limit Should Be Kept
    |
    | *** Keywords ***
    | Play
    |     Given Firmware As Asked    keyword-spotting
    |     When Recordings Are Played

    Limits are not written in suites. They are the ``[limits]`` of ``models/<workload>/workload.toml``, and a failing
    keyword says the value, the limit, and the file and line that set it. A metric that has become worse than its
    baseline by more than the regression policy tolerates fails the same keyword.

    Next to Robot's own files, the output directory gets ``result.json``, ``device.log``, the ELF and its map. A test
    that fails for a reason of its own makes the verdict in ``result.json`` *failed* as well. ``lab report`` with that
    directory writes the lab's report, ``junit.xml``, ``summary.md`` and ``clips.csv`` there.
    """

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self._asked: Asked | None = None
        self._result: Result | None = None
        self._folder = Path()
        self._checked: set[str] = set()
        self._explained: set[str] = set()

    @keyword(tags=["set-up"])
    @_with_options
    def firmware(self, workload: str, **options: Any) -> None:
        """Choose the firmware: the application of a workload (a folder below ``models/``) on a board.

        Options are named, and may be given here or where something is played:

        {options}

        Example:
        | Given Firmware    keyword-spotting    target=nano33ble    model=${{CURDIR}}/smaller.tflite
        """
        self._ask_for(lambda: Asked.of(workload=workload, **options))

    @keyword(tags=["set-up"])
    def firmware_as_asked(self, workload: str = "", **options: Any) -> None:
        """Choose the firmware as whoever runs the suite wants it: what they say takes the place of what is said here.

        ``lab run`` says everything in the variable ``REQUEST``. Who calls ``robot`` says it in variables that are named
        after the options of `Firmware`, in capitals: ``--variable TARGET:esp32c3 --variable ENGINE:renode``.

        Examples:
        | Given Firmware As Asked    keyword-spotting
        | Given Firmware As Asked    keyword-spotting    target=stm32f746g
        """
        named = {"workload": workload} if workload else {}
        self._ask_for(lambda: Asked.from_variables(_variable, **named, **options))

    @keyword(tags=["set-up"])
    def recordings_are_played(self, **options: Any) -> None:
        """Build the firmware, boot it, play every recording to it, and write ``result.json``.

        Options are those of `Firmware`. A run of some of the recordings is compared with its baseline over those.

        Fails if the run could not be finished. What was heard until then is in ``result.json``.

        Examples:
        | When Recordings Are Played
        | When Recordings Are Played    recordings=/data/speech-commands    jobs=2
        | When Recordings Are Played    clips=["yes/1.flac", "no/7.flac"]
        | When Recordings Are Played    baseline=NONE
        """
        self._play("clip", options)

    @keyword(tags=["set-up"])
    def a_stream_is_played(self, **options: Any) -> None:
        """Build the firmware, play a stream to it, composed of recordings, and write ``result.json``.

        Options are those of `Firmware`. Limits are ``[streaming.limits]`` of ``workload.toml``.

        Examples:
        | When A Stream Is Played
        | When A Stream Is Played    minutes=60    seed=2
        """
        self._play("stream", options)

    @keyword("${metric} Should Be Within Limits", tags=["limit"])
    def metric_should_be_within_limits(self, metric: str) -> None:
        """Hold a metric to its limit in ``workload.toml``; skips the test if there is none.

        The metric's name is written with spaces or underscores. A metric that is missing is not within its
        limit; the test of one that the engine does not count is skipped, as is its limit. For the accuracy the log
        lists the recordings that were taken for another label.

        Examples:
        | Accuracy Should Be Within Limits
        | Then Cycles Per Inference Should Be Within Limits
        """
        self._ask(_named(metric))

    @keyword(tags=["limit"])
    def device_should_equal_host_on_every_recording(self) -> None:
        """Hold ``bit_exact`` to its limit: the share of recordings on which device and host agree bit for bit.

        Samples, features, each operator and the decision are compared. The log lists the recordings that differ,
        each with the first stage and place that does.
        """
        self._ask("bit_exact")

    @keyword(tags=["limit"])
    def no_more_recordings_should_be_skipped_than_allowed(self) -> None:
        """Hold the number of recordings that could not be played to ``max_skipped`` in ``workload.toml``."""
        self._ask(SKIPPED)

    @keyword(tags=["limit"])
    def every_other_limit_should_be_kept(self) -> None:
        """Check each limit of ``workload.toml`` that no keyword has asked for so far. Belongs last in a suite."""
        others = [check for check in self._run.checks if check.name not in self._checked]
        self._expect(others)

    @keyword(tags=["limit"])
    def these_should_be_within_limits(self, *metrics: str) -> None:
        """Hold each of several metrics to its limit, if it has one; skips the test if none has.

        Example:
        | These Should Be Within Limits    flash bytes    ram bytes
        """
        names = [_named(metric) for metric in metrics]
        checks = [check for name in names for check in self._checks(name)]
        if not checks:
            raise SkipExecution(f"No limit is checked for {', '.join(names)}.")
        self._expect(checks)

    @keyword(tags=["set-up"])
    def it_listens_to_recordings(self, recordings: str = "", **options: Any) -> None:
        """*DEPRECATED* Use `Recordings Are Played`."""
        self._play("clip", {"recordings": recordings, **options})

    @keyword(tags=["set-up"])
    def it_listens_to_a_stream(self, recordings: str = "", **options: Any) -> None:
        """*DEPRECATED* Use `A Stream Is Played`."""
        self._play("stream", {"recordings": recordings, **options})

    @keyword(tags=["limit"])
    def device_should_equal_host_on_every_clip(self) -> None:
        """*DEPRECATED* Use `Device Should Equal Host On Every Recording`."""
        self._ask("bit_exact")

    def end_suite(self, data: Any, result: Any) -> None:
        """Carry tests that failed for a reason of their own into ``result.json``. Called by Robot Framework."""
        if self._result is None or self._run.error or self._run.verdict == "interrupted":
            return
        failed = [test for test in result.tests if test.failed and test.name not in self._explained]
        if failed:
            places = [(test.name, where(Path(data.source), test.lineno)) for test in failed]
            run_folder.write_result(judge.with_failed_tests(self._result, places), self._folder)

    def _ask_for(self, made: Callable[[], Asked]) -> None:
        with _errors_as_failures():
            self._asked = made()
            self._asked.request()  # what it cannot be is said here

    def _play(self, mode: Mode, options: Mapping[str, Any]) -> None:
        if self._asked is None:
            raise Failure("There is no firmware yet: call `Firmware` or `Firmware As Asked` first.")
        with _errors_as_failures(), self._leaving_a_result(self._asked):
            self._judge(self._asked.but(mode=mode, **options))
        _stop_unless_finished(self._run)

    def _judge(self, asked: Asked) -> None:
        request = asked.request()
        self._folder = _output_folder()
        self._result, measurement = _measured(request, self._folder, asked)
        run_folder.write_result(self._result, self._folder)
        if measurement is not None:
            _keep_evidence(measurement, self._folder)
        self._describe(self._result)

    @contextmanager
    def _leaving_a_result(self, asked: Asked) -> Iterator[None]:
        """An argument that cannot be followed is in the result too, for whoever called Robot Framework."""
        try:
            yield
        except UsageError as error:
            with suppress(RobotNotRunningError):  # a keyword that Python calls has no folder for it
                self._folder = _output_folder()
                self._result = judge.not_begun(asked.request(), provenance.collect(), error)
                run_folder.write_result(self._result, self._folder)
            raise

    @property
    def _run(self) -> Run:
        if self._result is None:
            raise Failure("Nothing was measured yet: call `Recordings Are Played` or `A Stream Is Played`.")
        return self._result.runs[0]

    def _ask(self, name: str) -> None:
        checks = self._checks(name)
        if not checks:
            raise SkipExecution(_why_unchecked(name, self._run))
        self._expect(checks)

    def _checks(self, name: str) -> list[Check]:
        """Those of a metric; what speaks against it goes into the log. Raises Failure for one that there is not."""
        run = self._run
        checks = [check for check in run.checks if check.name == name]
        if not checks and name not in run.metrics:
            unknown = UnknownName("metric", name, run.metrics)
            raise Failure(f"{unknown.message} {unknown.remedy}")
        clips_log.write(name, run)
        return checks

    def _expect(self, checks: Sequence[Check]) -> None:
        self._checked.update(check.name for check in checks)
        for check in checks:
            logger.info(str(check))
        broken = [str(check) for check in checks if not check.passed]
        if broken:
            self._explained.add(BuiltIn().get_variable_value("${TEST NAME}"))
            raise Failure("\n".join(broken))

    def _describe(self, result: Result) -> None:
        run = self._run
        builtin = BuiltIn()
        builtin.set_suite_metadata("Recordings", f"{wording.heard(run)}: {run.recordings.source}")
        builtin.set_suite_metadata("Target", f"{run.target}, engine {run.engine}")
        builtin.set_suite_metadata("Fingerprint", result.fingerprint or "none: the run did not finish")


def _measured(request: Request, folder: Path, asked: Asked) -> tuple[Result, Measurement | None]:
    """Measure and judge; whatever ends it early is in the result."""
    progress = RunProgress(f"{request.workload.name} on {request.target.name}", request.workload.event)
    error: LabError | None = None
    try:
        # Robot's own handlers would end the keyword with an exception that nobody below it expects.
        with interrupts.raised(), progress:
            if request.mode == "stream":
                measurement = measuring.measure_stream(request, progress.on_part, progress.on_stage)
            else:
                measurement = measuring.measure(request, progress.on_clip, progress.on_stage)
    except KeyboardInterrupt:
        pass
    except Exception as failure:  # whatever it is, the run leaves a result that says so
        error = as_lab_error(failure, folder)
    else:
        judged = judge.judge(request.workload, measurement, baselines=asked.baselines, fail_on=asked.fail_on)
        return judged, measurement
    return judge.not_begun(request, provenance.collect(), error), None


def _keep_evidence(measurement: Measurement, folder: Path) -> None:
    """Beside the result, which is there already: what cannot be written is named, and changes no verdict."""
    try:
        run_folder.write_evidence(measurement, folder)
    except StorageError as error:
        _warn(error)
    try:
        left_out = evidence.write(measurement, folder)
    except StorageError as error:
        _warn(error)
    else:
        if left_out:
            logger.info(f"Of {left_out} recordings that failed or differ, the signal is not kept.")


def _warn(error: StorageError) -> None:
    """On the terminal too: Robot Framework puts its own stream in place of sys.stderr while a keyword runs."""
    logger.info(f"{error.message} {error.remedy}")
    terminal.print_warning(error, stream=streams.tolerant(sys.__stderr__))


@contextmanager
def _errors_as_failures() -> Iterator[None]:
    """Say a LabError in Robot's log: message and remedy as the failure, the rest above it."""
    try:
        yield
    except LabError as error:
        raise _failure(error.message, error.details, error.remedy) from None


def _stop_unless_finished(run: Run) -> None:
    if run.verdict == "interrupted":
        raise FatalError(f"Interrupted after {wording.heard(run)}.")
    if run.error:
        raise _failure(run.error.message, run.error.details, run.error.remedy)


def _failure(message: str, details: str, remedy: str) -> Failure:
    if details:
        logger.info(details)
    return Failure("\n".join(filter(None, (message, remedy))))


def _output_folder() -> Path:
    return Path(BuiltIn().get_variable_value("${OUTPUT_DIR}"))


def _variable(name: str) -> Any:
    return BuiltIn().get_variable_value(f"${{{name}}}")


def _named(metric: str) -> str:
    """A metric as results name it."""
    return metric.strip().lower().replace(" ", "_")


def _why_unchecked(name: str, run: Run) -> str:
    value = run.metrics[name].value
    if value is None:
        return f"{name} has no value here; the notes of the run say why."
    return f"workload.toml sets no limit for {name}, which is {spelled(value, name)}."
