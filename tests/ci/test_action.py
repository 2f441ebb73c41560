"""The action as a workflow uses it, with measuring faked where only what comes after it matters."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lab.engines.renode import portable, release
from tests import fake_project
from tests.ci import fake_run
from tests.ci.runner import Job
from tests.renode import stand_in

INSTALL = "Install the lab and its toolchain"
NONE = {"engines-agree": "", "renode": ""}
ACCURACY = "::error file=models/keyword-spotting/workload.toml,line={line},title=keyword-spotting"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return fake_project.make(tmp_path / "workspace")


@pytest.fixture
def job(tmp_path: Path, workspace: Path):
    """A job whose lab is installed already; its measurements have the outcome of the test's choice."""

    def start(
        outcome: str,
        restore: Callable[[Path], bool] = lambda _folder: False,
        variables: Mapping[str, str] | None = None,
        **inputs: str,
    ) -> Job:
        job = Job(tmp_path, workspace, restore, {"HOME": str(tmp_path), **(variables or {})})
        python = job.temp / "lab" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f'#!/bin/sh\nexec {sys.executable} {fake_run.__file__} {outcome} "$@"\n')
        python.chmod(0o755)
        (job.temp / "lab-cache").mkdir(exist_ok=True)
        return job.run(without=(INSTALL,), **{"workloads": "keyword-spotting", **inputs})

    return start


def renode_is_kept(folder: Path) -> bool:
    """A cache in which an earlier run has left Renode, and nothing else."""
    if folder.name != "lab-renode":
        return False
    stand_in.make(folder / "renode" / release.NUMBER, release.NUMBER)
    return True


def test_a_verdict_that_is_passed_has_all_outputs_and_a_summary(job):
    done = job("passing")
    assert not done.failed, done.said
    folder = Path(done.outputs.pop("run-folder"))
    assert (folder / "result.json").is_file()
    assert done.outputs == {**NONE, "verdict": "passed", "exit-code": "0", "fingerprint": "ab" * 32}
    assert "::error" not in done.said
    assert re.search("keyword-spotting.*on.*nano33ble", done.summary)
    assert done.used["actions/upload-artifact"] == {"name": "lab-run-verdict-0", "path": str(folder)}


def test_a_broken_limit_is_annotated_at_its_line_of_the_workload(job, workspace):
    lines = (workspace / "models/keyword-spotting/workload.toml").read_text(encoding="utf-8").splitlines()
    (line,) = [number for number, text in enumerate(lines, start=1) if text.startswith("accuracy = ")]
    done = job("failing")
    assert done.failed
    assert (done.outputs["verdict"], done.outputs["exit-code"]) == ("failed", "1")
    (said,) = [text for text in done.said.splitlines() if text.startswith(ACCURACY.format(line=line))]
    assert "accuracy is 20 %25; limit: at least 90 %25" in said
    assert "accuracy" in done.summary
    assert "actions/upload-artifact" in done.used, "a failed run is what people want to look at"
    assert "actions/cache/save" in done.used, "its libraries are as good as any"


@pytest.mark.parametrize(
    ("outcome", "fail_on", "failed"),
    [
        ("failing", "regression", True),
        ("failing", "limit", True),
        ("failing", "never", False),
        ("faulting", "never", False),
        ("not_compiling", "never", True),
        ("passing", "sometimes", True),
    ],
)
def test_the_step_fails_for_what_it_was_told_and_for_every_error(job, outcome, fail_on, failed):
    assert job(outcome, fail_on=fail_on).failed == failed


@pytest.mark.parametrize(("outcome", "code"), [("not_compiling", "2"), ("broken_engine", "3")])
def test_an_error_has_its_exit_code_and_keeps_no_cache(job, outcome, code):
    done = job(outcome)
    assert (done.outputs["verdict"], done.outputs["exit-code"]) == ("error", code)
    assert "actions/cache/save" not in done.used


def test_what_cannot_start_says_why_and_uploads_nothing(job):
    done = job("passing", workloads="keyword-spoting")
    assert done.outputs == {**NONE, "verdict": "error", "exit-code": "2", "run-folder": "", "fingerprint": ""}
    assert "::error title=lab" in done.said
    assert "keyword-spotting" in done.said
    assert "actions/upload-artifact" not in done.used


def test_several_targets_are_separated_as_people_do(job, workspace):
    file = workspace / "models/keyword-spotting/workload.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^targets = .*$", 'targets = ["nano33ble", "twin", "third"]', text, flags=re.MULTILINE))
    for name in ("twin", "third"):
        shutil.copytree(workspace / "renode_platforms/nano33ble", workspace / "renode_platforms" / name)
    done = job("passing", targets="nano33ble, twin\nthird")
    assert done.outputs["verdict"] == "passed", done.said
    folder = Path(done.outputs["run-folder"])
    for name in ("nano33ble", "twin", "third"):
        assert (folder / f"keyword-spotting-{name}" / "result.json").is_file()


