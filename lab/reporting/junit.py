"""`junit.xml`: a result as GitLab, Jenkins and their kind show test cases.

A suite for each run, a case for each check and each recording. What is red here is what fails the verdict, nothing
else: accuracy is judged as a share, so a recording that was taken for another label passes and says so in its output,
and the case `accuracy` lists all of them when it fails. The elements are those of the schema junit-10.xsd of Jenkins'
xunit plugin, which GitLab reads as well; docs/results.md describes the file.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from junitparser import Error, Failure, Skipped
from junitparser.xunit2 import JUnitXml, TestCase, TestSuite

from lab.reporting import comparison_words, speaking, stream_files, wording
from lab.verdict.result import Check, Clip, Comparison, Result, Run, SkippedRecording

_LISTED = 50
# What XML 1.0 has no way to write; a file name and a compiler can.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: Result) -> str:
    """The text of `junit.xml`."""
    root = JUnitXml("lab run")
    for run in result.runs:
        root.append(_suite(result, run))
    root.update_statistics()
    for suite, run in zip(root, result.runs, strict=True):
        suite.time = run.host_seconds
    root.time = round(sum(run.host_seconds for run in result.runs), 3)
    text = io.BytesIO()
    root.write(text)
    return text.getvalue().decode("utf-8") + "\n"


def _suite(result: Result, run: Run) -> TestSuite:
    suite = TestSuite(_printable(wording.name(run)))
    for name, value in _properties(result, run):
        suite.add_property(name, _printable(value))
    suite.extend(_cases(run))
    return suite


def _properties(result: Result, run: Run) -> Iterator[tuple[str, str]]:
    yield "verdict", run.verdict
    yield "engine", run.engine
    yield "variant", run.variant
    yield "recordings", run.recordings.source
    if result.fingerprint and len(result.runs) == 1:
        yield "fingerprint", result.fingerprint
    yield from sorted(run.build.items())
    if "git" in result.provenance:
        yield "git", result.provenance["git"]


def _cases(run: Run) -> Iterator[TestCase]:
    group = f"{run.workload}.{run.target}"
    if run.error:
        yield _ended_early(run.error.kind, run.error.message, run.error.details, run.error.remedy, group)
    elif run.verdict == "interrupted":
        yield _ended_early("Interrupted", "The run was interrupted; no limit was checked.", "", "", group)
    for check in run.checks:
        yield _check(run, check, f"{group}.checks")
    bit_exactness_failed = not run.checks or any(check.name == "bit_exact" for check in run.failed_checks)
    for clip in run.clips:
        yield _clip(clip, f"{group}.clips", differing_is_red=bit_exactness_failed)
    for skipped in run.skipped_recordings:
        yield _skipped(skipped, f"{group}.clips")


def _ended_early(kind: str, message: str, details: str, remedy: str, group: str) -> TestCase:
    case = TestCase("run", f"{group}.checks", 0.0)
    error = Error(_printable(message), kind)
    error.text = _printable("\n".join(filter(None, (message, details, remedy))))
    case.append(error)
    return case


def _check(run: Run, check: Check, group: str) -> TestCase:
    # Readers such as GitLab keep only the first of two cases of the same name.
    name = f"{check.name} against the baseline" if check.origin == "baseline" else check.name
    case = TestCase(_printable(name), group, 0.0)
    if check.passed:
        case.system_out = _printable(str(check))
    else:
        failure = Failure(_printable(str(check)), check.origin)
        failure.text = _printable("\n".join([str(check), *_speaking_against(run, check)]))
        case.append(failure)
    return case


def _speaking_against(run: Run, check: Check) -> Iterator[str]:
    """The recordings that a failed check is about, in so far as it is about any."""
    listed = speaking.against(check.name, run)
    changed = _changed(run.baseline) if check.name == "accuracy" and check.origin == "baseline" else []
    lines = changed or (listed.lines if listed else ())
    yield from lines[:_LISTED]
    if len(lines) > _LISTED:
        yield f"and {len(lines) - _LISTED} more, in {stream_files.HAPPENED if run.stream else 'clips.csv'}"


def _changed(comparison: Comparison | None) -> list[str]:
    """Recordings that were right before."""
    if comparison is None:
        return []
    return [
        f"{change.clip}: was right, now taken for {change.now!r}"
        for change in comparison.clips
        if comparison_words.turn(change) == "now wrong"
    ]


def _clip(clip: Clip, group: str, *, differing_is_red: bool) -> TestCase:
    case = TestCase(_printable(clip.clip), group, round(clip.time_ns / 1e9, 6))
    said = [] if clip.correct else [speaking.decided(clip)]
    if clip.difference:
        said.append(f"differs from the host: {clip.difference}")
    if clip.difference and differing_is_red:
        failure = Failure(_printable(said[-1]), clip.difference.stage)
        failure.text = _printable("\n".join(said))
        case.append(failure)
    elif said:
        case.system_out = _printable("\n".join(said))
    return case


def _skipped(skipped: SkippedRecording, group: str) -> TestCase:
    case = TestCase(_printable(skipped.clip), group, 0.0)
    case.append(Skipped(_printable(skipped.reason), "not played"))
    return case


def _printable(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
