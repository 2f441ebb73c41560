"""The suite of Renode's own keywords: on the built-in engine, and on a real Renode where there is one."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from robot import running
from robot.api import ExecutionResult

from lab import workload
from lab.cli import main
from lab.engines.renode import installation

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
    folder = tmp_path / "changed"
    subprocess.run(["cp", "-r", exported, folder], check=True)
    return folder


def lab_test(folder: Path, out: Path, *tests: str) -> tuple[int, dict[str, tuple[str, str]]]:
    chosen = [word for test in tests for word in ("--test", test)]
    code = main(["test", str(folder / SUITE.name), "--out", str(out), *chosen])
    return code, outcomes(out / "output.xml")


def outcomes(output: Path) -> dict[str, tuple[str, str]]:
    return {test.name: (test.status, test.message) for test in ExecutionResult(str(output)).suite.tests}


def test_it_has_a_test_for_each_label_and_one_that_counts():
    tests = running.TestSuite.from_file_system(str(SUITE)).tests
    played = [argument for test in tests for call in test.body for argument in call.args]
    assert sorted(played) == sorted([*workload.load("keyword-spotting").labels, "yes"])


def test_it_imports_nothing_but_its_variables():
    assert [found.type for found in running.TestSuite.from_file_system(str(SUITE)).resource.imports] == ["VARIABLES"]


def test_it_passes_on_the_built_in_engine(exported, tmp_path):
    code, tests = lab_test(exported, tmp_path)
    assert {name: said for name, said in tests.items() if said != ("PASS", "")} == {}
    assert code == 0


def test_it_runs_from_where_it_is_with_the_folder_named(exported, tmp_path):
    code = main(
        ["test", str(SUITE), "--variable", f"EXPORTED:{exported}", "--test", "Hears Yes", "--out", str(tmp_path)]
    )
    assert (code, outcomes(tmp_path / "output.xml")) == (0, {"Hears Yes": ("PASS", "")})


def test_one_sample_that_is_another_fails_the_test_of_its_clip(changed, tmp_path):
    clip = changed / "clips" / "yes.s16le"
    samples = bytearray(clip.read_bytes())
    samples[20_000] ^= 1
    clip.write_bytes(samples)
    code, tests = lab_test(changed, tmp_path, "Hears Yes", "Hears No")
    assert code == 1
    assert tests["Hears No"] == ("PASS", "")
    assert re.fullmatch(r"[0-9a-f]{8} != [0-9a-f]{8}", tests["Hears Yes"][1])


@pytest.mark.parametrize(
    ("key", "test"),
    [
        ("features_crc", "Hears Yes"),
        ("scores", "Hears Yes"),
        ("instructions", "Executes What The Lab Counted"),
    ],
)
def test_another_expectation_fails(changed, tmp_path, key, test):
    file = changed / "keyword_spotting.json"
    variables = json.loads(file.read_text())
    variables["CLIPS"]["yes"][key] = 0
    file.write_text(json.dumps(variables))
    assert lab_test(changed, tmp_path, test)[0] == 1


def test_it_passes_on_a_real_renode(exported, tmp_path):
    renode = installation.look()
    if renode is None:
        pytest.skip("this machine has no Renode: `lab setup renode`, or RENODE_PATH")
    program = renode.path.parent / "renode-test"
    if not program.is_file():
        pytest.skip(f"{renode.path.parent} has no renode-test")
    done = subprocess.run(
        [program, "-r", tmp_path, exported / SUITE.name],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if "ModuleNotFoundError" in done.stdout + done.stderr:
        pytest.skip(f"{program} lacks Python packages: see requirements.txt in its folder tests")
    tests = outcomes(tmp_path / "robot_output.xml")
    assert {name: said for name, said in tests.items() if said[0] != "PASS"} == {}, done.stdout
    assert len(tests) == len(running.TestSuite.from_file_system(str(SUITE)).tests)
