from __future__ import annotations

import json

import pytest

from lab import cli
from lab.engines.builtin import BuiltinEngine
from lab.engines.renode.installation import Installation
from tests.conformance import records
from tests.renode.conftest import real_renode

__all__ = ["real_renode"]


@pytest.fixture
def conformance(capsys):
    """Calls `lab conformance` with those arguments: exit code, standard output, standard error."""

    def call(*arguments):
        code = cli.main(["conformance", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def edited(tmp_path):
    """Makes a record with one probe's run in it, changed by a function."""

    def edit(name, change):
        content = json.loads(records.NEWEST.read_text())
        content["runs"] = [run for run in content["runs"] if run["name"] == name]
        change(content["runs"][0])
        file = tmp_path / "edited.json"
        file.write_text(json.dumps(content))
        return file

    return edit


@pytest.fixture
def double(monkeypatch, tmp_path):
    """A Renode 9.9.9 that is the built-in engine in truth."""

    class Double(BuiltinEngine):
        name = "renode"
        version = "9.9.9"

    found = Installation(tmp_path / "renode", "9.9.9", "the test", "9.9.9+double", "Renode 9.9.9 is a double.")
    monkeypatch.setattr("lab.engines.renode.installation.find", lambda _named=None: found)
    monkeypatch.setattr("lab.engines.renode.engine.RenodeEngine", lambda _found: Double())
