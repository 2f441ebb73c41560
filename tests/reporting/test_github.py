from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from lab.errors import BuildError, ConfigurationError, StorageError
from lab.measuring import SkippedClip
from lab.reporting import github
from lab.verdict import judge
from tests import fake_project
from tests.fake_measuring import clip, measurement

from . import results


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch) -> Path:
    """A repository whose project is in its folder `lab`."""
    project = fake_project.make(tmp_path / "lab")
    (project / "baselines" / "keyword-spotting").mkdir(parents=True)
    (project / results.BASELINE).write_text("{}", encoding="utf-8")
    source = project / "firmware" / "apps" / "sensing" / "main.cc"
    source.parent.mkdir(parents=True)
    source.write_text("int main() {}\n", encoding="utf-8")
    monkeypatch.setenv("LAB_PROJECT", str(project))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    return tmp_path


def annotated(result) -> list[dict[str, str]]:
    stream = io.StringIO()
    github.annotate(result, stream)
    return list(map(understood, stream.getvalue().splitlines()))


def understood(line: str) -> dict[str, str]:
    """A workflow command as the runner reads it (actions/runner, src/Runner.Common/ActionCommand.cs)."""
    level, properties, data = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()
    read = dict(pair.split("=", 1) for pair in properties.split(","))
    values = {name: unescaped(value, ("%2C", ","), ("%3A", ":")) for name, value in read.items()}
    return {"level": level, **values, "message": unescaped(data)}


def unescaped(text: str, *more: tuple[str, str]) -> str:
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), *more, ("%25", "%")):
        text = text.replace(escape, character)
    return text


def test_a_broken_limit_points_at_its_line_from_the_root_of_the_repository():
    result = results.failing()
    (check,) = [check for check in result.runs[0].checks if check.name == "accuracy"]
    first = annotated(result)[0]
    assert first["level"] == "error"
    assert (first["file"], first["line"]) == tuple(f"lab/{check.where}".split(":"))
    assert first["title"] == "keyword-spotting on nano33ble: accuracy, limit broken"
    assert first["message"] == str(check)


def test_a_regression_points_at_its_line_of_the_baseline():
    (only,) = annotated(results.regressed())
    assert (only["level"], only["file"], only["line"]) == ("error", f"lab/{results.BASELINE}", "27")
    assert only["message"].startswith("flash_bytes is 181,000, was 177,451; tolerated: at most 179,225")


def test_a_regression_that_is_not_gated_is_a_notice():
    (only,) = annotated(results.regressed(gated=False))
    assert only["level"] == "notice"
    assert "flash_bytes is 181,000, was 177,451" in only["message"]


def test_a_robot_test_of_someone_s_own_points_at_its_line():
    (only,) = annotated(results.with_a_failed_robot_test())
    assert (only["file"], only["line"]) == ("lab/robot_tests/keyword_spotting.robot", "48")


def test_a_skipped_recording_is_a_warning():
    assert [one["message"] for one in annotated(results.failing()) if one["level"] == "warning"] == [
        "yes/broken.flac: is cut short"
    ]


def test_firmware_that_does_not_compile_points_at_the_source():
    error = BuildError(
        "firmware does not build: apps/sensing/main.cc:3:1: expected ';'.",
        details="/elsewhere/x.h:1:1: error: not ours\n",
        remedy="Correct the source.",
    )
    result = judge.not_measured("w", "t", engine="auto", hardware_faithful=True, source="s", provenance={}, error=error)
    (only,) = annotated(result)
    assert (only["file"], only["line"]) == ("lab/firmware/apps/sensing/main.cc", "3")
    assert only["message"] == f"{error.message}\nCorrect the source."


def test_an_error_in_a_file_that_github_does_not_know_has_no_place():
    stream = io.StringIO()
    github.annotate_error(ConfigurationError("/etc/passwd:1: is not understood, 100 %."), stream)
    assert stream.getvalue() == "::error title=lab%3A configuration::/etc/passwd:1: is not understood, 100 %25.\n"


def test_ten_of_a_level_are_written_and_the_tenth_counts_the_rest():
    skipped = tuple(SkippedClip(f"yes/{number}.flac", "is cut short") for number in range(25))
    found = annotated(judge.judge(results.words(), replace(measurement(), skipped=skipped)))
    warnings = [one for one in found if one["level"] == "warning"]
    assert len(warnings) == 10
    assert warnings[-1]["message"] == "16 more are in the summary and the report."


def test_no_name_can_start_a_command_of_its_own():
    nasty = SkippedClip("yes/\r\n::error::gotcha.flac", "100 %0A, broken")
    (warning,) = [
        one
        for one in annotated(judge.judge(results.words(), replace(measurement((clip(0),)), skipped=(nasty,))))
        if one["level"] == "warning"
    ]
    assert warning["message"] == r"yes/\r\n::error::gotcha.flac: 100 %0A, broken"


def test_a_passing_run_annotates_nothing():
    assert annotated(results.passing()) == []


def test_the_summary_is_added_to_what_earlier_commands_said(tmp_path, monkeypatch):
    file = tmp_path / "summary"
    file.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    github.summarise("## ✅\n")
    assert file.read_text(encoding="utf-8") == "before\n## ✅\n"


def test_a_summary_that_is_too_long_for_github_is_cut_at_a_line_and_says_so(tmp_path, monkeypatch):
    file = tmp_path / "summary"
    file.write_text("x" * 1_000_000, encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    github.summarise("ä line\n" * 20_000)
    added = file.read_text(encoding="utf-8")[1_000_000:]
    assert file.stat().st_size <= github.SUMMARY_BYTES
    assert set(added.partition("\n\n")[0].splitlines()) == {"ä line"}
    assert "The summary is longer than GitHub shows" in added


def test_a_summary_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "missing" / "summary"))
    with pytest.raises(StorageError, match="The summary of the job cannot be written"):
        github.summarise("text")


def test_without_github_there_is_no_summary(monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    github.summarise("text")
