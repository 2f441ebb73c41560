from __future__ import annotations

from xml.etree import ElementTree

import pytest
from junitparser import JUnitXml, TestCase, TestSuite

from lab.reporting import junit
from lab.verdict.result import Result

from . import results

# Elements with their attributes and children as in src/main/resources/.../junit-10.xsd of jenkinsci/xunit-plugin
# (commit 031e285), which Jenkins' xUnit plugin validates with; the times must match its SUREFIRE_TIME.
SCHEMA = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"properties", "testcase"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "time", "classname"}, {"skipped", "error", "failure", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}


def suites(result: Result) -> list[TestSuite]:
    return list(JUnitXml.fromstring(junit.render(result).encode()))


def cases(result: Result) -> dict[str, TestCase]:
    (suite,) = suites(result)
    return {case.name: case for case in suite}


def red(result: Result) -> list[str]:
    return [name for name, case in cases(result).items() if case.is_failure or case.is_error]


@pytest.mark.parametrize("name", results.EVERY)
def test_readers_find_the_elements_they_know_and_counts_that_add_up(name):
    root = ElementTree.fromstring(junit.render(results.EVERY[name]()).encode())  # noqa: S314  (our own)
    for element in root.iter():
        attributes, children = SCHEMA[element.tag]
        assert set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
    for suite in root:
        found = suite.findall("testcase")
        assert int(suite.get("tests")) == len(found)
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == sum(case.find(tag) is not None for case in found)
        assert len({(case.get("classname"), case.get("name")) for case in found}) == len(found)
    for attribute in ("tests", "failures", "errors"):
        assert int(root.get(attribute)) == sum(int(suite.get(attribute)) for suite in root)


@pytest.mark.parametrize("name", results.EVERY)
def test_a_case_is_red_exactly_if_the_verdict_is(name):
    result = results.EVERY[name]()
    for run, suite in zip(result.runs, suites(result), strict=True):
        assert (suite.failures + suite.errors > 0) == (run.verdict != "passed")


def test_checks_and_recordings_are_cases_of_their_own_classes():
    found = cases(results.passing())
    assert found["accuracy"].classname == "keyword-spotting.nano33ble.checks"
    assert found["yes/2.flac"].classname == "keyword-spotting.nano33ble.clips"
    assert found["accuracy"].system_out.startswith("accuracy is 95.833 %; limit: at least 90 % (")
    assert len(found) == 4 + 24


def test_a_wrong_recording_passes_and_says_what_it_was_heard_as():
    case = cases(results.passing())["go/23.flac"]
    assert case.is_passed
    assert case.system_out == "is 'go', decided as 'off'"


def test_a_broken_limit_fails_with_file_and_line_and_lists_the_recordings():
    result = results.failing()
    (failure,) = cases(result)["accuracy"].result
    (check,) = [check for check in result.runs[0].checks if check.name == "accuracy"]
    assert failure.message == str(check)
    assert check.where in failure.message
    assert "yes/2.flac: is 'yes', decided as 'off'" in failure.text.splitlines()
    assert len(failure.text.splitlines()) == 1 + 5


def test_a_recording_that_differs_from_the_host_fails_if_bit_exactness_does():
    assert [name for name in red(results.failing()) if "/" in name] == [results.NASTY.replace("\x07", "\ufffd")]
    tolerated = cases(results.tolerating())["go/23.flac"]
    assert tolerated.is_passed
    assert tolerated.system_out == "differs from the host: decision: label is go on the device, off on the host"


def test_a_recording_that_was_not_played_is_skipped_with_its_reason():
    case = cases(results.failing())["yes/broken.flac"]
    assert case.is_skipped
    assert case.result[0].message == "is cut short"


def test_a_regression_fails_a_case_beside_that_of_the_limit():
    found = cases(results.regressed())
    assert found["flash_bytes"].is_passed
    (failure,) = found["flash_bytes against the baseline"].result
    assert failure.message.startswith("flash_bytes is 181,000, was 177,451; tolerated: at most 179,225 (baselines/")
    assert failure.type == "baseline"


def test_what_ended_a_run_is_an_error_with_the_last_output():
    (error,) = cases(results.faulting())["run"].result
    assert error.type == "DeviceFault"
    assert error.message == "HardFault at pc 0x10 in main."
    assert "block" in error.text
    assert "See the trace." in error.text
    assert red(results.interrupted()) == ["run"]


def test_a_suite_says_what_its_numbers_come_from_and_how_long_it_took():
    (suite,) = suites(results.passing())
    properties = {one.name: one.value for one in suite.properties()}
    assert properties["fingerprint"] == "ab" * 32
    assert properties["toolchain_hash"] == "71f653830ee44a9b"
    assert properties["engine"] == "builtin"
    assert suite.time == 1.5, "host seconds"
    assert cases(results.passing())["yes/2.flac"].time == 1.2, "virtual seconds"


def test_several_runs_are_several_suites():
    assert [suite.name for suite in suites(results.side_by_side())] == [
        "keyword-spotting on nano33ble",
        "keyword-spotting on twin",
    ]
