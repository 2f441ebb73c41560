"""What `lab run` compares with, fails for, leaves out and says to GitHub."""

from __future__ import annotations

import json
import shlex

import pytest
from junitparser import JUnitXml
from robot.api import ExecutionResult

import lab.measuring
from lab import history
from lab.cli import main
from lab.errors import StorageError
from lab.history import entries
from lab.measuring import Request
from lab.reporting import run_folder, wording
from tests import fake_measuring

from .conftest import ROOMY

REGRESSION = "flash_bytes is 184,620, was 181,000; tolerated: at most 182,810 (baselines/keyword-spotting/"


def failed(result) -> list[tuple[str, str]]:
    return [(check.name, check.origin) for check in result.runs[0].failed_checks]


def test_an_unchanged_run_is_the_same_as_its_baseline(golden, lab_run, capsys):
    code, result = lab_run("passing")
    assert (code, result.runs[0].baseline.standing) == (0, "same")
    said = capsys.readouterr().out
    assert "baseline    same" in said
    assert said.splitlines()[-1] == "PASSED: 13 checks"


def test_a_regression_fails_the_run_and_is_named_alike_everywhere(golden, lab_run, here, capsys):
    code, result = lab_run("larger")
    assert (code, result.verdict, failed(result)) == (1, "failed", [("flash_bytes", "baseline")])
    (check,) = result.runs[0].failed_checks
    assert str(check).startswith(REGRESSION)
    said = " ".join(capsys.readouterr().out.split())
    assert str(check) in said
    assert "≤ 200,000 +2.0 % FAIL" in said
    out = here / "out"
    assert [
        case.result[0].message for suite in JUnitXml.fromfile(out / "junit.xml") for case in suite if case.result
    ] == [str(check)]
    assert f"| `flash_bytes` | 184,620 | ≤ 182,810 | 181,000 | `{check.where}` |" in (out / "summary.md").read_text()
    tests = ExecutionResult(str(out / "output.xml")).suite.tests
    assert [(test.name, test.message) for test in tests if test.failed] == [("Fits In Flash", str(check))]
    assert "182,810" in (out / "report.html").read_text(encoding="utf-8")


def test_told_to_fail_on_limits_alone_a_regression_is_said_and_passes(golden, lab_run, capsys):
    code, result = lab_run("larger", "--fail-on", "limit")
    assert (code, failed(result), result.runs[0].baseline.standing) == (0, [], "worse")
    assert "baseline    worse: flash_bytes" in capsys.readouterr().out


def test_without_a_baseline_the_run_says_how_to_make_one(lab_run, capsys):
    code, result = lab_run("larger")
    assert (code, result.runs[0].baseline.standing) == (0, "not comparable")
    assert "baseline    there is no baseline; `lab baseline update` makes one" in capsys.readouterr().out


def test_told_not_to_a_run_compares_with_nothing(golden, lab_run, capsys):
    code, result = lab_run("larger", "--no-baseline")
    assert (code, result.runs[0].baseline) == (0, None)
    assert "baseline" not in capsys.readouterr().out


def test_baselines_can_be_kept_elsewhere(golden, lab_run, here):
    golden.rename(here / "elsewhere")
    assert lab_run("larger")[0] == 0
    code, result = lab_run("larger", "--baseline", here / "elsewhere")
    assert (code, failed(result)) == (1, [("flash_bytes", "baseline")])
    assert result.runs[0].failed_checks[0].where.startswith(str(here / "elsewhere"))


def test_another_toolchain_is_not_compared_and_the_run_says_which(golden, lab_run, capsys):
    code, result = lab_run("of_another_compiler")
    assert (code, failed(result)) == (0, [])
    said = " ".join(capsys.readouterr().out.split())
    assert "baseline same; not comparable: instructions_per_inference, " in said
    assert "(another toolchain: 71f65383 before, 00000000 now)" in said


def test_on_github_what_another_toolchain_keeps_from_being_gated_is_a_warning(on_github, lab_run, capsys):
    lab_run("of_another_compiler")
    assert "::warning title=keyword-spotting on nano33ble%3A not compared with the baseline::same; not comp" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--baseline", "missing"], "There is no folder of baselines missing."),
        (["--baseline", ".", "--no-baseline"], "--baseline and --no-baseline exclude each other."),
        (["--fail-on", "anything"], "Invalid value for '--fail-on'"),
    ],
)
def test_a_comparison_that_cannot_be_is_refused_before_anything_is_built(here, monkeypatch, capsys, options, said):
    monkeypatch.setattr(lab.measuring, "measure", lambda *_arguments: pytest.fail("measured"))
    assert main(["run", "keyword-spotting", *options]) == 2
    assert said in capsys.readouterr().err


