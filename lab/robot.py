"""The keyword library of the lab, for Robot Framework: `Library    lab.robot`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from robot.api import Failure, FatalError, SkipExecution, logger
from robot.api.deco import keyword, library
from robot.libraries.BuiltIn import BuiltIn, RobotNotRunningError

from lab import __version__, interrupts, measuring, streams
from lab import target as targets
from lab import workload as workloads
from lab.crash import as_lab_error
from lab.engines import selection
from lab.errors import LabError, StorageError, UnknownName, UsageError
from lab.measuring import Measurement, Request, provenance
from lab.measuring.foreign import adapter as adapters
from lab.measuring.request import Brought
from lab.metrics import spelled
from lab.reporting import clips_log, evidence, run_folder, terminal, wording
from lab.reporting.progress import RunProgress
from lab.verdict import baseline, judge
from lab.verdict.checks import SKIPPED
from lab.verdict.result import Check, Result, Run
from lab.verdict.where import where


@library(scope="SUITE", version=__version__, doc_format="ROBOT", listener="SELF")
class FirmwareLab:
    """Listens to firmware on an emulated board and holds it to the limits of its workload.

    A suite names a workload, plays recordings to its firmware once, and then asks for one limit after the other:

    | *** Settings ***
    | Library           lab.robot
    | Suite Setup       Listen
    |
    | *** Test Cases ***
    | Hears Its Words
    |     Accuracy Should Be Within Limits
    |
    | Equals The Host
    |     Device Should Equal Host On Every Clip
    |
    | Keeps Every Other Limit
    |     Every Other Limit Should Be Kept
    |
    | *** Keywords ***
    | Listen
    |     Given Firmware    keyword-spotting
    |     When It Listens To Recordings

    Limits are not written in suites. They are the ``[limits]`` of ``models/<workload>/workload.toml``, and a failing
    keyword says the value, the limit, and the file and line that set it. A metric that has become worse than its
    baseline by more than the regression policy tolerates fails the same keyword.

    Next to Robot's own files, the output directory gets ``result.json``, ``device.log``, the ELF and its map. A test
    that fails for a reason of its own makes the verdict in ``result.json`` *failed* as well. ``lab report`` with that
    directory writes the lab's report, ``junit.xml``, ``summary.md`` and ``clips.csv`` there.
    """

    ROBOT_LISTENER_API_VERSION = 3

    def __init__(self) -> None:
        self._request: Request | None = None
        self._result: Result | None = None
        self._folder = Path()
        self._asked: set[str] = set()
        self._explained: set[str] = set()

    @keyword(tags=["set-up"])
    def firmware(
        self,
        workload: str,
        target: str = "",
        model: str = "",
        engine: str = "auto",
        tflm_root: str = "",
        kernels: str = "auto",
        kernels_root: str = "",
        renode: str = "",
        elf: str = "",
        adapter: str = "",
    ) -> None:
        """Choose the firmware: the application of a workload (a folder below ``models/``) on a board.

        | =Argument=    | =What=                                                                         |
        | ``target``    | folder below ``renode_platforms/``; empty is the first that the workload names |
        | ``model``     | a ``.tflite`` file instead of the one that ships                               |
        | ``engine``    | ``auto``, ``builtin`` or ``renode``                                            |
        | ``tflm_root`` | an upstream tree of TensorFlow Lite Micro instead of the pinned one            |
        | ``kernels``   | ``auto``, ``reference``, ``cmsis-nn`` or ``esp-nn``                            |
        | ``renode``    | the Renode to drive; empty is the one in its usual place                       |
        | ``kernels_root`` | an upstream tree of CMSIS-NN or ESP-NN instead of the pinned one            |
        | ``elf``       | a firmware to be listened to instead of the one that the lab would build       |
        | ``adapter``   | the file that says how to feed and read that firmware                          |

        Example:
        | Given Firmware    keyword-spotting    target=nano33ble    model=${CURDIR}/smaller.tflite
        """
        with _errors_as_failures():
            chosen = workloads.load(workload)
            named_renode = Path(renode) if renode else None
            choice = selection.choose(engine, named_renode)
            self._request = Request(
                workload=chosen,
                target=targets.choose(chosen, target),
                engine=choice.name,
                asked_engine=engine,
                renode=named_renode,
                engine_notes=choice.notes,
                model=Path(model) if model else None,
                tflm_root=Path(tflm_root) if tflm_root else None,
                kernels=kernels,
                kernels_root=Path(kernels_root) if kernels_root else None,
                brought=Brought(Path(elf), adapters.load(Path(adapter), chosen)) if elf else None,
            )

    @keyword(tags=["set-up"])
    def it_listens_to_recordings(
        self,
        recordings: str = "",
        jobs: str = "",
        clips: tuple[str, ...] | Literal[""] = "",
        baseline: str = "",
        fail_on: Literal["regression", "limit"] = "regression",
    ) -> None:
        """Build the firmware, boot it, play every recording to it, and write ``result.json``.

        | =Argument=     | =What=                                                                                |
        | ``recordings`` | a folder with one folder of WAV or FLAC files a label; empty is those that ship       |
        | ``jobs``       | number of worker processes; empty is one a core, with Renode one for two              |
        | ``clips``      | names of the only recordings to play, as results show them; empty is all              |
        | ``baseline``   | a folder of baselines to compare with; empty is the project's, ``NONE`` none          |
        | ``fail_on``    | ``regression``, or ``limit``: then a regression is reported and fails nothing         |

        A run of some of the recordings is compared with its baseline over those.

        Fails if the run could not be finished. What was heard until then is in ``result.json``.

        Examples:
        | When It Listens To Recordings
        | When It Listens To Recordings    recordings=/data/speech-commands    jobs=2
        | When It Listens To Recordings    clips=["yes/1.flac", "no/7.flac"]
        | When It Listens To Recordings    baseline=NONE
        """
        if self._request is None:
            raise Failure("There is no firmware yet: call `Firmware` first.")
        with _errors_as_failures(), self._leaving_a_result(self._request):
            request = replace(
                self._request,
                recordings=Path(recordings) if recordings else None,
                clips=tuple(clips),
                jobs=_whole(jobs, "jobs", 1) if jobs else self._request.jobs,
            )
            self._judge(request, baseline, fail_on)
        _stop_unless_finished(self._run)

    @keyword(tags=["set-up"])
    def it_listens_to_a_stream(
        self,
        recordings: str = "",
        minutes: str = "",
        seed: str = "",
        jobs: str = "",
        baseline: str = "",
        fail_on: Literal["regression", "limit"] = "regression",
    ) -> None:
        """Build the firmware and let it listen to minutes of words, noise and quiet, and write ``result.json``.

        | =Argument=     | =What=                                                                                 |
        | ``recordings`` | a folder of which the stream is composed; empty is those that ship                     |
        | ``minutes``    | how long it is; empty is ``minutes`` of ``[streaming.evaluation]`` in ``workload.toml`` |
        | ``seed``       | what is drawn; empty is ``seed`` there                                                 |

        The others are those of `It Listens To Recordings`. Limits are ``[streaming.limits]`` of ``workload.toml``.

        Examples:
        | When It Listens To A Stream
        | When It Listens To A Stream    minutes=60    seed=2
        """
        if self._request is None:
            raise Failure("There is no firmware yet: call `Firmware` first.")
        with _errors_as_failures(), self._leaving_a_result(self._request):
            request = replace(
                self._request,
                mode="stream",
                recordings=Path(recordings) if recordings else None,
                minutes=_number(minutes, "minutes", 0.25, workloads.MOST_MINUTES) if minutes else None,
                seed=_whole(seed, "seed", 0) if seed else None,
                jobs=_whole(jobs, "jobs", 1) if jobs else self._request.jobs,
            )
            self._judge(request, baseline, fail_on)
        _stop_unless_finished(self._run)

    @keyword("${metric} Should Be Within Limits", tags=["limit"])
    def metric_should_be_within_limits(self, metric: str) -> None:
        """Hold a metric to its limit in ``workload.toml``; skips the test if there is none.

        The metric's name is written with spaces or underscores. A metric that is missing is not within its
        limit; the test of one that the engine does not count is skipped, as is its limit. For the accuracy the log
        lists the recordings that were taken for another word.

        Examples:
        | Accuracy Should Be Within Limits
        | Then Cycles Per Inference Should Be Within Limits
        """
        self._ask(metric.strip().lower().replace(" ", "_"))

    @keyword(tags=["limit"])
    def device_should_equal_host_on_every_clip(self) -> None:
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
        others = [check for check in self._run.checks if check.name not in self._asked]
        self._expect(others)

    def end_suite(self, data: Any, result: Any) -> None:
        """Carry tests that failed for a reason of their own into ``result.json``. Called by Robot Framework."""
        if self._result is None or self._run.error or self._run.verdict == "interrupted":
            return
        failed = [test for test in result.tests if test.failed and test.name not in self._explained]
        if failed:
            places = [(test.name, where(Path(data.source), test.lineno)) for test in failed]
            run_folder.write_result(judge.with_failed_tests(self._result, places), self._folder)

    def _judge(self, request: Request, baseline: str, fail_on: Literal["regression", "limit"]) -> None:
        self._folder = Path(BuiltIn().get_variable_value("${OUTPUT_DIR}"))
        self._result, measurement = _listen(request, self._folder, _baselines(baseline), fail_on)
        self._result = judge.with_options(self._result, _options(baseline, fail_on))
        run_folder.write_result(self._result, self._folder)
        if measurement is not None:
            _keep_evidence(measurement, self._folder)
        self._describe(self._result)

    @contextmanager
    def _leaving_a_result(self, request: Request) -> Iterator[None]:
        """An argument that cannot be followed is in the result too, for whoever called Robot Framework."""
        try:
            yield
        except UsageError as error:
            with suppress(RobotNotRunningError):  # a keyword that Python calls has no folder for it
                self._folder = Path(BuiltIn().get_variable_value("${OUTPUT_DIR}"))
                self._result = judge.not_begun(request, provenance.collect(), error)
                run_folder.write_result(self._result, self._folder)
            raise

    @property
    def _run(self) -> Run:
        if self._result is None:
            raise Failure("Nothing was measured yet: call `It Listens To Recordings` or `It Listens To A Stream`.")
        return self._result.runs[0]

    def _ask(self, name: str) -> None:
        run = self._run
        checks = [check for check in run.checks if check.name == name]
        if not checks and name not in run.metrics:
            unknown = UnknownName("metric", name, run.metrics)
            raise Failure(f"{unknown.message} {unknown.remedy}")
        clips_log.write(name, run)
        if not checks:
            raise SkipExecution(_why_unchecked(name, run))
        self._expect(checks)

    def _expect(self, checks: Sequence[Check]) -> None:
        self._asked.update(check.name for check in checks)
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


def _listen(
    request: Request, folder: Path, baselines: Path | None, fail_on: Literal["regression", "limit"]
) -> tuple[Result, Measurement | None]:
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
        return judge.judge(request.workload, measurement, baselines=baselines, fail_on=fail_on), measurement
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


def _options(baseline: str, fail_on: str) -> Iterator[str]:
    """What `lab run` is told to judge alike."""
    if baseline.upper() == "NONE":
        yield "--no-baseline"
    elif baseline:
        yield from ("--baseline", baseline)
    if fail_on != "regression":
        yield from ("--fail-on", fail_on)


def _baselines(named: str) -> Path | None:
    """The folder to compare with; None for no comparison."""
    if named.upper() == "NONE":
        return None
    return Path(named) if named else baseline.folder()


def _whole(text: str, name: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise UsageError(f"{name} is {text!r}, which is no whole number.", remedy=f"Give {least} or more.")
    return int(text)


def _number(text: str, name: str, least: float, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        raise UsageError(f"{name} is {text!r}, which is no number.", remedy="Give a number.") from None
    if not least <= number <= most:
        raise UsageError(f"{name} is {text}.", remedy=f"Give a number from {least:g} to {most:g}.")
    return number


def _why_unchecked(name: str, run: Run) -> str:
    value = run.metrics[name].value
    if value is None:
        return f"{name} has no value here; the notes of the run say why."
    return f"workload.toml sets no limit for {name}, which is {spelled(value, name)}."
