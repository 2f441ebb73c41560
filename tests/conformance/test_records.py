"""The built-in engine does what a real Renode did, as the records that ship tell."""

from __future__ import annotations

import json

import pytest

from lab import target, workload
from lab.conformance import compiling, probe, record
from tests.conformance import records

WORKLOADS = sorted(
    {(file, run.firmware) for file in records.FILES for run in record.read(file).runs if run.elf is None}
)
RUNS = [(file, run) for file in records.FILES for run in record.read(file).runs if run.elf is not None]


@pytest.mark.parametrize("file", records.FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_nothing_differs_from_what_renode_did(file, conformance):
    probes = [run.name for run in record.read(file).runs if run.elf is not None]
    code, said, _ = conformance("--against", file, "--json", *(word for name in probes for word in ("--probe", name)))
    found = json.loads(said)
    assert (code, found["verdict"]) == (0, "equal")
    assert [one["name"] for one in found["outcomes"] if one["status"] in ("equal", "stricter")] == probes


@pytest.mark.parametrize(
    ("file", "name"),
    WORKLOADS,
    ids=lambda value: value if isinstance(value, str) else f"{value.parent.name}-{value.stem}",
)
def test_the_labs_own_firmware_is_compared_whatever_became_of_its_image(file, name, conformance):
    code, said, _ = conformance("--against", file, "--json", "--probe", name)
    statuses = [one["status"] for one in json.loads(said)["outcomes"]]
    assert (code, len(statuses)) == (0, sum(run.firmware == name for run in record.read(file).runs)), said
    assert set(statuses) <= {"equal", "equal by name"}


@pytest.mark.parametrize("board", target.names())
def test_the_labs_own_firmware_is_recorded_with_each_sensor_that_it_has_on_a_board(board):
    recorded = {workload.load(name).input.sensor for file, name in WORKLOADS if file.parent.name == board}
    used = (one for one in map(workload.load, workload.names()) if board in one.targets)
    assert recorded == {one.input.sensor for one in used}


@pytest.mark.parametrize(("file", "run"), RUNS, ids=lambda value: getattr(value, "name", ""))
def test_a_recorded_probe_is_made_from_the_sources_that_are_here(file, run):
    board = target.load(run.target)
    assert run.sources == compiling.sources(board, run.name)
    assert run.seconds == probe.of(board)[run.name].seconds


@pytest.mark.parametrize("board", sorted({run.target for _, run in RUNS}))
def test_every_probe_is_listed_and_in_a_record(board):
    listed = probe.of(target.load(board))
    assert {file.stem for file in probe.folder(target.load(board)).glob("*.c")} == set(listed)
    assert {run.name for _, run in RUNS if run.target == board} == set(listed)


def test_the_headers_that_a_probe_includes_are_part_of_its_sources(tmp_path, monkeypatch):
    monkeypatch.setattr(probe, "folder", lambda _target: tmp_path)
    files = {
        "one.c": '#include "outer.h"\n',
        "outer.h": '#include <stdint.h>\n# include "inner.h"\n',
        "inner.h": '#include "outer.h"\n',
        "other.h": "",
        "probe.ld": "",
    }
    found = {}
    for changed in ("", *files):
        for name, text in files.items():
            (tmp_path / name).write_text(text + ("int more;\n" if name == changed else ""))
        found[changed] = compiling.sources(target.load("nano33ble"), "one")
    assert {name for name in files if found[name] != found[""]} == files.keys() - {"other.h"}
