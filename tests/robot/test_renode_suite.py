"""The suite of Renode's own keywords: on the built-in engine, and on a real Renode where there is one."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from robot import running

from lab import target, workload
from lab.cli import main
from lab.errors import ConfigurationError
from lab.measuring.host import Host
from lab.robot_renode import export

from .conftest import Outcomes

ROOT = Path(__file__).parents[2]
SUITE = ROOT / "robot_tests" / "renode" / "keyword_spotting.robot"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as the lab writes it, to be read only."""
    folder = tmp_path_factory.mktemp("for those with Renode") / "exported"
    assert main(["export", "keyword-spotting", str(folder)]) == 0
    return folder


@pytest.fixture
def changed(exported, tmp_path) -> Path:
    """A copy of the folder, to be changed."""
    return Path(shutil.copytree(exported, tmp_path / "changed"))


def not_passed(outcomes: Outcomes) -> Outcomes:
    return {name: outcome for name, outcome in outcomes.items() if outcome[0] != "PASS"}


def test_it_has_a_test_for_each_label_and_one_that_counts():
    tests = running.TestSuite.from_file_system(str(SUITE)).tests
    played = [argument for test in tests for call in test.body for argument in call.args]
    assert sorted(played) == sorted([*workload.load("keyword-spotting").labels, "yes"])


def test_it_imports_nothing_but_its_variables():
    assert [found.type for found in running.TestSuite.from_file_system(str(SUITE)).resource.imports] == ["VARIABLES"]


def test_it_passes_on_the_built_in_engine(exported, lab_test):
    assert not_passed(lab_test(exported / SUITE.name)) == {}


def test_it_passes_on_a_real_renode(exported, renode_test):
    outcomes = renode_test(exported / SUITE.name)
    assert not_passed(outcomes) == {}
    assert len(outcomes) == len(running.TestSuite.from_file_system(str(SUITE)).tests)


def test_it_runs_from_where_it_is_with_the_folder_named(exported, lab_test):
    outcomes = lab_test(SUITE, "--variable", f"EXPORTED:{exported}", "--test", "Hears Yes")
    assert outcomes == {"Hears Yes": ("PASS", "")}


def test_one_sample_that_is_another_fails_the_test_of_its_clip(changed, lab_test):
    clip = changed / "clips" / "yes.s16le"
    samples = bytearray(clip.read_bytes())
    samples[20_000] ^= 1
    clip.write_bytes(samples)
    outcomes = lab_test(changed / SUITE.name, "--test", "Hears Yes", "--test", "Hears No")
    assert outcomes["Hears No"] == ("PASS", "")
    assert re.fullmatch(r"[0-9a-f]{8} != [0-9a-f]{8}", outcomes["Hears Yes"][1])


@pytest.mark.parametrize(
    ("key", "test"),
    [
        ("features_crc", "Hears Yes"),
        ("scores", "Hears Yes"),
        ("instructions", "Executes What The Lab Counted"),
    ],
)
def test_another_expectation_fails(changed, lab_test, key, test):
    file = changed / "keyword_spotting.json"
    variables = json.loads(file.read_text())
    variables["CLIPS"]["yes"][key] = 0
    file.write_text(json.dumps(variables))
    assert not_passed(lab_test(changed / SUITE.name, "--test", test)).keys() == {test}


def test_a_folder_that_is_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["export", "keyword-spotting", str(tmp_path / "file")]) == 3
    assert "not-writable" in capsys.readouterr().err


def test_a_label_that_the_model_never_hears_is_left_out_and_told(tmp_path, monkeypatch, capsys):
    expect = Host.expect
    monkeypatch.setattr(Host, "expect", lambda host, samples: replace(expect(host, samples), decided="yes"))
    assert main(["export", "keyword-spotting", str(tmp_path)]) == 0
    assert json.loads((tmp_path / "keyword_spotting.json").read_text())["CLIPS"].keys() == {"yes"}
    said = capsys.readouterr().err
    assert "no clip of no: the model hears none of its recordings as such" in said
    assert "no clip of yes" not in said


def test_a_board_without_a_script_is_refused(tmp_path):
    (tmp_path / "nano33ble.repl").touch()
    with pytest.raises(ConfigurationError, match=r"nano33ble\.resc cannot be read: it does not exist\."):
        export.script_of(target.load("nano33ble").model_copy(update={"folder": tmp_path}))
