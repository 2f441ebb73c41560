"""The page on baselines, followed in a copy of the project with one recording of each label."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from lab.verdict import policy
from tests.docs.conftest import cache, shell  # noqa: F401 - fixtures
from tests.docs.documents import ROOT, blocks, table

PAGE = ROOT / "docs" / "baselines.md"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    def few(_folder: str, names: list[str]) -> set[str]:
        return set(sorted(name for name in names if name.endswith(".flac"))[1:])

    for name in ("firmware", "models", "renode_platforms", "robot_tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=few)
    file = tmp_path / "models" / "keyword-spotting" / "workload.toml"
    # Of 14 recordings no accuracy is to be expected.
    file.write_text(re.sub(r"^accuracy = .*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE))
    return tmp_path


def test_the_commands_of_the_page_keep_a_baseline_and_compare_with_it(copy, shell):  # noqa: F811
    commands = [command for block in blocks(PAGE) if block.note == "walk-through" for command in block.commands]
    said = []
    for command in commands:
        done = shell(command, copy)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        said.append(done.stdout)
    assert "there is no baseline" in " ".join(said[0].split())
    assert said[1] == "baselines/keyword-spotting/nano33ble-cmsis-nn.json: new\n"
    assert re.search(r"^baseline +same", said[2], re.MULTILINE)
    assert said[4].rstrip().endswith("SAME")
    assert said[5].rstrip().endswith("SAME")
    assert (copy / "changes.svg").exists()


def test_the_page_says_the_policy_that_ships():
    said = {
        name.strip("` "): cells[1:]
        for cells in table(PAGE, "The policy")
        if cells[0].startswith("`") and len(cells) == 4
        for name in cells[0].split(",")
    }
    rules = policy.load().metrics
    assert said == {name: [rule.direction, _tolerated(name, rule), _needs(rule)] for name, rule in rules.items()}


def _tolerated(name: str, rule: policy.Rule) -> str:
    if rule.relative:
        return f"{rule.relative:.0%}".replace("%", " %")
    unit = " bytes" if name.endswith("_bytes") else ""
    return f"{rule.absolute:g}{unit}" if rule.absolute else "nothing"


def _needs(rule: policy.Rule) -> str:
    return ", ".join(rule.needs).replace("_", " ")


def test_the_policy_of_the_pages_project_is_valid(tmp_path):
    (text,) = [block.text for block in blocks(PAGE) if block.language == "toml"]
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    rules = policy.load(tmp_path).metrics
    assert (rules["accuracy"].absolute, rules["flash_bytes"].relative) == (0.01, 0)
    assert rules["cycles_per_inference"].missing == "fail"
