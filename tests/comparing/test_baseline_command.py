from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.errors import DeviceFault
from lab.measuring import SkippedClip
from lab.verdict import baseline, judge
from lab.workload import Limit
from tests.comparing.runs import golden, judged, keep, leave, measured
from tests.fake_measuring import clip

KEPT = Path("baselines", "keyword-spotting", "nano33ble-reference.json")


def test_the_first_baseline_comes_from_the_latest_run(lab, project):
    leave(project / "runs" / "latest", judged())
    assert lab("baseline", "update") == (0, f"{KEPT}: new\n", "")
    assert baseline.read(project / KEPT) == golden()


def test_twice_the_same_run_gives_the_same_file(lab, project):
    run = leave(project / "somewhere", judged())
    lab("baseline", "update", "--from", run)
    before = (project / KEPT).read_bytes()
    assert lab("baseline", "update", "--from", run / "result.json") == (0, f"{KEPT}: unchanged\n", "")
    assert (project / KEPT).read_bytes() == before


def test_an_update_says_what_changed(lab, project):
    keep(project / "baselines")
    worse = measured({"flash_bytes": 190_000}, build={"model": "smaller.tflite crc 1"})
    leave(project / "runs" / "latest", judged(worse, baselines=project / "baselines"))
    code, out, _ = lab("baseline", "update")
    assert code == 0
    assert f"{KEPT}: updated\n" in out
    assert "flash_bytes   181,000   190,000   +5.0 %   worse" in out
    assert "smaller.tflite crc 1" in out
    assert "accuracy" not in out


def test_after_an_update_the_regression_is_accepted(lab, project):
    keep(project / "baselines")
    worse = measured({"flash_bytes": 190_000})
    failed = judged(worse, baselines=project / "baselines")
    assert failed.exit_code == 1
    leave(project / "runs" / "latest", failed)
    lab("baseline", "update")
    assert judged(worse, baselines=project / "baselines").exit_code == 0


@pytest.mark.produces("baseline-broken")
def test_a_baseline_with_the_marks_of_a_merge_is_named_with_their_line(lab, project):
    file = keep(project / "baselines")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('  "metrics"', '<<<<<<< ours\n  "metrics"'), encoding="utf-8")
    code, _, err = lab("baseline", "show")
    assert code == 2
    assert err.startswith(f"error[baseline-broken]: {KEPT}:15 is not valid JSON: ")
    assert "remedy: Restore it" in err


def test_a_broken_baseline_is_replaced(lab, project):
    keep(project / "baselines").write_text("<<<<<<< ours", encoding="utf-8")
    leave(project / "runs" / "latest", judged(baselines=project / "baselines"))
    assert lab("baseline", "update")[0] == 0
    assert baseline.read(project / KEPT) == golden()


@pytest.mark.produces("run-unfit")
@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (judged(measured(clips=(clip(0),), error=DeviceFault("fault"))), "it did not finish"),
        (judged(measured(clips=(clip(0),), interrupted=True)), "it did not finish"),
        (judged(measured(clips=(clip(0),), partial=True)), "only some recordings were played"),
        (judged(limits={"flash_bytes": Limit(at_most=9)}), "flash_bytes is 181,000; limit: at most 9 ("),
        (judged(measured(skipped=(SkippedClip("a.wav", "broken"),))), "skipped_recordings is 1; limit: at most 0 ("),
        (judge.with_failed_tests(judged(), [("Hears", "x.robot:3")]), "the Robot test 'Hears' failed (x.robot:3)"),
    ],
)
def test_a_run_that_is_not_whole_or_breaks_a_limit_makes_no_baseline(lab, project, result, reason):
    leave(project / "runs" / "latest", result)
    code, out, err = lab("baseline", "update")
    assert (code, out) == (2, "")
    assert err.startswith("error[run-unfit]: runs/latest makes no baseline of keyword-spotting on nano33ble: " + reason)
    assert not (project / "baselines").exists()


def test_of_several_runs_those_named_are_kept(lab, project):
    both = judge.together([judged(), judged(measured(target="other-board"))])
    leave(project / "runs" / "latest", both)
    lab("baseline", "update", "keyword-spotting", "--target", "nano33ble")
    assert [file.name for file in (project / "baselines").glob("*/*")] == [KEPT.name]
    lab("baseline", "update")
    assert len(list((project / "baselines").glob("*/*"))) == 2


def test_no_file_is_written_if_one_of_several_runs_is_unfit(lab, project):
    both = judge.together([judged(), judged(measured(target="other-board", interrupted=True))])
    leave(project / "runs" / "latest", both)
    assert lab("baseline", "update")[0] == 2
    assert not (project / "baselines").exists()


def test_a_run_without_what_was_named_is_refused_with_what_it_has(lab, project):
    leave(project / "runs" / "latest", judged(measured(target="other-board")))
    code, _, err = lab("baseline", "update", "--target", "nano33ble")
    assert code == 2
    assert "has no run of any workload on nano33ble: it has keyword-spotting on other-board." in err


def test_without_a_run_the_next_step_is_said(lab):
    code, _, err = lab("baseline", "update")
    assert code == 2
    assert "There is no runs/latest" in err
    assert "lab run" in err


def test_show_prints_each_value_with_what_is_tolerated(lab, project):
    keep(project / "baselines")
    code, out, _ = lab("baseline", "show")
    rows = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.strip()}
    assert code == 0
    assert out.startswith(f"{KEPT}\n24 recordings")
    assert rows["flash_bytes"] == ["181,000", "≤", "182,810", "toolchain"]
    assert rows["accuracy"] == ["100", "%", "≥", "99.5", "%", "recordings"]


def test_show_as_json_is_the_files(lab, project):
    file = keep(project / "baselines")
    assert json.loads(lab("baseline", "show", "--json")[1]) == [json.loads(file.read_text(encoding="utf-8"))]


def test_show_of_nothing_says_how_to_make_a_baseline(lab):
    code, out, err = lab("baseline", "show", "keyword-spotting")
    assert (code, out) == (0, "")
    assert err == "There is no baseline of keyword-spotting: `lab baseline update` makes one from a run.\n"


def test_baselines_can_be_kept_elsewhere(lab, project):
    leave(project / "runs" / "latest", judged())
    lab("baseline", "update", "--baseline", "nightly")
    assert (project / "nightly" / KEPT.relative_to("baselines")).exists()
    assert "nightly/keyword-spotting" in lab("baseline", "show", "--baseline", "nightly")[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["renew"], "There is no action of lab baseline named 'renew'."),
        (
            ["update", "keyword-spoting"],
            "There is no workload named 'keyword-spoting'. Did you mean 'keyword-spotting'?",
        ),
        (["show", "--target", "nano"], "There is no target named 'nano'"),
        (["show", "--from", "x"], "--from goes with `lab baseline update`."),
        (["update", "--json"], "--json goes with `lab baseline show`."),
        ([], "Missing argument"),
    ],
)
def test_what_cannot_be_followed_is_said(lab, arguments, said):
    code, _, err = lab("baseline", *arguments)
    assert code == 2
    assert said in err


def test_a_folder_that_cannot_be_written_is_named(lab, project):
    leave(project / "runs" / "latest", judged())
    (project / "baselines").write_text("a file", encoding="utf-8")
    code, _, err = lab("baseline", "update")
    assert code == 3
    assert "baselines" in err
