"""Traces that a project keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.cli import main
from lab.errors import ConfigurationError, UnknownName
from lab.replaying import regressions

WHOLE = 'trace = "t.wav"\nworkload = "keyword-spotting"\nexpect = ["yes@2"]\n'


def written(folder: Path, text: str) -> Path:
    (folder / "t.wav").touch()
    file = folder / "lost-yes.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_says_a_replay(tmp_path: Path):
    loaded = regressions.load(written(tmp_path, WHOLE + 'from = 1.5\ntargets = ["nano33ble"]\nbecause = "a door"\n'))
    assert (loaded.name, loaded.from_s, loaded.to_s, loaded.because) == ("lost-yes", 1.5, None, "a door")
    assert loaded.boards == ("nano33ble",)


def test_without_boards_it_is_for_each_of_the_workload(tmp_path: Path):
    assert len(regressions.load(written(tmp_path, WHOLE)).boards) == 3


@pytest.mark.produces("trace-missing")
def test_a_trace_that_is_not_there(tmp_path: Path):
    with pytest.raises(ConfigurationError, match=r"lost-yes.toml:1: there is no trace other.wav"):
        regressions.load(written(tmp_path, WHOLE.replace("t.wav", "other.wav")))


@pytest.mark.produces("trace-expects-nothing")
def test_what_expects_nothing(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="nothing is expected"):
        regressions.load(written(tmp_path, WHOLE.replace('expect = ["yes@2"]', "")))


def test_an_unknown_workload_is_named_with_its_line(tmp_path: Path):
    with pytest.raises(UnknownName, match=r"lost-yes.toml:2: .*keyword-spoting"):
        regressions.load(written(tmp_path, WHOLE.replace("keyword-spotting", "keyword-spoting")))


def test_a_project_without_traces_has_nothing_to_replay(capsys):
    assert main(["run", "--traces"]) == 2
    assert "There is no trace to replay" in capsys.readouterr().err


def test_options_of_recordings_are_refused(capsys):
    assert main(["run", "--traces", "--mode", "stream"]) == 2
    assert "With --traces --mode has no meaning" in capsys.readouterr().err