@pytest.mark.parametrize("name", ["workloads", "targets"])
def test_no_input_is_run_as_a_command(job, workspace, name):
    done = job("passing", **{name: '$(touch hit) `touch hit`"; touch hit; #'})
    assert "$(touch" in done.said, "it has come as far as the lab"
    assert not (workspace / "hit").exists()


def test_no_input_is_taken_for_an_option(job):
    done = job("passing", workloads="--help")
    assert (done.outputs["verdict"], done.outputs["exit-code"]) == ("error", "2")
    assert "There is no workload named '--help'" in done.said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_checkout_of_another_user_is_used_as_in_a_container(job, workspace):
    """There the job is root's, and the checkout that of the machine around it."""
    for path in (workspace, *workspace.rglob("*")):
        os.chown(path, 54_321, 54_321)
    done = job("passing")
    assert done.outputs["verdict"] == "passed", done.said


def test_a_second_use_in_one_job_has_a_folder_and_an_artifact_of_its_own(job):
    first, second = job("passing"), job("failing")
    assert first.outputs["run-folder"] != second.outputs["run-folder"]
    assert second.used["actions/upload-artifact"]["name"] == "lab-run-2-verdict-0"


def test_without_the_cache_nothing_is_restored_or_kept(job):
    assert job("passing", cache="false").used.keys() == {"actions/upload-artifact"}


def test_renode_is_kept_by_its_hash_in_a_cache_of_its_own(job):
    done = job("passing", renode_is_kept, engine="renode")
    assert not done.failed, done.said
    restored = done.used_by["Restore Renode"]
    assert restored["key"] == f"renode-{portable.archive().sha256}"
    assert not Path(restored["path"]).is_relative_to(done.used_by["Restore the cache"]["path"])
    assert "Keep Renode" not in done.used_by, "it was there"
    assert done.outputs["renode"] == f"{restored['path']}/renode/1.17.0/renode"
    assert done.outputs["engines-agree"] == ""


@pytest.mark.parametrize("engine", ["auto", "builtin"])
def test_without_need_no_renode_is_installed(job, engine):
    done = job("passing", engine=engine)
    assert "Restore Renode" not in done.used_by
    assert done.outputs["renode"] == ""


def test_both_engines_that_do_the_same_pass(job):
    done = job("passing", renode_is_kept, engine="both")
    assert not done.failed, done.said
    assert (done.outputs["verdict"], done.outputs["engines-agree"]) == ("passed", "true")
    folder = Path(done.outputs["run-folder"])
    assert (folder.name, folder.with_name("renode").is_dir()) == ("builtin", True)
    assert done.used["actions/upload-artifact"]["path"] == str(folder.parent), "both are in the artifact"


@pytest.mark.parametrize(("fail_on", "fails"), [("regression", True), ("never", False)])
def test_engines_that_differ_fail_the_step_though_each_passes(job, fail_on, fails):
    done = job("differing", renode_is_kept, engine="both", fail_on=fail_on)
    assert done.failed is fails
    assert (done.outputs["verdict"], done.outputs["engines-agree"]) == ("passed", "false")
    assert "::error title=The engines differ::" in done.said
    assert "lab conformance --target nano33ble" in done.summary
    assert "silence/0.flac" in done.summary


def test_an_error_on_the_one_engine_is_not_tried_on_the_other(job):
    done = job("not_compiling", renode_is_kept, engine="both")
    assert (done.outputs["verdict"], done.outputs["exit-code"]) == ("error", "2")
    assert done.outputs["engines-agree"] == ""
    assert not Path(done.outputs["run-folder"]).with_name("renode").exists()


def test_firmware_that_crashes_on_both_is_a_verdict_and_no_difference(job):
    done = job("faulting", renode_is_kept, engine="both")
    assert (done.outputs["verdict"], done.outputs["engines-agree"]) == ("failed", "")


def test_a_renode_of_the_callers_own_is_taken(job, tmp_path):
    own = stand_in.make(tmp_path / "own", release.NUMBER)
    done = job("passing", variables={"RENODE_PATH": str(own)}, engine="both")
    assert (done.outputs["renode"], done.outputs["engines-agree"]) == ("", "true"), done.said
    assert "Restore Renode" not in done.used_by


def test_nothing_is_left_in_the_workspace(job, workspace):
    before = set(workspace.rglob("*"))
    job("passing")
    assert set(workspace.rglob("*")) == before