def test_a_baseline_that_cannot_be_read_is_the_run_s_error_and_keeps_what_was_measured(golden, lab_run, capsys):
    (file,) = golden.rglob("*.json")
    file.write_text("{", encoding="utf-8")
    code, result = lab_run("passing")
    assert (code, result.verdict, len(result.runs[0].clips)) == (2, "error", 24)
    assert "is not valid JSON" in capsys.readouterr().err


@pytest.mark.parametrize("names", [["yes/2.flac"], ["no/3.flac", "yes/2.flac"]])
def test_one_can_play_some_of_the_recordings_which_are_compared_with_themselves(golden, lab_run, names):
    some = [word for name in names for word in ("--clip", name)]
    code, result = lab_run("passing", *some)
    assert (code, sorted(clip.clip for clip in result.runs[0].clips)) == (0, sorted(names))
    assert (result.runs[0].baseline.standing, result.runs[0].baseline.common) == ("same", len(names))
    assert result.runs[0].recordings.partial
    code, result = lab_run("larger", *some)
    assert (code, [check.name for check in result.runs[0].failed_checks]) == (1, ["flash_bytes"])


@pytest.mark.parametrize("name", ["a,b.wav", "a'b\"c.wav", "back\\slash.wav", "${HOME}.wav", "a  b:c|d.wav", "ü.wav"])
def test_a_recording_of_any_name_can_be_asked_for(here, monkeypatch, name):
    asked: list[Request] = []
    monkeypatch.setattr(
        lab.measuring, "measure", lambda request, *_: asked.append(request) or fake_measuring.measurement()
    )
    assert main(["run", "keyword-spotting", "--out", "out", "--clip", f"yes/{name}", "--clip", "no/1.wav"]) == 0
    assert asked[0].clips == (f"yes/{name}", "no/1.wav")


def test_a_run_is_added_to_the_history_unless_told_not_to(here, lab_run):
    lab_run("passing", "--no-history")
    lab_run("passing", "--clip", "yes/2.flac")
    assert not (here / "runs").exists()
    lab_run("passing")
    assert (here / "runs" / "history.sqlite").is_file()


@pytest.mark.parametrize("error", [StorageError("history.sqlite is locked.", remedy="Wait."), RuntimeError("bug")])
def test_a_history_that_fails_changes_no_verdict(here, lab_run, monkeypatch, capsys, error):
    def add(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(history, "add", add)
    assert lab_run("passing")[0] == 0
    said = capsys.readouterr()
    assert "PASSED: 13 checks" in said.out
    assert said.err.splitlines()[-1].startswith("warning: ")
    assert "Traceback" not in said.err


@pytest.fixture
def on_github(golden, here, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(here))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "summary"))
    return here


def test_on_github_a_regression_is_annotated_and_the_summary_is_that_of_the_run(on_github, lab_run, capsys):
    assert lab_run("larger")[0] == 1
    (command,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
    assert command.startswith("::error file=project/baselines/keyword-spotting/nano33ble-reference.json,line=")
    assert f"::{REGRESSION}" in command
    summary = (on_github / "summary").read_text(encoding="utf-8")
    assert summary == (on_github / "out" / "summary.md").read_text(encoding="utf-8")


def test_on_github_standard_output_is_still_the_result_alone(on_github, lab_run, capsys):
    lab_run("larger", "--json")
    said = capsys.readouterr()
    assert json.loads(said.out)["verdict"] == "failed"
    assert [line for line in said.err.splitlines() if line.startswith("::error file=project/baselines/")]


def test_on_github_what_keeps_a_run_from_starting_is_annotated(on_github, capsys):
    assert main(["run", "keyword-spoting"]) == 2
    assert "::error title=lab%3A unknown-name::There is no workload named 'keyword-spoting'." in capsys.readouterr().err


def test_on_github_firmware_that_does_not_compile_is_annotated(on_github, lab_run, capsys):
    assert lab_run("not_compiling")[0] == 2
    assert "::error title=keyword-spotting on nano33ble%3A build::main.cc:3: expected" in capsys.readouterr().out


def test_a_summary_that_cannot_be_written_changes_no_verdict(on_github, lab_run, monkeypatch, capsys):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(on_github / "missing" / "summary"))
    assert lab_run("passing")[0] == 0
    assert "warning: The summary of the job cannot be written" in capsys.readouterr().err


