"""The built-in engine does what a real Renode did, as the records that ship tell."""

from __future__ import annotations

import json

import pytest

from lab.conformance import compiling, probe, record
from lab.target import load
from tests.conformance import records

RUNS = [(file, run) for file in records.FILES for run in record.read(file).runs if run.elf is not None]


@pytest.mark.parametrize("file", records.FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_nothing_differs_from_what_renode_did(file, conformance):
    probes = [run.name for run in record.read(file).runs if run.elf is not None]
    code, said, _ = conformance("--against", file, "--json", *(word for name in probes for word in ("--probe", name)))
    found = json.loads(said)
    assert (code, found["verdict"]) == (0, "equal")
    assert [one["name"] for one in found["outcomes"] if one["status"] in ("equal", "stricter")] == probes


def test_the_labs_own_firmware_is_compared_as_long_as_it_is_the_recorded_image(conformance):
    code, said, error = conformance("--against", records.NEWEST, "--json", "--probe", "keyword-spotting")
    if code == 2:
        assert "recorded of another image" in error  # firmware or model went on since: record anew
    else:
        assert (code, {one["status"] for one in json.loads(said)["outcomes"]}) == (0, {"equal"})


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
