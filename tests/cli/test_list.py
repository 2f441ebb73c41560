"""`lab list`: what is there, and why something of it is not ready."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.cli import main
from tests import fake_project

BOARD = "renode_platforms/nano33ble"
TABLES = "renode_platforms/cost_models"


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    made = fake_project.make(tmp_path / "project")
    monkeypatch.setenv("LAB_PROJECT", str(made))
    return made


def listed(capsys, kind: str) -> dict[str, dict[str, object]]:
    """The rows of one kind, by name."""
    assert main(["list", "--json"]) == 0
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)[kind]}


def test_it_shows_the_same_as_a_table_and_as_json(capsys):
    assert main(["list", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.keys() == {"project", "workloads", "targets", "engines"}
    assert main(["list"]) == 0
    shown = capsys.readouterr().out
    assert found.pop("project") in shown
    for entries in found.values():
        assert all(entry["name"] in shown for entry in entries)


def test_it_names_an_engine_that_is_not_there_and_how_to_get_it(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("RENODE_PATH", str(tmp_path / "nowhere"))
    assert main(["list", "--json"]) == 0
    builtin, renode = json.loads(capsys.readouterr().out)["engines"]
    assert (builtin["name"], builtin["ready"]) == ("builtin", True)
    assert (renode["name"], renode["ready"]) == ("renode", False)
    assert "RENODE_PATH" in renode["note"]


def test_it_names_what_a_workload_lacks(project, capsys):
    words = listed(capsys, "workloads")["keyword-spotting"]
    assert not words["ready"]
    assert words["note"] == "missing: keyword_spotting.tflite, recordings"


def test_it_names_a_description_that_a_target_lacks(project, capsys):
    (project / BOARD / "nano33ble.repl").unlink()
    row = listed(capsys, "targets")["nano33ble"]
    assert (row["ready"], row["note"]) == (False, "missing: nano33ble.repl")


@pytest.mark.parametrize(
    ("file", "changed", "says"),
    [
        (
            f"{TABLES}/cortex-m4.toml",
            None,
            f"{BOARD}/target.toml: cost_model: There is no cost model named 'cortex-m4'",
        ),
        (f"{TABLES}/cortex-m4.toml", "name = ", f"{TABLES}/cortex-m4.toml is not valid TOML"),
        (f"{TABLES}/cortex-m4.toml", "nme = 'a'", f"{TABLES}/cortex-m4.toml:1: nme: there is no such key"),
        (f"{TABLES}/memories/nrf52840.toml", None, "memory_model: There is no memory model named 'nrf52840'"),
        (f"{TABLES}/memories/nrf52840.toml", "[", f"{TABLES}/memories/nrf52840.toml is not valid TOML"),
        (f"{BOARD}/own.toml", None, f"{BOARD}/own.toml cannot be read: No such file or directory"),
        (f"{BOARD}/own.toml", "tables = 'a'\nfactor = 20\nfigures = 1", f"{BOARD}/own.toml:2: factor: Input"),
        (f"{BOARD}/own.toml", "tables = 'a'\nfactor = 1.1\nfigures = 1", "own.toml is of cycles by 'a', and the"),
        (f"{BOARD}/target.toml", "title", f"{BOARD}/target.toml is not valid TOML"),
    ],
)
def test_a_target_of_which_a_file_cannot_be_used_is_not_ready_and_says_why(
    project, capsys, monkeypatch, file, changed, says
):
    board = project / BOARD / "target.toml"
    if file.endswith("own.toml"):
        board.write_text('calibration = "own.toml"\n' + board.read_text(encoding="utf-8"), encoding="utf-8")
    if changed is None:
        (project / file).unlink(missing_ok=True)
    else:
        (project / file).write_text(changed, encoding="utf-8")
    rows = listed(capsys, "targets")
    assert not rows["nano33ble"]["ready"]
    assert says in str(rows["nano33ble"]["note"])
    assert rows["esp32c3"]["note"] != rows["nano33ble"]["note"]
    monkeypatch.setenv("COLUMNS", "1000")
    assert main(["list"]) == 0
    assert says in capsys.readouterr().out


def test_a_workload_that_cannot_be_read_is_not_ready_and_says_why(project, capsys):
    (project / "models/keyword-spotting/workload.toml").write_text("title = 1", encoding="utf-8")
    row = listed(capsys, "workloads")["keyword-spotting"]
    assert (row["ready"], row["targets"]) == (False, [])
    assert "keyword-spotting/workload.toml" in str(row["note"])
    assert main(["list"]) == 0