def test_elsewhere_nothing_is_annotated(golden, lab_run, capsys):
    assert lab_run("larger")[0] == 1
    said = capsys.readouterr()
    assert "::" not in said.out + said.err


def test_the_table_with_changes_fits_80_columns(golden, lab_run, capsys):
    assert ROOMY["instructions_per_inference"] == "{ at_most = 9_200_000 }"
    lab_run("larger")
    lines = capsys.readouterr().out.splitlines()
    (row,) = [line for line in lines if "instructions_per_inference" in line]
    assert row.split() == ["instructions_per_inference", "9,000,000", "exact", "≤", "9,200,000", "=", "ok"]
    assert max(map(len, lines)) <= 80


def test_kernels_that_one_of_several_boards_cannot_have_are_refused_before_any_is_played(monkeypatch, capsys):
    monkeypatch.setattr(lab.measuring, "measure", lambda *_: pytest.fail("something was played"))
    assert main(["run", "keyword-spotting", "--target", "all", "--kernels", "cmsis-nn"]) == 2
    assert "error[kernels-core]: CMSIS-NN is for Arm cores; esp32c3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("outcome", "options", "said"),
    [
        ("passing", ["--model", "nope.tflite"], "error[model-unreadable]: nope.tflite"),
        ("passing", ["--recordings", "nowhere"], "error[recordings-missing]: There is no folder nowhere."),
        ("passing", ["--mode", "stream", "--seed", "-1"], "error[usage]: "),
        ("refusing", [], "error[configuration]: workload.toml:3: input.sensor: there is none."),
        ("refusing", ["--json"], "error[configuration]: workload.toml:3: input.sensor: there is none."),
    ],
)
def test_what_is_asked_for_wrongly_is_no_run(here, monkeypatch, capsys, outcome, options, said):
    monkeypatch.setattr(lab.measuring, "measure", fake_measuring.measure_with("passing"))
    assert main(["run", "keyword-spotting"]) == 0
    before = sorted((here / "runs").iterdir()), (here / "runs" / "latest").readlink()
    capsys.readouterr()
    monkeypatch.setattr(lab.measuring, "measure", fake_measuring.measure_with(outcome))
    assert main(["run", "keyword-spotting", *options]) == 2
    shown = capsys.readouterr()
    assert (shown.out, said in shown.err, shown.err.count("remedy: ")) == ("", True, 1)
    assert (sorted((here / "runs").iterdir()), (here / "runs" / "latest").readlink()) == before
    assert len(entries.read(here / "runs" / "history.sqlite")) == 1


def test_a_model_that_is_not_there_leaves_the_earlier_run_of_the_folder(here, lab_run):
    assert lab_run("passing")[0] == 0
    assert main(["run", "keyword-spotting", "--out", "out", "--model", "nope.tflite"]) == 2
    assert run_folder.read_result(here / "out").verdict == "passed"


def test_sources_that_do_not_compile_are_a_run_with_its_folder(here, lab_run):
    code, result = lab_run("not_compiling")
    assert (code, result.verdict, (here / "out" / "report.html").is_file()) == (2, "error", True)
    assert len(entries.read(here / "runs" / "history.sqlite")) == 1


@pytest.mark.parametrize("outcome", ["passing", "not_compiling"])
def test_the_line_that_does_a_run_again_has_every_option(here, lab_run, outcome):
    (here / "kept").mkdir()
    options = ["--engine", "builtin", "--kernels", "reference", "--baseline", "kept", "--fail-on", "limit"]
    (run,) = lab_run(outcome, *options, "--clip", "yes/2.flac")[1].runs
    line = shlex.split(wording.command(run))
    assert line[:5] == ["lab", "run", "keyword-spotting", "--target", "nano33ble"]
    assert all(f"{option} {value}" in " ".join(line) for option, value in zip(options[::2], options[1::2], strict=True))
    assert line.count("--clip") == 1
    assert wording.command(run, "no/3.flac").count("--clip") == 1


def test_an_error_is_told_in_its_own_words(lab_run, capsys):
    lab_run("broken_engine")
    assert capsys.readouterr().out.splitlines()[-1] == "ERROR: The emulator broke"
