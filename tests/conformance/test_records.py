"""The built-in engine does what a real Renode did, as the records that ship tell."""

from __future__ import annotations

import json

import pytest

from lab import cli
from lab.conformance import compiling, probe, record
from lab.target import load
from tests.conformance import records

RUNS = [(file, run) for file in records.FILES for run in record.read(file).runs if run.elf is not None]


@pytest.mark.parametrize("file", records.FILES, ids=lambda file: file.stem)
def test_nothing_differs_from_what_renode_did(file, capsys):
    assert cli.main(["conformance", "--against", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "equal"
    compared = [outcome["name"] for outcome in found["outcomes"] if outcome["status"] in ("equal", "stricter")]
    assert set(compared) >= {run.name for run in record.read(file).runs if run.elf is not None}


@pytest.mark.parametrize(("file", "run"), RUNS, ids=lambda value: getattr(value, "name", ""))
def test_a_recorded_probe_is_made_from_the_sources_that_are_here(file, run):
    target = load(run.target)
    assert run.sources == compiling.sources(target, run.name)
    assert run.seconds == probe.of(target)[run.name].seconds


@pytest.mark.parametrize("target", sorted({run.target for _, run in RUNS}))
def test_every_probe_is_listed_and_in_a_record(target):
    listed = probe.of(load(target))
    assert {file.stem for file in probe.folder(load(target)).glob("*.c")} == set(listed)
    assert {run.name for _, run in RUNS if run.target == target} == set(listed)
