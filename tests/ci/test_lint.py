"""Workflows and actions, the repository's own and those that pages show, are what GitHub and GitLab take."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.ci.documents import (
    ACTION,
    PAGE,
    PLACEHOLDER,
    WORKFLOWS,
    action,
    dump,
    is_for_gitlab,
    is_steps,
    load,
    shown,
    whole,
)
from tests.ci.linters import actionlint, against_schema, as_workflow
from tests.docs.documents import ROOT

PINNED = re.compile(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
OF_A_PROJECT = ROOT / "lab" / "project" / "files" / "lab.yml"
WORKFLOWS = [*WORKFLOWS, OF_A_PROJECT]
EXAMPLES = [*shown(PAGE), *shown(ROOT / "README.md")]
FOR_GITHUB = [block for block in EXAMPLES if not is_for_gitlab(block)]
FOR_GITLAB = [block for block in EXAMPLES if is_for_gitlab(block)]
WORKFLOW = "on: push\njobs:\n  one:\n    runs-on: ubuntu-latest\n    steps:\n      - "


def steps_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    jobs = content.get("jobs", {"": content.get("runs")})
    return [step for job in jobs.values() for step in job["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_is_valid(file, tmp_path):
    text = file.read_text(encoding="utf-8")
    assert actionlint(text, tmp_path) == []
    assert against_schema("github-workflows", text, tmp_path) == ""


def test_the_action_is_valid(tmp_path):
    assert against_schema("github-actions", ACTION.read_text(encoding="utf-8"), tmp_path) == ""
    assert actionlint(as_workflow(action()), tmp_path) == []


@pytest.mark.parametrize("block", FOR_GITHUB, ids=lambda block: block.place)
def test_a_workflow_on_a_page_is_valid(block, tmp_path):
    assert actionlint(whole(block), tmp_path) == []
    assert against_schema("github-workflows", whole(block), tmp_path) == ""


@pytest.mark.parametrize("block", FOR_GITLAB, ids=lambda block: block.place)
def test_a_pipeline_on_a_page_is_valid(block, tmp_path):
    assert against_schema("gitlab-ci", block.text, tmp_path) == ""


@pytest.mark.parametrize("file", [ACTION, *WORKFLOWS], ids=lambda file: file.name)
def test_actions_of_others_are_pinned_to_a_commit(file):
    used = [line.strip(" -") for line in file.read_text(encoding="utf-8").splitlines() if "uses: " in line]
    assert [line for line in used if line != "uses: ./" and not PINNED.match(line)] == []


@pytest.mark.parametrize("file", [ACTION, *WORKFLOWS], ids=lambda file: file.name)
def test_no_expression_becomes_part_of_a_script(file):
    scripts = [step["run"] for step in steps_of(load(file.read_text(encoding="utf-8"))) if "run" in step]
    assert scripts
    assert [script for script in scripts if "${{" in script] == []


EVERY_WORKFLOW = {
    **{file.name: file.read_text(encoding="utf-8") for file in WORKFLOWS},
    **{block.place: block.text for block in FOR_GITHUB if not is_steps(block)},
}
SHOWN = {block.place: block.text for block in FOR_GITHUB}


@pytest.mark.parametrize("name", EVERY_WORKFLOW)
def test_a_workflow_may_do_little_for_a_limited_time(name):
    content = load(EVERY_WORKFLOW[name])
    assert content["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in content["jobs"].values())


@pytest.mark.parametrize("name", EVERY_WORKFLOW | SHOWN)
def test_a_checkout_leaves_no_token_behind(name):
    content = load((EVERY_WORKFLOW | SHOWN)[name])
    steps = content if isinstance(content, list) else steps_of(content)
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    if any(step["with"].get("lfs") for step in checkouts):
        assert "git-lfs" in next(step["run"] for step in steps if "run" in step), "the container has none"


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_shows_actions_of_others_pinned_to_a_commit(name):
    used = [line.strip(" -") for line in SHOWN[name].splitlines() if "uses: " in line]
    assert [line for line in used if line != f"uses: {PLACEHOLDER}" and not PINNED.match(line)] == []


def test_what_is_wrong_would_be_seen(tmp_path):
    def said(step: str) -> str:
        return " ".join(actionlint(WORKFLOW + step, tmp_path))

    assert 'property "targets" is not defined' in said("run: echo ${{ inputs.targets }}")
    assert 'input "workload" is not defined' in said("uses: ./\n        with: {workload: x}")
    assert 'missing input "workloads"' in said("uses: ./")
    assert "SC2086" in said("run: ls $HOME/$1")
    wrong = {**action(), "runs": {"using": "composite", "steps": [{"run": "true"}]}}
    assert "validation errors" in against_schema("github-actions", dump(wrong), tmp_path)
    assert "when" in against_schema("gitlab-ci", "verdict: {script: lab, artifacts: {when: sometimes}}", tmp_path)
