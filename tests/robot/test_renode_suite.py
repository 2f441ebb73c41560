"""The suite of Renode's own keywords that `lab export` writes: on the built-in engine, and on a real Renode."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from robot import running

from lab import target, workload
from lab.cli import main
from lab.errors import ConfigurationError
from lab.measuring.host import Host
from lab.robot_renode import export

from .conftest import Outcomes

COUNTING = "Executes What The Lab Counted"
EXPORTED = {
    "keyword-spotting": "nano33ble",
    "activity-recognition": "esp32c3",
    "gesture-recognition": "stm32f746g",
}
"""A board for each: of every sensor that a script feeds, on every board."""


@dataclass(frozen=True)
class Folder:
    """What `lab export` wrote of a workload for a board, to be read only."""

    path: Path
    labels: tuple[str, ...]

    @property
    def suite(self) -> Path:
        (found,) = self.path.glob("*.robot")
        return found


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> Callable[[str], Folder]:
    """Exports a workload, once."""

    @cache
    def folder(name: str) -> Folder:
        path = tmp_path_factory.mktemp("for those with Renode") / "exported"
        assert main(["export", name, str(path), "--target", EXPORTED[name]]) == 0
        return Folder(path, workload.load(name).labels)

    return folder


@pytest.fixture(params=EXPORTED)
def exported(request, folders) -> Folder:
    return folders(request.param)


def of(*names: str) -> pytest.MarkDecorator:
    """Of these workloads alone."""
    return pytest.mark.parametrize("exported", names, indirect=True)


@pytest.fixture
def changed(exported, tmp_path) -> Path:
    """A copy of the folder, to be changed."""
    return Path(shutil.copytree(exported.path, tmp_path / "changed"))


def not_passed(outcomes: Outcomes) -> Outcomes:
    return {name: outcome for name, outcome in outcomes.items() if outcome[0] != "PASS"}


def test_it_has_a_test_for_each_label_and_one_that_counts_and_passes_on_the_built_in_engine(exported, lab_test):
    outcomes = lab_test(exported.suite)
    assert not_passed(outcomes) == {}
    assert set(outcomes) == {*(f"Decides {label.title()}" for label in exported.labels), COUNTING}


def test_it_passes_on_a_real_renode(exported, renode_test):
    outcomes = renode_test(exported.suite)
    assert not_passed(outcomes) == {}
    assert len(outcomes) == len(exported.labels) + 1


@of("keyword-spotting")
def test_it_imports_nothing_but_what_is_in_its_folder(exported):
    imports = running.TestSuite.from_file_system(str(exported.suite)).resource.imports
    assert {(found.type, found.name) for found in imports} == {
        ("VARIABLES", "keyword_spotting.json"),
        ("RESOURCE", "device.resource"),
    }
    resource = running.ResourceFile.from_file_system(str(exported.path / "device.resource"))
    assert list(resource.imports) == []


@pytest.mark.parametrize(
    ("exported", "label", "others"),
    [("keyword-spotting", "yes", ["no"]), ("gesture-recognition", "wing", ["ring"])],
    indirect=["exported"],
)
def test_one_sample_that_is_another_fails_the_test_of_its_recording(changed, lab_test, label, others):
    recording = changed / "recordings" / f"{label}.s16le"
    samples = bytearray(recording.read_bytes())
    samples[1_000] ^= 1
    recording.write_bytes(samples)
    chosen = [word for name in (label, *others) for word in ("--test", f"Decides {name.title()}")]
    outcomes = lab_test(next(changed.glob("*.robot")), *chosen)
    assert [outcomes.pop(f"Decides {name.title()}") for name in others] == [("PASS", "")]
    assert re.fullmatch(r"[0-9a-f]{8} != [0-9a-f]{8}", outcomes[f"Decides {label.title()}"][1])


@of("keyword-spotting")
@pytest.mark.parametrize(
    ("keys", "test"),
    [
        (("RECORDINGS", "yes", "features_crc"), "Decides Yes"),
        (("RECORDINGS", "yes", "scores"), "Decides Yes"),
        (("COUNTED", "instructions"), COUNTING),
    ],
)
def test_another_expectation_fails(changed, lab_test, keys, test):
    file = changed / "keyword_spotting.json"
    variables = json.loads(file.read_text())
    place = variables
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = 0
    file.write_text(json.dumps(variables))
    assert not_passed(lab_test(changed / "keyword_spotting.robot", "--test", test)).keys() == {test}


def test_a_folder_that_is_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert main(["export", "keyword-spotting", str(tmp_path / "file")]) == 3
    assert "not-writable" in capsys.readouterr().err


@pytest.fixture
def only_decided(monkeypatch):
    """Has the host decide for that label, whatever it hears."""
    expect = Host.expect

    def decide(label: str) -> None:
        monkeypatch.setattr(Host, "expect", lambda host, samples: replace(expect(host, samples), decided=label))

    return decide


def test_a_label_that_the_model_never_decides_for_is_left_out_and_told(tmp_path, only_decided, capsys):
    only_decided("wing")
    assert main(["export", "gesture-recognition", str(tmp_path)]) == 0
    assert json.loads((tmp_path / "gesture_recognition.json").read_text())["RECORDINGS"].keys() == {"wing"}
    said = capsys.readouterr().err
    assert "no recording of ring: the model decides for it on none of them" in said
    assert "no recording of wing" not in said


@pytest.mark.produces("nothing-to-export")
def test_a_model_that_is_never_right_is_refused(tmp_path, only_decided, capsys):
    only_decided("nothing")
    assert main(["export", "gesture-recognition", str(tmp_path / "exported")]) == 2
    assert not (tmp_path / "exported").exists()


class TestScripts:
    """The script beside a board's description, without which there is nothing to export."""

    @pytest.fixture
    def board(self, tmp_path):
        (tmp_path / "nano33ble.repl").touch()
        return target.load("nano33ble").model_copy(update={"folder": tmp_path})

    def test_a_board_without_one_is_refused(self, board):
        with pytest.raises(ConfigurationError, match=r"nano33ble\.resc cannot be read: it does not exist\."):
            export.script_of(board, workload.load("keyword-spotting").input)

    @pytest.mark.produces("script-without-sensor")
    def test_one_that_feeds_another_sensor_alone_is_refused(self, board):
        script = ["# $motion is not for this board", "$motion?=@nothing", "sysbus.pdm SetInputFile $audio"]
        (board.folder / "nano33ble.resc").write_text("\n".join(script))
        export.script_of(board, workload.load("keyword-spotting").input)
        with pytest.raises(ConfigurationError, match=r"nano33ble\.resc gives no sensor what is in \$motion\."):
            export.script_of(board, workload.load("gesture-recognition").input)
